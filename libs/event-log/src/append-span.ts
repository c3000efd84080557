import { inSpan } from '#platform';
import { isDeltasAlone } from './held-unit.js';
import type { AppendUnit } from './types.js';

/** The span of an append, from the call to its commit. Deltas have none: spans would be as many as they are. */
export async function inAppendSpan<T>(unit: AppendUnit, submit: () => Promise<T>): Promise<T> {
  if (isDeltasAlone(unit)) return submit();
  const { appends, command } = unit;
  const attributes = {
    'chatlog.stream_id': appends[0]?.streamId ?? command?.streamId ?? '',
    'chatlog.streams': appends.length,
    'chatlog.events': appends.reduce((sum, { events }) => sum + events.length, 0),
  };
  return inSpan('append', attributes, submit);
}
