import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { Command } from 'nest-commander';
import { AdminAudit } from '#admin';
import { Exports } from '#archive';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { UsageError } from '../cli/usage-error.js';
import { administrator } from '../session/administrator.js';
import { Sessions } from '../session/sessions.js';

const outcomes = {
  imported: 'imported',
  extended: 'was here in part, and is whole now',
  already_there: 'was here already: nothing was added',
};

@Command({
  name: 'import',
  arguments: '<file>',
  argsDescription: { file: 'an NDJSON export, or - for the standard input' },
  description: 'adds an exported conversation or project, byte for byte; repeating it adds nothing',
})
export class ImportCommand extends LolCommand {
  protected override readonly example = 'npm run lol -- import talk.ndjson';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  protected async execute([file = '']: string[], _options: object, { output, signal }: Cli): Promise<void> {
    if (file !== '-')
      await access(file, constants.R_OK).catch(() => {
        throw new UsageError(`<file>: ${file} cannot be read`);
      });
    await this.sessions.use({ command: 'import', create: true }, async (session) => {
      const from = file === '-' ? process.stdin : createReadStream(file);
      const report = await session
        .get(AdminAudit)
        .act(administrator(), { action: 'import', target: file }, () =>
          session.get(Exports).importStream(from, { signal }),
        );
      const { kind, streamId, outcome, events, blobs } = report;
      output.result(report, [`${kind} ${streamId} ${outcomes[outcome]} (${events} events, ${blobs} files)`]);
    });
  }
}
