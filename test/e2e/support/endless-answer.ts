import { answerEvents, type AnswerPart, type Script, type StreamEvent } from '#assistant';

/** Steps of one turn: less than the server allows. */
const MOST_STEPS = 22;
const WORDS_A_STEP = 110;
const kinds = ['plain', 'bold', 'code', 'list', 'heading', 'paragraph'] as const;

/**
 * What the model says while a test goes on: numbered words with Markdown in it, thoughts, and a tool call at the end of each
 * step, until `finish`. No word comes twice, so that one that is missing, repeated or out of place is seen. `hold` makes it
 * fall silent in the middle of whatever it says.
 */
export class EndlessAnswer {
  private words = 0;
  private pages = 0;
  private isFinished = false;
  private released: Promise<void> = Promise.resolve();
  private release: () => void = () => undefined;

  constructor(private readonly speed = 40) {}

  readonly script: Script = ({ messages }) => {
    const asked = messages.findLastIndex(
      ({ role, content }) =>
        role === 'user' &&
        (typeof content === 'string' || content.every(({ type }) => type !== 'tool_result')),
    );
    const step = (messages.length - 1 - asked) / 2;
    const isLast = this.isFinished || step >= MOST_STEPS;
    const parts: AnswerPart[] = [
      ...(step % 3 === 0 ? [{ thinking: this.say(12) }] : []),
      { text: this.say(WORDS_A_STEP) },
      ...(isLast ? [] : [this.call(step)]),
    ];
    return { kind: 'stream', speed: this.speed, items: this.paced(answerEvents(parts)) };
  };

  hold(): void {
    this.released = new Promise((resolve) => (this.release = resolve));
  }

  goOn(): void {
    this.release();
  }

  /** The step that is being said is the last, or the one after it. */
  finish(): void {
    this.isFinished = true;
    this.goOn();
  }

  /** For the turn that is asked next. */
  beginAgain(): void {
    this.isFinished = false;
  }

  private async *paced(events: StreamEvent[]): AsyncGenerator<StreamEvent> {
    for (const event of events) {
      await this.released;
      yield event;
    }
  }

  private call(step: number): AnswerPart {
    if (step % 2 === 1) return { tool: 'Glob', input: { pattern: `*${this.pages}*` } };
    this.pages += 1;
    const content = `<h1>${this.say(8)}</h1>\n<p>${this.say(8)}</p>\n`;
    return { tool: 'Write', input: { file_path: `page-${this.pages}.html`, content } };
  }

  private say(count: number): string {
    const parts = Array.from({ length: count }, () => {
      this.words += 1;
      const word = `wort${this.words}é漢`;
      switch (kinds[this.words % 13 === 0 ? (this.words / 13) % kinds.length : 0]) {
        case 'bold':
          return `**${word}**`;
        case 'code':
          return `\`${word}\``;
        case 'list':
          return `\n\n- ${word}`;
        case 'heading':
          return `\n\n## ${word}\n\n`;
        case 'paragraph':
          return `${word}.\n\n`;
        default:
          return word;
      }
    });
    return parts.join(' ').trim();
  }
}
