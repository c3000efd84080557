import { Command } from 'nest-commander';
import { AdminAudit } from '#admin';
import { migrate, openDatabase } from '#platform';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { administrator } from '../session/administrator.js';
import { commandConfig } from '../session/command-config.js';
import { Sessions } from '../session/sessions.js';

@Command({
  name: 'migrate',
  description: "brings the schema to this program's; one process at a time, all or nothing",
})
export class MigrateCommand extends LolCommand {
  protected override readonly example = 'DATABASE_URL=postgres://… npm run lol -- migrate';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  protected async execute(_params: string[], _options: object, { output }: Cli): Promise<void> {
    const log = (line: string): void => output.remark(line);
    const database = await openDatabase(commandConfig(), { note: 'lol migrate', log, create: true });
    let applied: string[] = [];
    try {
      ({ applied } = await migrate({ url: database.url }));
    } finally {
      await database.close();
    }
    // before it there may have been no table to record it in
    if (applied.length > 0) await this.record(applied);
    output.result(
      { applied },
      applied.length > 0 ? applied.map((name) => `applied ${name}`) : ['the schema is up to date'],
    );
  }

  private async record(applied: string[]): Promise<void> {
    const deed = { action: 'migrate', target: 'schema', parameters: { applied } } as const;
    await this.sessions.use({ command: 'migrate' }, (session) =>
      session.get(AdminAudit).note(administrator(), deed),
    );
  }
}
