import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until it is so; the test's own time limit ends what never comes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}
