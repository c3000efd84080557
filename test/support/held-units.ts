import { ClearPayloadCodec, type AppendUnit, type NewEvent } from '#event-log';
import { holdUnit, type HeldUnit } from '../../libs/event-log/src/held-unit.js';
import { commandOf, event, TENANT } from './event-log.js';

/** Stream ids that read well in a test, and sort as they are named. */
export const streamNamed = (name: string): string =>
  `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0')}`;

/** A held unit on the named streams: `{a: 3}` appends one event after seq 3 of stream a. */
export function held(
  heads: Record<string, number>,
  more: Partial<AppendUnit> & { commandId?: string; events?: NewEvent[] } = {},
): HeldUnit {
  const { commandId, events = [event()], ...unit } = more;
  const appends = Object.entries(heads).map(([name, expectedSeq]) => ({
    streamId: streamNamed(name),
    expectedSeq,
    tenantId: TENANT,
    events,
  }));
  const command =
    commandId === undefined ? undefined : commandOf(streamNamed(Object.keys(heads)[0] ?? 'z'), commandId);
  return holdUnit({ appends, command, ...unit }, new ClearPayloadCodec());
}
