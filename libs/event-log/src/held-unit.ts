import { activeSpan, type SpanPlace, workOrigin, type WorkOrigin } from '#platform';
import { commandName } from './command-name.js';
import { AppendRefused } from './errors.js';
import type { PayloadCodec } from './payload-codec.js';
import { toJson } from './to-json.js';
import type { AppendUnit, NewEvent, StreamAppend } from './types.js';

export type EncodedEvent = Omit<NewEvent, 'data' | 'metadata'> & {
  keyId: string | null;
  data: string;
  metadata: string;
};

/** A stream's part of a unit, as it goes to the database. */
export type HeldPart = {
  streamId: string;
  tenantId: string;
  expectedSeq: number;
  seqFrom: number;
  seqTo: number;
  create: StreamAppend['create'];
  events: EncodedEvent[];
  /** The highest seq of an event that projections read, or null. */
  nonDeltaSeq: number | null;
};

/** A unit that waits for its commit. Its payloads are JSON text already, so that nothing can change them in the meantime. */
export type HeldUnit = {
  unit: AppendUnit;
  parts: HeldPart[];
  /** Tells one command from another; null without a command. */
  commandName: string | null;
  commandResult: string | null;
  snapshotState: string | null;
  /** It touches no table but `events`. */
  onlyDeltas: boolean;
  /** About what the unit weighs in a flush. */
  bytes: number;
  /** When it came, by this process's monotonic clock. */
  heldAt: number;
  /** Whose work it is, for those who go on from its commit, and the span that waits for it. */
  origin: WorkOrigin | null;
  span: SpanPlace | undefined;
};

/** Deltas enter no projection by themselves, so a unit of deltas alone writes no other row. */
const DELTA = 'StreamDeltaReceived';
/** What an event weighs beside its payloads: two ids, a seq, a type. */
const EVENT_BYTES = 96;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Checks a unit and turns it into what is sent. One bad unit would fail the whole flush and cost the others a round of
 * halving, so whatever can be found here is.
 * @throws AppendRefused
 */
export function holdUnit(unit: AppendUnit, codec: PayloadCodec): HeldUnit {
  const { command, snapshot } = unit;
  if (unit.appends.length === 0 && !command) {
    throw new AppendRefused('22023', 'a unit without events needs a command');
  }
  const parts = unit.appends.map((append) => holdPart(append, codec));
  if (new Set(parts.map((part) => part.streamId)).size < parts.length) {
    throw new AppendRefused('22023', 'a unit names a stream once');
  }
  const commandResult = command ? toJson(command.result) : null;
  const snapshotState = snapshot ? toJson(snapshot.state) : null;
  const events = parts.flatMap((part) => part.events);
  const bytes =
    EVENT_BYTES * (events.length + 1) +
    events.reduce((sum, event) => sum + event.data.length + event.metadata.length, 0) +
    (commandResult?.length ?? 0) +
    (snapshotState?.length ?? 0);
  return {
    unit,
    parts,
    commandName: command ? commandName(command) : null,
    commandResult,
    snapshotState,
    onlyDeltas: touchesEventsAlone(unit, parts),
    bytes,
    heldAt: performance.now(),
    origin: isDeltasAlone(unit) ? null : workOrigin(),
    span: isDeltasAlone(unit) ? undefined : activeSpan(),
  };
}

/** A piece of an answer, as thousands come. */
export function isDeltasAlone({ appends, command }: AppendUnit): boolean {
  return !command && appends.every(({ events }) => events.every(({ type }) => type === DELTA));
}

function touchesEventsAlone(unit: AppendUnit, parts: readonly HeldPart[]): boolean {
  const { command, entities = [], openTurn, closeTurn, snapshot } = unit;
  const more = command ?? openTurn ?? closeTurn ?? snapshot;
  return !more && entities.length === 0 && parts.every((part) => part.nonDeltaSeq === null && !part.create);
}

function holdPart(append: StreamAppend, codec: PayloadCodec): HeldPart {
  const streamId = checkedId(append.streamId);
  const { events, expectedSeq, tenantId } = append;
  if (events.length === 0) throw new AppendRefused('22023', 'an append needs an event');
  if (!Number.isSafeInteger(expectedSeq) || expectedSeq < 0) {
    throw new AppendRefused('22003', `${expectedSeq} is no expected seq`);
  }
  if (append.create && (append.create.fork?.lineage.at(-1)?.upTo ?? 0) !== expectedSeq) {
    throw new AppendRefused('22023', 'a new stream begins at 1, a fork where its lineage ends');
  }
  const lastNonDelta = append.unprojected ? -1 : events.findLastIndex((event) => event.type !== DELTA);
  return {
    streamId,
    tenantId,
    expectedSeq,
    seqFrom: expectedSeq + 1,
    seqTo: expectedSeq + events.length,
    create: append.create,
    events: events.map((event) => encode(event, codec, { tenantId, streamId })),
    nonDeltaSeq: lastNonDelta === -1 ? null : expectedSeq + 1 + lastNonDelta,
  };
}

function encode(
  event: NewEvent,
  codec: PayloadCodec,
  context: { tenantId: string; streamId: string },
): EncodedEvent {
  const { keyId, json } = codec.encode(event.data, context);
  return {
    eventId: checkedId(event.eventId),
    type: event.type,
    schemaVersion: event.schemaVersion,
    keyId,
    data: json,
    metadata: toJson(event.metadata),
  };
}

/** The database writes uuids in lower case; so do we, as the buffer compares them as text. */
function checkedId(id: string): string {
  const lower = id.toLowerCase();
  if (!UUID.test(lower)) throw new AppendRefused('22P02', `${id} is no uuid`);
  return lower;
}
