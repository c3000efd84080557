import type { HeldUnit } from './held-unit.js';
import { commandPositions } from './unit-outcome.js';

type Row = Record<string, unknown>;
/** The rows that a flush writes beside `events`, by table, as `append_units` reads them. */
export type FlushRest = Record<
  'commands' | 'streams' | 'entities' | 'closes' | 'opens' | 'snapshots' | 'pending',
  Row[]
>;

/** Null when the units hold deltas and nothing else: such a flush touches `events` alone. */
export function restOf(units: readonly HeldUnit[]): FlushRest | null {
  if (units.every((held) => held.onlyDeltas)) return null;
  const parts = units.flatMap((held) => held.parts);
  return {
    commands: units.flatMap(commandRow),
    streams: parts.flatMap(({ streamId, seqFrom, create }) =>
      create
        ? [
            {
              stream_id: streamId,
              tenant_id: create.tenantId,
              owner_id: create.ownerId,
              kind: create.kind,
              first_seq: seqFrom,
              parent_id: create.fork?.parentId ?? null,
              lineage: create.fork?.lineage ?? null,
              origin_id: create.fork?.lineage.at(-1)?.streamId ?? null,
            },
          ]
        : [],
    ),
    entities: units.flatMap(({ unit }) =>
      (unit.entities ?? []).map(({ id, streamId, seq }) => ({ id, stream_id: streamId, seq })),
    ),
    closes: units.flatMap(({ unit }) => turnRow(unit.closeTurn)),
    opens: units.flatMap(({ unit }) => turnRow(unit.openTurn)),
    snapshots: lastOf(units.flatMap(snapshotRow), (row) => `${row.stream_id} ${row.reducer_version}`),
    pending: lastOf(
      parts
        .filter((part) => part.nonDeltaSeq !== null)
        .map(({ streamId, tenantId, nonDeltaSeq }) => ({
          stream_id: streamId,
          tenant_id: tenantId,
          seq: nonDeltaSeq,
        })),
      (row) => row.stream_id,
    ),
  };
}

function commandRow(held: HeldUnit): Row[] {
  const { command } = held.unit;
  if (!command) return [];
  const { seqFrom, seqTo } = commandPositions(held);
  return [
    {
      tenant_id: command.tenantId,
      principal: command.principal,
      command_id: command.commandId,
      body_sha256: command.bodySha256,
      stream_id: command.streamId,
      seq_from: seqFrom,
      seq_to: seqTo,
      result: held.commandResult,
    },
  ];
}

function turnRow(turn: { streamId: string; turnId: string } | undefined): Row[] {
  return turn ? [{ stream_id: turn.streamId, turn_id: turn.turnId }] : [];
}

function snapshotRow({
  unit: { snapshot },
  snapshotState,
}: HeldUnit): { stream_id: string; reducer_version: number; [more: string]: unknown }[] {
  if (!snapshot) return [];
  const { streamId, seq, reducerVersion } = snapshot;
  return [{ stream_id: streamId.toLowerCase(), reducer_version: reducerVersion, seq, state: snapshotState }];
}

/** One statement may not upsert a row twice, and the later units of a stream hold its later state. */
function lastOf<T>(rows: T[], key: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}
