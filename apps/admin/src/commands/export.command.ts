import { createWriteStream } from 'node:fs';
import { PassThrough, type Writable } from 'node:stream';
import { Command, Option } from 'nest-commander';
import { AdminAudit } from '#admin';
import { Exports } from '#archive';
import { asId } from '../cli/arguments.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { size } from '../cli/table.js';
import { UsageError } from '../cli/usage-error.js';
import { writeMarkdown } from '../export/write-markdown.js';
import { administrator } from '../session/administrator.js';
import { Sessions } from '../session/sessions.js';

const formats = ['ndjson', 'markdown'] as const;
type ExportOptions = { format?: (typeof formats)[number]; output?: string };

@Command({
  name: 'export',
  arguments: '<id>',
  argsDescription: { id: 'the id of a conversation or a project' },
  description:
    'writes one conversation or project: every event as NDJSON, to be imported elsewhere, or as Markdown to read',
})
export class ExportCommand extends LolCommand<ExportOptions> {
  protected override readonly example =
    'npm run lol -- export 0192f0c8-8a5e-7cc0-b2c4-3a4f2a1d9e10 -o talk.ndjson';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  @Option({ flags: '--format <format>', description: 'ndjson (default) or markdown' })
  protected format(value: string): string {
    if ((formats as readonly string[]).includes(value)) return value;
    throw new UsageError(`--format must be ${formats.join(' or ')}, not ${JSON.stringify(value)}`);
  }

  @Option({ flags: '-o, --output <file>', description: 'where to (default: the standard output)' })
  protected output(value: string): string {
    return value;
  }

  protected async execute([name]: string[], options: ExportOptions, { output, signal }: Cli): Promise<void> {
    const id = asId('<id>', name);
    const { format = 'ndjson', output: file } = options;
    if (output.isJson && file === undefined)
      throw new UsageError('--json needs -o <file>: the standard output cannot hold both');
    await this.sessions.use({ command: 'export' }, async (session) => {
      const sink = file === undefined ? standardOutput(output.out) : createWriteStream(file);
      const deed = { action: 'export', target: id, parameters: { format } } as const;
      const report = await session
        .get(AdminAudit)
        .act<{ events: number; bytes: number }>(administrator(), deed, () =>
          format === 'markdown'
            ? writeMarkdown(session, id, sink, { signal })
            : session.get(Exports).exportStream(id, sink, { signal }),
        );
      if (file === undefined) return;
      output.result({ file, ...report }, [`${report.events} events, ${size(report.bytes)}, in ${file}`]);
    });
  }
}

/** It is not ours to end. */
function standardOutput(out: NodeJS.WriteStream): Writable {
  const through = new PassThrough();
  through.pipe(out, { end: false });
  return through;
}
