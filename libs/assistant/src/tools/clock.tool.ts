import { z } from 'zod';
import type { Tool } from './tool.js';

const input = z.object({
  timeZone: z.string().max(64).optional().describe('IANA name such as Europe/Paris. Default: UTC.'),
});

/** Tells the time. It reads and changes nothing of the project: the smallest tool that makes a whole tool loop. */
export class ClockTool implements Tool<typeof input> {
  readonly name = 'Clock';
  readonly description = 'Tells the current date and time, in UTC or in a time zone.';
  readonly input = input;

  constructor(private readonly now: () => Date = () => new Date()) {}

  execute({ timeZone = 'UTC' }: z.infer<typeof input>): Promise<string> {
    try {
      return Promise.resolve(`${localTime(this.now(), timeZone)} ${timeZone}`);
    } catch (error) {
      if (error instanceof RangeError) return Promise.reject(new Error(`There is no time zone ${timeZone}.`));
      throw error;
    }
  }
}

/** Put together from its parts: whole formats differ between the ICU versions of Node releases. */
function localTime(now: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const part = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  return `${part.weekday} ${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`;
}
