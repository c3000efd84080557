import { type Progress, startProgress } from './progress.js';

/** How a command speaks. */
export type OutputOptions = { json?: boolean; quiet?: boolean };

/**
 * Where a command's words go: its result to the standard output, as lines for people or as one JSON value for programs;
 * progress, remarks and errors to the standard error.
 */
export class Output {
  constructor(
    private readonly options: OutputOptions,
    readonly out: NodeJS.WriteStream = process.stdout,
    private readonly err: NodeJS.WriteStream = process.stderr,
  ) {}

  get isJson(): boolean {
    return this.options.json ?? false;
  }

  /** The result of the command, once. */
  result(value: unknown, lines: readonly string[]): void {
    if (this.isJson) this.out.write(`${JSON.stringify(value)}\n`);
    else this.print(lines);
  }

  /** Part of the result while it comes to be: for people alone. */
  line(text: string): void {
    if (!this.isJson) this.out.write(`${text}\n`);
  }

  /** What a person likes to know meanwhile, and a script does not. */
  remark(text: string): void {
    if (!this.options.quiet && !this.isJson) this.err.write(`${text}\n`);
  }

  /** What everyone must see. */
  warn(text: string): void {
    this.err.write(`${text}\n`);
  }

  /** The command failed: with `--json` the standard output says so too. */
  failed({ code, message }: { code: string; message: string }): void {
    if (this.isJson) this.out.write(`${JSON.stringify({ error: { code, message } })}\n`);
    this.err.write(`${message}\n`);
  }

  /** Shows how far a long work is, where someone looks. */
  progress(label: string): Progress {
    const kind = this.isJson || this.options.quiet ? 'none' : this.err.isTTY ? 'bar' : 'lines';
    return startProgress(kind, label, this.err);
  }

  private print(lines: readonly string[]): void {
    this.out.write(lines.map((text) => `${text}\n`).join(''));
  }
}
