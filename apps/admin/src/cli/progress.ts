import { SingleBar } from 'cli-progress';

/** How far a long work is. `total` null: not known. */
export type Progress = {
  update(done: number, total: number | null, note?: string): void;
  /** Takes the bar away, or says the last stand. */
  end(): void;
};

/** On a terminal a bar; elsewhere a line every 5 s; none where nobody reads it. */
export type ProgressKind = 'bar' | 'lines' | 'none';

const EVERY_MS = 5_000;

/** Shows a work's progress on a stream of its own, so that the result alone is on the standard output. */
export function startProgress(kind: ProgressKind, label: string, out: NodeJS.WriteStream): Progress {
  switch (kind) {
    case 'bar':
      return bar(label, out);
    case 'lines':
      return lines(label, out);
    case 'none':
      return { update: () => undefined, end: () => undefined };
    default:
      return kind satisfies never;
  }
}

/** `1 h 02 min`, `3 min 20 s`, `12 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** A rate over the whole time, and what is left at that rate. */
export class Pace {
  private readonly begun = performance.now();
  private first: number | null = null;

  /** Work that was done before this began (`first` of the first call) does not count. */
  text(done: number, total: number | null): string {
    this.first ??= done;
    const seconds = (performance.now() - this.begun) / 1_000;
    const rate = seconds > 0 ? (done - this.first) / seconds : 0;
    const left = total === null || rate <= 0 ? '' : `, ${duration((total - done) / rate)} left`;
    return `${Math.round(rate).toLocaleString('en')}/s${left}`;
  }
}

function bar(label: string, out: NodeJS.WriteStream): Progress {
  const pace = new Pace();
  let shown: SingleBar | undefined;
  return {
    update: (done, total, note = '') => {
      const payload = { note, pace: pace.text(done, total) };
      if (!shown) {
        const format = `  ${label} {bar} {value}/{total} {pace} {note}`;
        shown = new SingleBar({
          format,
          stream: out,
          clearOnComplete: true,
          hideCursor: true,
          barsize: 24,
          fps: 5,
        });
        shown.start(total ?? done, done, payload);
      }
      shown.setTotal(Math.max(total ?? done, done));
      shown.update(done, payload);
    },
    end: () => shown?.stop(),
  };
}

function lines(label: string, out: NodeJS.WriteStream): Progress {
  const pace = new Pace();
  let due = performance.now() + EVERY_MS;
  return {
    update: (done, total, note = '') => {
      const text = pace.text(done, total);
      if (performance.now() < due) return;
      due = performance.now() + EVERY_MS;
      const of = total === null ? '' : ` of ${total.toLocaleString('en')}`;
      out.write(`${label}: ${done.toLocaleString('en')}${of}, ${text}${note === '' ? '' : `, ${note}`}\n`);
    },
    end: () => undefined,
  };
}
