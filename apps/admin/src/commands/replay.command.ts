import { Command, Option } from 'nest-commander';
import { EventLog } from '#event-log';
import { DomainRefusal } from '#model';
import { asId, asNumber, asSeq } from '../cli/arguments.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { listenToKeys } from '../replay/replay-keys.js';
import { ReplayPlayer } from '../replay/replay-player.js';
import { ReplayScreen } from '../replay/replay-screen.js';
import { ReplayScript } from '../replay/replay-script.js';
import type { ReplayStep } from '../replay/replay-step.js';
import { Sessions } from '../session/sessions.js';

type ReplayOptions = { at?: number; speed?: number };

const PAGE = 1_000;

@Command({
  name: 'replay',
  arguments: '<conversation>',
  argsDescription: { conversation: 'the id of a conversation' },
  description: 'plays a conversation as it was streamed (space pauses, ← → go a message back or on, q quits)',
})
export class ReplayCommand extends LolCommand<ReplayOptions> {
  protected override readonly example =
    'npm run lol -- replay 0192f0c8-8a5e-7cc0-b2c4-3a4f2a1d9e10 --speed 2';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  @Option({ flags: '--at <seq>', description: 'begin there: what came before is shown at once' })
  protected at(value: string): number {
    return asSeq('--at', value);
  }

  @Option({ flags: '--speed <factor>', description: '2 is twice as fast, 0 is at once (default: 1)' })
  protected speed(value: string): number {
    return asNumber('--speed', value, 0, 1_000);
  }

  protected async execute([id]: string[], options: ReplayOptions, { output, signal }: Cli): Promise<void> {
    const conversationId = asId('<conversation>', id);
    await this.sessions.use({ command: 'replay' }, async (session) => {
      const log = session.get(EventLog);
      const info = await log.info(conversationId);
      if (info?.kind !== 'conversation')
        throw new DomainRefusal('not_found', 404, `there is no conversation ${conversationId}`);
      const { out } = output;
      const screen = new ReplayScreen((text) => void out.write(text), out.isTTY && !process.env.NO_COLOR);
      // with --json each step is a line for programs, and nobody waits
      const { speed = 1, at: from = 0 } = options;
      const player = new ReplayPlayer(screen, { speed, from, signal });
      if (output.isJson) {
        for await (const step of stepsOf(log, conversationId)) out.write(`${JSON.stringify(step)}\n`);
        return;
      }
      const isWatched = process.stdin.isTTY && out.isTTY;
      const deafen = isWatched ? listenToKeys(process.stdin, (key) => player.press(key)) : () => undefined;
      try {
        await player.play(stepsOf(log, conversationId));
      } finally {
        deafen();
      }
    });
  }
}

/** A page is held at a time, however long the conversation is. */
async function* stepsOf(log: EventLog, conversationId: string): AsyncGenerator<ReplayStep> {
  const script = new ReplayScript(conversationId);
  for (let after = 0; ;) {
    const page = await log.read(conversationId, { after, limit: PAGE });
    for (const event of page) yield* script.take(event);
    if (page.length < PAGE) return;
    after = page.at(-1)!.seq;
  }
}
