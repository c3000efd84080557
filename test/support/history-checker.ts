import { isDeepStrictEqual } from 'node:util';

/** One event as any reader sees it; `eventId`, and `bytes` (its data as it is stored), where the reader has them. */
export type SeenEvent = {
  seq: number;
  type: string;
  data: unknown;
  at?: string;
  eventId?: string;
  bytes?: string;
};

/** Everything that a fault test knows about one stream. */
export type History = {
  streamId: string;
  /** The log itself, read when all is quiet, by rows of the table. */
  log: readonly SeenEvent[];
  /** What appends were told: each of these was acknowledged as committed. */
  acked?: readonly { seq: number; eventId?: string; bytes?: string }[];
  /** What one client saw, in its order, over one or more connections; `after` is the cursor that it began at. */
  reads?: readonly { client: string; after: number; events: readonly SeenEvent[] }[];
  /** What a client was shown as positions (heads, resource `seq`s), in its order. */
  positions?: readonly { client: string; seqs: readonly number[] }[];
  /** A read model at a seq, and the independent fold of events[1..seq]. */
  projections?: readonly { name: string; seq: number; rows: unknown; folded: unknown }[];
  /** The stream is expected to have no open turn any more (default true). */
  settled?: boolean;
};

/** One broken promise, in words. */
export type Violation = {
  rule: 'acked' | 'gapless' | 'whole' | 'prefix' | 'monotonic' | 'projection' | 'one-terminal-event';
  detail: string;
};

const TERMINAL = new Set(['TurnCompleted', 'TurnFailed', 'TurnCancelled', 'TurnInterrupted']);

/** Every way in which the history breaks a promise; none when it is sound. */
export function checkHistory(history: History): Violation[] {
  return [
    ...gapless(history),
    ...ackedInLog(history),
    ...readsArePrefixes(history),
    ...monotonic(history),
    ...projectionsAreFolds(history),
    ...oneTerminalEvent(history),
  ].map(({ rule, detail }) => ({ rule, detail: `stream ${history.streamId}: ${detail}` }));
}

/** @throws with every violation, when there is one. */
export function expectSoundHistory(history: History): void {
  const violations = checkHistory(history);
  if (violations.length === 0) return;
  throw new Error(violations.map(({ rule, detail }) => `[${rule}] ${detail}`).join('\n'));
}

/** seq 1..n, each once, in order; times never fall. */
function gapless({ log }: History): Violation[] {
  return log.flatMap((event, index) => {
    const before = log[index - 1];
    if (event.seq !== index + 1)
      return [{ rule: 'gapless' as const, detail: `place ${index + 1} holds seq ${event.seq}` }];
    if (before?.at !== undefined && event.at !== undefined && event.at < before.at) {
      return [{ rule: 'gapless' as const, detail: `the time falls at seq ${event.seq}` }];
    }
    return [];
  });
}

/** Both are known, and they are not the same. */
const differs = (one: unknown, other: unknown): boolean =>
  one !== undefined && other !== undefined && one !== other;

function ackedInLog({ log, acked = [] }: History): Violation[] {
  const bySeq = new Map(log.map((event) => [event.seq, event]));
  return acked.flatMap(({ seq, eventId, bytes }) => {
    const found = bySeq.get(seq);
    const detail = !found
      ? `seq ${seq} was acknowledged and is not in the log`
      : differs(eventId, found.eventId)
        ? `seq ${seq} was acknowledged as event ${eventId} and is ${found.eventId}`
        : differs(bytes, found.bytes)
          ? `seq ${seq} was acknowledged with other bytes than it has`
          : undefined;
    return detail === undefined ? [] : [{ rule: 'acked' as const, detail }];
  });
}

/** Units that are in the logs in part: `events` are of all streams, each naming its unit and how many events that has. */
export function checkUnits(events: readonly { unit: string; of: number }[]): Violation[] {
  const found = new Map<string, { of: number; count: number }>();
  for (const { unit, of } of events) {
    const { count } = found.get(unit) ?? { count: 0 };
    found.set(unit, { of, count: count + 1 });
  }
  return [...found]
    .filter(([, { of, count }]) => count !== of)
    .map(([unit, { of, count }]) => ({ rule: 'whole', detail: `unit ${unit}: ${count} of ${of} events` }));
}

/** What a client reads after its cursor is the log after it, without a gap, and never something else. */
function readsArePrefixes({ log, reads = [] }: History): Violation[] {
  const bySeq = new Map(log.map((event) => [event.seq, event]));
  return reads.flatMap(({ client, after, events }) =>
    events.flatMap((event, index) => {
      const expected = after + index + 1;
      const logged = bySeq.get(event.seq);
      const detail =
        event.seq !== expected
          ? `expected seq ${expected}, got ${event.seq}`
          : logged === undefined
            ? `seq ${event.seq} is not in the log`
            : isDeepStrictEqual([event.type, event.data], [logged.type, logged.data])
              ? undefined
              : `seq ${event.seq} differs from the log`;
      return detail === undefined ? [] : [{ rule: 'prefix' as const, detail: `${client}: ${detail}` }];
    }),
  );
}

function monotonic({ positions = [] }: History): Violation[] {
  return positions.flatMap(({ client, seqs }) =>
    seqs.flatMap((seq, index) => {
      const before = seqs[index - 1] ?? 0;
      return seq < before
        ? [{ rule: 'monotonic' as const, detail: `${client} saw ${before}, then ${seq}` }]
        : [];
    }),
  );
}

function projectionsAreFolds({ projections = [] }: History): Violation[] {
  return projections
    .filter(({ rows, folded }) => !isDeepStrictEqual(rows, folded))
    .map(({ name, seq }) => ({
      rule: 'projection',
      detail: `${name} at seq ${seq} is not the fold of the events up to it`,
    }));
}

/** One for each requested turn, after its request; two turns are never open at once. */
function oneTerminalEvent({ log, settled = true }: History): Violation[] {
  const turns = new Map<string, number>();
  const found: string[] = [];
  for (const event of log) {
    const turnId = (event.data as { turnId?: string } | null)?.turnId;
    if (turnId === undefined) continue;
    if (event.type === 'TurnRequested') {
      if ([...turns.values()].includes(0)) found.push(`turn ${turnId} was requested while another was open`);
      turns.set(turnId, 0);
    } else if (TERMINAL.has(event.type)) {
      const ends = turns.get(turnId);
      if (ends === undefined) found.push(`turn ${turnId} ended and was never requested`);
      turns.set(turnId, (ends ?? 0) + 1);
    }
  }
  for (const [turnId, ends] of turns) {
    if (ends > 1) found.push(`turn ${turnId} has ${ends} terminal events`);
    if (ends === 0 && settled) found.push(`turn ${turnId} has no terminal event`);
  }
  return found.map((detail) => ({ rule: 'one-terminal-event', detail }));
}
