import { Command } from 'nest-commander';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { Sessions } from '../session/sessions.js';
import { statusLines } from '../status/status-lines.js';
import { statusReport } from '../status/status-report.js';

@Command({
  name: 'status',
  description: 'what runs, how far behind the projections are, what is open, what it takes on the disk',
})
export class StatusCommand extends LolCommand {
  constructor(private readonly sessions: Sessions) {
    super();
  }

  protected override readonly example = 'npm run lol -- status';

  protected async execute(_params: string[], _options: object, { output }: Cli): Promise<void> {
    await this.sessions.use({ command: 'status' }, async (session) => {
      const report = await statusReport(session);
      output.result(report, statusLines(report));
    });
  }
}
