import { Command } from 'nest-commander';
import { AdminAudit } from '#admin';
import { Backups } from '#archive';
import { archiveProgress, manifestLines } from '../archive/archive-lines.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { administrator } from '../session/administrator.js';
import { Sessions } from '../session/sessions.js';

@Command({
  name: 'backup',
  arguments: '<folder>',
  argsDescription: { folder: 'a new folder, or one of a backup that was cut off: it goes on there' },
  description: 'copies the whole log into a folder, with checksums, while everything runs',
})
export class BackupCommand extends LolCommand {
  protected override readonly example = 'npm run lol -- backup backups/monday';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  protected async execute([folder]: string[], _options: object, { output, signal }: Cli): Promise<void> {
    const target = folder ?? '';
    await this.sessions.use({ command: 'backup' }, async (session) => {
      const { onProgress, end } = archiveProgress(output, 'backup');
      const deed = { action: 'backup', target } as const;
      const report = await session
        .get(AdminAudit)
        .act(administrator(), deed, () => session.get(Backups).backup(target, { onProgress, signal }))
        .finally(end);
      output.result(report, manifestLines(report));
    });
  }
}
