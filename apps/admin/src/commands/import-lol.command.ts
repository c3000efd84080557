import { Command, Option } from 'nest-commander';
import { AdminAudit } from '#admin';
import type { Principal } from '#conversations';
import { type ExitCode, exitCodes } from '../cli/exit-codes.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { UsageError } from '../cli/usage-error.js';
import { LolImport, type LolReport } from '../import-lol/lol-import.js';
import { LolSource } from '../import-lol/lol-source.js';
import { administrator } from '../session/administrator.js';
import { Sessions } from '../session/sessions.js';

type ImportLolOptions = { dryRun?: boolean };

/** The one owner of this installation: whoever opens the app. */
const OWNER: Principal = { tenantId: 'local', userId: 'owner', scopes: ['*'] };

@Command({
  name: 'import-lol',
  arguments: '<postgres-url>',
  argsDescription: { 'postgres-url': "the LOL app's own database; it is only read" },
  description:
    "takes the LOL app's conversations, messages and projects into the log; repeating it adds what came since",
})
export class ImportLolCommand extends LolCommand<ImportLolOptions> {
  protected override readonly example = 'npm run lol -- import-lol postgres://lol:…@localhost/lol --dry-run';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  @Option({ flags: '--dry-run', description: 'look and count, and add nothing' })
  protected dryRun(): boolean {
    return true;
  }

  protected async execute(
    [url = '']: string[],
    { dryRun = false }: ImportLolOptions,
    cli: Cli,
  ): Promise<ExitCode> {
    if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
      throw new UsageError('<postgres-url> must be a URL that starts with postgres://');
    const source = await LolSource.open(url);
    try {
      return await this.import(source, new URL(url), dryRun, cli);
    } finally {
      await source.close();
    }
  }

  private import(source: LolSource, { host, pathname }: URL, dryRun: boolean, cli: Cli): Promise<ExitCode> {
    const { output, signal } = cli;
    return this.sessions.use({ command: 'import-lol', create: !dryRun }, async (session) => {
      const total = (await source.count('projects')) + (await source.count('conversations'));
      const progress = output.progress('import');
      const onProgress = (rows: number): void => progress.update(rows, total);
      const work = new LolImport(session, source, { principal: OWNER, dryRun, signal, onProgress });
      // the URL's password is nobody's to read in the audit
      const deed = { action: 'import', target: `${host}${pathname}`, parameters: { from: 'lol' } } as const;
      const report = await (
        dryRun ? work.run() : session.get(AdminAudit).act(administrator(), deed, () => work.run())
      ).finally(() => progress.end());
      output.result({ dryRun, ...report }, reportLines(report, dryRun));
      return report.left.length > 0 ? exitCodes.problem : exitCodes.fine;
    });
  }
}

function reportLines(report: LolReport, dryRun: boolean): string[] {
  const { projects, conversations, messages, changed, unchanged, left } = report;
  return [
    ...left.map(({ table, id, reason }) => `${table} ${id}: ${reason}`),
    `${dryRun ? 'would take' : 'took'} ${projects} projects, ${conversations} conversations, ${messages} messages; ` +
      `${changed} messages changed since, ${unchanged} projects and conversations were here as they are, ${left.length} rows were left`,
  ];
}
