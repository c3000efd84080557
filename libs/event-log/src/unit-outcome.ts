import type { HeldUnit } from './held-unit.js';
import type { AppendOutcome, StoredCommand } from './types.js';

/** What the owner of a committed unit is told. `ats`: recorded_at in milliseconds, one a part. */
export function committedOutcome(held: HeldUnit, ats: readonly number[]): AppendOutcome {
  return {
    status: 'committed',
    positions: held.parts.map(({ streamId, seqFrom, seqTo }, index) => ({
      streamId,
      seqFrom,
      seqTo,
      at: new Date(ats[index]!).toISOString(),
    })),
  };
}

/** Where the command's events stand: those on its own stream, or nowhere, at the position that it was decided at. */
export function commandPositions(held: HeldUnit): { seqFrom: number | null; seqTo: number } {
  const { command } = held.unit;
  const streamId = command?.streamId.toLowerCase();
  const part = held.parts.find((candidate) => candidate.streamId === streamId);
  return part
    ? { seqFrom: part.seqFrom, seqTo: part.seqTo }
    : { seqFrom: null, seqTo: command?.decidedAtSeq ?? 0 };
}

/** The command as a repeat finds it in the log once the unit is committed. */
export function storedCommandOf(held: HeldUnit): StoredCommand | null {
  const { command } = held.unit;
  if (!command || held.commandResult === null) return null;
  const { tenantId, principal, commandId, bodySha256 } = command;
  return {
    tenantId,
    principal,
    commandId,
    bodySha256,
    streamId: command.streamId.toLowerCase(),
    result: JSON.parse(held.commandResult) as unknown,
    ...commandPositions(held),
  };
}
