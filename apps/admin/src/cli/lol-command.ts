import { CommandRunner, Option } from 'nest-commander';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { failureOf } from './failure.js';
import { Interruption } from './interruption.js';
import { Output, type OutputOptions } from './output.js';

/** What a running command has: where it speaks, and when it shall stop. */
export type Cli = { output: Output; signal: AbortSignal };

/**
 * A command of `lol`: it gives its result to the output and its outcome as an exit code; what it throws is told in words, with the
 * exit code that it means.
 */
export abstract class LolCommand<Options extends object = object> extends CommandRunner {
  private readonly interruption = new Interruption();

  /** How it is used, for the end of its help. */
  protected abstract readonly example: string;

  /** Does the work. Resolving to nothing is fine. */
  protected abstract execute(params: string[], options: Options, cli: Cli): Promise<ExitCode | void>;

  override setCommand(command: CommandRunner['command']): this {
    // a wrong option is told as a wrong argument is, by whoever runs the program
    command.exitOverride();
    command.showHelpAfterError('(--help shows how it is used)');
    command.addHelpText('after', () => `\nExample:\n  ${this.example}\n`);
    return super.setCommand(command);
  }

  override async run(params: string[], options: Options & OutputOptions): Promise<void> {
    const all: Options & OutputOptions = { ...options, ...this.command.optsWithGlobals() };
    const output = new Output(all);
    this.interruption.start();
    try {
      const { signal } = this.interruption;
      process.exitCode = (await this.execute(params, all, { output, signal })) ?? exitCodes.fine;
    } catch (error) {
      const failure = failureOf(error);
      output.failed(failure);
      process.exitCode = failure.exitCode;
    }
  }

  @Option({ flags: '--json', description: 'the result as JSON, and nothing else, on the standard output' })
  protected json(): boolean {
    return true;
  }

  @Option({ flags: '--quiet', description: 'no progress and no remarks' })
  protected quiet(): boolean {
    return true;
  }
}
