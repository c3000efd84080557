import { Command } from 'nest-commander';
import { AdminAudit } from '#admin';
import { Backups } from '#archive';
import { archiveProgress, manifestLines } from '../archive/archive-lines.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { administrator } from '../session/administrator.js';
import { Sessions } from '../session/sessions.js';

@Command({
  name: 'restore',
  arguments: '<folder>',
  argsDescription: { folder: 'the folder of a backup' },
  description: 'fills an empty database from a backup; checks it whole before the first row',
})
export class RestoreCommand extends LolCommand {
  protected override readonly example = 'CHATLOG_DATA_DIR=fresh npm run lol -- restore backups/monday';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  protected async execute([folder]: string[], _options: object, { output, signal }: Cli): Promise<void> {
    const target = folder ?? '';
    await this.sessions.use({ command: 'restore', create: true }, async (session) => {
      const { onProgress, end } = archiveProgress(output, 'restore');
      const report = await session.get(Backups).restore(target, { onProgress, signal }).finally(end);
      // not before: the log must be empty until then
      const { manifest, resumed, epoch } = report;
      const parameters = { backup: manifest.id, resumed, epoch };
      await session.get(AdminAudit).note(administrator(), { action: 'restore', target, parameters });
      output.result(report, [
        ...manifestLines({ ...report, folder: target }),
        `epoch  ${epoch}: clients that know the old one fetch everything anew`,
        'now    npm run lol -- verify',
      ]);
    });
  }
}
