import { Command } from 'nest-commander';
import { ConfigInvalid, Database } from '#platform';
import { type ExitCode, exitCodes } from '../cli/exit-codes.js';
import { failureOf } from '../cli/failure.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { type Check, fail, ok } from '../doctor/check.js';
import { checkLines } from '../doctor/check-lines.js';
import { configChecks } from '../doctor/config-checks.js';
import { databaseChecks } from '../doctor/database-checks.js';
import { machineChecks } from '../doctor/machine-checks.js';
import { redisChecks } from '../doctor/redis-check.js';
import { serviceChecks } from '../doctor/service-checks.js';
import { commandConfig } from '../session/command-config.js';
import { Sessions } from '../session/sessions.js';

@Command({
  name: 'doctor',
  description:
    'looks at configuration, machine, database, queue and workers, and says what to do about what is wrong',
})
export class DoctorCommand extends LolCommand {
  protected override readonly example = 'npm run lol -- doctor';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  protected async execute(_params: string[], _options: object, { output }: Cli): Promise<ExitCode> {
    const checks = [...configChecks(process.env), ...(await this.around())];
    output.result({ checks }, checkLines(checks));
    return checks.some(({ verdict }) => verdict === 'fail') ? exitCodes.problem : exitCodes.fine;
  }

  /** What the configuration leads to; where it leads nowhere, that is what is wrong. */
  private async around(): Promise<Check[]> {
    try {
      const config = commandConfig();
      const redis = config.redisUrl === undefined ? [] : await redisChecks(config.redisUrl);
      return [...(await machineChecks(config)), ...redis, ...(await this.service())];
    } catch (error) {
      // the settings were told above
      if (error instanceof ConfigInvalid) return [];
      throw error;
    }
  }

  private async service(): Promise<Check[]> {
    try {
      return await this.sessions.use({ command: 'doctor' }, async (session) => [
        ok('schema', 'as this program has it'),
        ...(await databaseChecks(session.get(Database))),
        ...(await serviceChecks(session)),
      ]);
    } catch (error) {
      return [fail('database', failureOf(error).message, 'nothing behind it could be looked at')];
    }
  }
}
