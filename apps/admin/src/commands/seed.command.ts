import { Command, Option } from 'nest-commander';
import { AdminAudit } from '#admin';
import type { Principal } from '#conversations';
import { EventLog } from '#event-log';
import { ProjectCommands } from '#projects';
import { asWhole } from '../cli/arguments.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { UsageError } from '../cli/usage-error.js';
import { BulkSeed } from '../seed/bulk/bulk-seed.js';
import { seedDemo } from '../seed/demo/demo-seed.js';
import { administrator } from '../session/administrator.js';
import { Sessions } from '../session/sessions.js';

type SeedOptions = { conversations?: number; messages?: number };

/** The one owner of this installation: whoever opens the app. */
const OWNER: Principal = { tenantId: 'local', userId: 'owner', scopes: ['*'] };

@Command({
  name: 'seed',
  description:
    'adds a demo worth looking at, or as many made-up conversations as a measurement needs; repeating it adds nothing',
})
export class SeedCommand extends LolCommand<SeedOptions> {
  protected override readonly example =
    'npm run lol -- seed --conversations 430 --messages 20   (about 1,000,000 events)';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  @Option({
    flags: '--conversations <n>',
    description: 'so many made-up ones instead of the demo (97 of 100 events are deltas)',
  })
  protected conversations(value: string): number {
    return asWhole('--conversations', value, 1, 10_000_000);
  }

  @Option({ flags: '--messages <n>', description: 'of each of them (default: 20)' })
  protected messages(value: string): number {
    return asWhole('--messages', value, 1, 1_000_000);
  }

  protected execute(_params: string[], { conversations, messages }: SeedOptions, cli: Cli): Promise<void> {
    if (conversations === undefined && messages !== undefined)
      throw new UsageError('--messages goes with --conversations');
    return conversations === undefined
      ? this.demo(cli)
      : this.bulk({ conversations, messages: messages ?? 20 }, cli);
  }

  private async demo({ output }: Cli): Promise<void> {
    const progress = output.progress('seed');
    output.remark('the demo is really had, with a scripted model: about half a minute');
    const report = await seedDemo(this.sessions, OWNER, (done, total) =>
      progress.update(done, total),
    ).finally(() => progress.end());
    output.result(report, [
      ...report.conversations.map((id) => `npm run lol -- replay ${id}`),
      `${report.conversations.length} conversations in ${report.seconds.toFixed(1)} s`,
    ]);
  }

  private bulk(size: { conversations: number; messages: number }, { output, signal }: Cli): Promise<void> {
    return this.sessions.use({ command: 'seed', create: true }, async (session) => {
      const progress = output.progress('seed');
      const begun = performance.now();
      const seed = new BulkSeed(session.get(EventLog), session.get(ProjectCommands));
      const deed = { action: 'seed', target: 'bulk', parameters: size } as const;
      const report = await session
        .get(AdminAudit)
        .act(administrator(), deed, () =>
          seed.run({ ...size, principal: OWNER, signal }, ({ events }) => progress.update(events, null)),
        )
        .finally(() => progress.end());
      const seconds = (performance.now() - begun) / 1_000;
      const perSecond = Math.round(report.events / seconds);
      output.result({ ...report, seconds, perSecond }, [
        `${report.conversations} conversations, ${report.skipped} were here already`,
        `${report.events.toLocaleString('en')} events (${((100 * report.deltas) / Math.max(1, report.events)).toFixed(1)} % deltas) in ${seconds.toFixed(1)} s: ${perSecond.toLocaleString('en')}/s`,
      ]);
    });
  }
}
