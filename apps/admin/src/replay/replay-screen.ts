import type { ReplayStep } from './replay-step.js';

const [BOLD, DIM, PLAIN] = ['\u001b[1m', '\u001b[2m', '\u001b[0m'];
const CLEAR = '\u001b[2J\u001b[H';

/** Control characters of a conversation must not steer the terminal of whoever looks at it. */
const CONTROL = /(?![\t\n])\p{Cc}/gu;

/** Puts steps one after the other, each kind in its own way; without styles it is plain text. */
export class ReplayScreen {
  private kind: ReplayStep['kind'] | null = null;
  private atLineStart = true;

  constructor(
    private readonly write: (text: string) => void,
    private readonly styled: boolean,
  ) {}

  show({ kind, text: raw }: ReplayStep): void {
    const text = raw.replaceAll(CONTROL, '');
    switch (kind) {
      case 'heading':
        this.ownLine();
        this.put(`${this.kind === null ? '' : '\n'}${this.style(BOLD, text)}\n`);
        break;
      case 'quiet':
        this.ownLine();
        this.put(`${this.style(DIM, text)}\n`);
        break;
      case 'thinking':
        if (this.kind !== 'thinking') this.ownLine();
        this.put(this.style(DIM, text));
        break;
      case 'text':
        if (this.kind === 'thinking' || this.kind === 'quiet') this.ownLine();
        this.put(text);
        break;
      default:
        kind satisfies never;
    }
    this.kind = kind;
  }

  /** An empty screen; only where it is a terminal's. */
  clear(): void {
    this.write(CLEAR);
    [this.kind, this.atLineStart] = [null, true];
  }

  end(): void {
    this.ownLine();
  }

  private ownLine(): void {
    if (!this.atLineStart) this.put('\n');
  }

  private put(text: string): void {
    if (text === '') return;
    this.write(text);
    this.atLineStart = text.endsWith('\n');
  }

  private style(style: string, text: string): string {
    return this.styled && text !== '' ? `${style}${text}${PLAIN}` : text;
  }
}
