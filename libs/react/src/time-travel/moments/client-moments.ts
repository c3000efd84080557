import type { ChatLogClient } from '#client';
import { currentVersions, type EventType, type LoggedEvent } from '#model';
import type { MomentSource } from './moment-source.js';

/** Events that one request may ask for. */
const PAGE = 1_000;

/** The moments of one conversation, from a client. */
export function clientMoments({ moments }: Pick<ChatLogClient, 'moments'>, id: string): MomentSource {
  return {
    timeline: (signal) => moments.timeline(id, {}, { signal }),
    async state(at, { limit, before, signal }) {
      const { previous, ...state } = await moments.state(id, { at, limit, before }, { signal });
      return { state, prev: previous };
    },
    async events(after, upTo, signal) {
      const found: LoggedEvent[] = [];
      for (let from = after; from < upTo;) {
        const limit = Math.min(PAGE, upTo - from);
        const { items } = await moments.events(id, { after: from, limit }, { signal });
        found.push(...items.map(loggedEvent));
        const last = items.at(-1);
        if (!last) break;
        from = last.seq;
      }
      return found;
    },
  };
}

type WireEvent = Awaited<ReturnType<ChatLogClient['moments']['events']>>['items'][number];

/** The wire carries events in the newest version of their type. */
function loggedEvent({ metadata, ...event }: WireEvent): LoggedEvent {
  const schemaVersion = currentVersions[event.type as EventType] ?? 1;
  return { ...event, schemaVersion, metadata };
}
