import { metrics } from '#platform';

const KINDS = {
  input_tokens: 'input',
  output_tokens: 'output',
  cache_read_input_tokens: 'cache_read',
  cache_creation_input_tokens: 'cache_creation',
} as const;

/** Counts what the model said that an answer cost, a cut-off one's too: as much as it had said by then. */
export function countTokens(usage: unknown): void {
  if (typeof usage !== 'object' || usage === null) return;
  for (const [field, kind] of Object.entries(KINDS)) {
    const tokens = (usage as Record<string, unknown>)[field];
    if (typeof tokens === 'number' && tokens > 0) metrics.tokens.inc({ kind }, tokens);
  }
}
