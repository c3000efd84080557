import { answers } from '../../samples/answers.js';
import { assistantFold, foldMessage, applyDelta, type LoggedEvent } from '#model';
import {
  appendLogged,
  newStreamId,
  openProjections,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { Story } from '../../support/story.js';
import { verifyingOn, type Verifying } from '../../support/verifying.js';

let open: ProjectionFixture;
let verifying: Verifying;
beforeAll(async () => {
  open = await openProjections();
  verifying = verifyingOn(open);
});
afterAll(async () => {
  await verifying?.close();
  await open?.close();
});

/** A turn of one answer after another, all tools called as they were asked for. */
function turnOf(all: (keyof typeof answers)[]): LoggedEvent[] {
  const story = new Story().start();
  story.turn('Hi');
  for (const name of all) {
    const raw = answers[name]!;
    const message = foldMessage(raw.reduce(applyDelta, assistantFold.start()))!;
    const id = story.begin();
    story.deltas(...raw);
    story.complete(structuredClone(message));
    for (const block of message.content.filter(({ type }) => type === 'tool_use')) {
      const [call, input] = [String(block.id), block.input as Record<string, string>];
      story.succeed(call, story.call(call, id, input), id, 'done');
    }
  }
  return story.end().events;
}

async function told(change: (events: LoggedEvent[]) => void): Promise<string> {
  const streamId = newStreamId();
  const events = withOwnIds(turnOf(Object.keys(answers)), streamId);
  change(events);
  await appendLogged(open.log, streamId, events);
  expect(await open.runner.project(streamId)).toBe('current');
  return streamId;
}

const dataOf = (event: LoggedEvent | undefined) => event!.data as Record<string, any>;

describe('a deep verification', () => {
  it('folds the deltas of every answer to the message that was stored', async () => {
    const streamId = await told(() => undefined);
    const { findings, report } = await verifying.verify({ streamId, deep: true });
    expect(findings).toEqual([]);
    expect(report.clean).toBe(true);
  });

  it('finds a delta that is another one, which no row shows', async () => {
    let at = 0;
    const streamId = await told((events) => {
      const changed = events.find(({ data }) => dataOf({ data } as LoggedEvent).delta?.type === 'text_delta');
      dataOf(changed).delta.text += ' and more';
      at = events.find(({ seq, type }) => seq > changed!.seq && type === 'AssistantMessageCompleted')!.seq;
    });
    expect((await verifying.verify({ streamId })).findings).toEqual([]);
    const { findings } = await verifying.verify({ streamId, deep: true });
    expect(findings).toMatchObject([{ kind: 'deltas_differ', projection: null, seq: at }]);
    expect(findings[0]?.differences).toMatchObject([{ column: 'message' }]);
    expect(findings[0]?.differences[0]?.expected).toContain('and more');
  });

  it('finds a stop reason, and a missing delta', async () => {
    const stopped = await told((events) => {
      dataOf(events.find(({ type }) => type === 'AssistantMessageCompleted')).stopReason = 'another';
    });
    const { findings } = await verifying.verify({ streamId: stopped, deep: true });
    expect(findings[0]?.differences).toMatchObject([{ column: 'stop_reason', stored: '"another"' }]);
    const missing = await told((events) => {
      const one = events.find(({ data }) => dataOf({ data } as LoggedEvent).delta?.type === 'text_delta');
      one!.data = { type: 'ping' };
    });
    expect((await verifying.verify({ streamId: missing, deep: true })).report.found.deltas_differ).toBe(1);
  });

  it('finds a tool that was called with another input than was asked for', async () => {
    let at = 0;
    const streamId = await told((events) => {
      const call = events.find(({ type }) => type === 'ToolCallStarted');
      at = call!.seq;
      dataOf(call).input = { another: 'input' };
    });
    const { findings } = await verifying.verify({ streamId, deep: true });
    expect(findings).toMatchObject([
      { kind: 'input_differs', seq: at, differences: [{ column: 'input', stored: '{"another":"input"}' }] },
    ]);
  });
});
