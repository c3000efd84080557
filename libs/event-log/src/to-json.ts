import { AppendRefused } from './errors.js';

/** JSON text of a value, lone surrogates escaped. @throws AppendRefused for what JSON cannot hold: undefined, cycles, bigint. */
export function toJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new AppendRefused('22023', `not JSON: ${(error as Error).message}`);
  }
  if (text === undefined) throw new AppendRefused('22023', `not JSON: ${typeof value}`);
  return text;
}
