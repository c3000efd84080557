import { CommandFactory, CommandRunnerService } from 'nest-commander';
import { exitCodes, exitCodesHelp } from './cli/exit-codes.js';
import { failureOf } from './cli/failure.js';
import { LolModule } from './lol.module.js';

const description = 'What an administrator of LOL Chat Log needs: look, prove, repair, move.';

const after = `
Exit codes: ${exitCodesHelp}
Where: DATABASE_URL, else the embedded database of CHATLOG_DATA_DIR, whether \`npm start\` runs on it or not.
For programs: npm run --silent lol -- status --json
Each command's own help has an example: npm run lol -- rebuild --help
`;

type Program = { name(name: string): Program } & Record<
  'description' | 'usage',
  (text: string) => Program
> & {
    option(flags: string, description: string): Program;
    addHelpText(where: 'after', text: string): Program;
    exitOverride(): Program;
  };

/** Runs the command line that this process was started with; resolves to its exit code when everything is closed. */
export async function runLol(): Promise<number> {
  const app = await CommandFactory.createWithoutRunning(LolModule, {
    logger: false,
    serviceErrorHandler: usageFailure,
    helpConfiguration: { sortSubcommands: false },
  });
  const runner = app.get(CommandRunnerService);
  // nest-commander keeps the root command to itself
  const program = (runner as unknown as { commander: Program }).commander;
  program
    .name('lol')
    .usage('<command> [options]')
    .description(description)
    .option('--json', 'the result as JSON, and nothing else, on the standard output')
    .option('--quiet', 'no progress and no remarks')
    .addHelpText('after', after)
    .exitOverride();
  await runner.run();
  await app.close();
  return Number(process.exitCode ?? exitCodes.fine);
}

/** What is wrong with the arguments commander has told already, but for the values of options; help is no error. */
function usageFailure(error: Error): void {
  const { code, exitCode } = error as { code?: string; exitCode?: number };
  if (code?.startsWith('commander.')) {
    process.exitCode = exitCode === 0 ? exitCodes.fine : exitCodes.usage;
    return;
  }
  const failure = failureOf(error);
  process.stderr.write(`${failure.message}\n`);
  process.exitCode = failure.exitCode;
}
