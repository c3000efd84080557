import type { LoggedEvent } from '#model';
import { Story } from '../../../../test/support/story.js';
import { ReplayPlayer } from './replay-player.js';
import { ReplayScreen } from './replay-screen.js';
import { ReplayScript } from './replay-script.js';
import type { ReplayStep } from './replay-step.js';

const text = (words: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: words },
});
const start = { type: 'message_start', message: { content: [] } };
const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };

function storyOfOneTurn(): Story {
  const story = new Story().start('A page');
  story.turn('Build it');
  const answer = story.begin();
  story.deltas(start, block, text('Here '), text('it is.'));
  const row = story.call('t1', answer, { file_path: 'index.html' });
  story.fail('t1', row, answer, 'There is no such file.');
  return story.end();
}

function stepsOf(events: readonly LoggedEvent[]): ReplayStep[] {
  const script = new ReplayScript('00000000-0000-7000-8000-000000000000');
  return events.flatMap((event) => script.take(event));
}

async function played(
  steps: ReplayStep[],
  speed: number,
  from = 0,
): Promise<{ waited: number; shown: string }> {
  const seen = { waited: 0, shown: '' };
  const screen = new ReplayScreen((piece) => (seen.shown += piece), false);
  const sleep = async (ms: number): Promise<void> => void (seen.waited += ms);
  const player = new ReplayPlayer(screen, { speed, from }, sleep);
  await player.play(
    (async function* () {
      yield* steps;
    })(),
  );
  return seen;
}

test('text comes as it arrived, a tool is a quiet line, and what failed says why', async () => {
  const { shown } = await played(stepsOf(storyOfOneTurn().events), 0);
  expect(shown).toBe(
    '# A page\n\nYou\nBuild it\n\nClaude\nHere it is.\n· Clock index.html\n  failed: There is no such file.\n',
  );
});

test('an answer without deltas is shown whole, an event that cannot be read as such', () => {
  const story = new Story().start();
  story.turn('Hi');
  story.begin();
  story.complete({ content: [{ type: 'text', text: 'All at once.' }] });
  const unknown = { ...story.events.at(-1)!, seq: story.state.seq + 1, type: 'SomethingNew' };
  const steps = stepsOf([...story.events, unknown]);
  expect(steps.at(-2)).toMatchObject({ kind: 'text', text: 'All at once.' });
  expect(steps.at(-1)).toMatchObject({ kind: 'quiet', text: expect.stringContaining('SomethingNew') });
});

test('gaps are those of the log, at most a second each, at any speed; what came before the beginning takes none', async () => {
  const steps = [0, 400, 3_600_000, 3_600_100].map((ms, index): ReplayStep => ({
    seq: index + 1,
    at: new Date(ms).toISOString(),
    kind: 'text',
    text: 'a',
  }));
  expect((await played(steps, 1)).waited).toBe(1_500);
  expect((await played(steps, 2)).waited).toBe(750);
  expect((await played(steps, 0)).waited).toBe(0);
  expect((await played(steps, 1, 3)).waited).toBe(1_100);
});

test('what a conversation holds cannot steer the terminal', async () => {
  const hostile: ReplayStep = {
    seq: 1,
    at: new Date(0).toISOString(),
    kind: 'text',
    text: 'a\u001b[2Jb\u0007\u009bc\n',
  };
  expect((await played([hostile], 0)).shown).toBe('a[2Jbc\n');
});
