import type { MessageState } from '#model';
import type { FoldedChanges } from '../../projection.js';
import type { BranchPath, Place } from './branch-path.js';

/**
 * How a message in flight grows: `answer` by the deltas of a streamed answer, `chunks` by appended chunks.
 * Its one version is updated in place, and its text is folded from its own events by whoever needs it exact.
 */
export type InFlightKind = 'answer' | 'chunks';

/** One state of a message, valid from the event `validFrom` until before `validTo`; null: still. */
export type MessageVersion = {
  message: MessageState;
  place: Place;
  inFlight: InFlightKind | null;
  /** The text is the fold up to here, at least. */
  foldedSeq: number;
  validFrom: number;
  validTo: number | null;
};

/** A version that the table holds as current, as far as the next fold needs it. */
export type StoredVersion = {
  message: MessageState;
  inFlight: InFlightKind | null;
  validFrom: number;
  /** What `message` is folded up to. */
  foldedSeq: number;
  /** How much of it the row holds: see `growthOf`. */
  length: number;
  /** The row was last written long enough ago to be written again while it grows. */
  due: boolean;
  /** An ancestor's row: what changes the message writes a whole row of the stream's own, and leaves this one alone. */
  inherited: boolean;
};

/** How far a message in flight has come: an answer in events, chunks in characters. */
export function growthOf(version: {
  inFlight: InFlightKind | null;
  foldedSeq: number;
  message: MessageState;
}): number {
  return version.inFlight === 'answer'
    ? version.foldedSeq - version.message.seq
    : version.message.content.length;
}

/**
 * A row in flight is written again only after it has doubled (a write every 250 ms alone cost 74 MB of WAL for a 100 KB answer,
 * growth by a quarter 0.5 MB: measured). Reads fold a message in flight from its own events: its row need not be new.
 */
export function grewEnough(length: number, written: number): boolean {
  return length > written && length >= written * 2;
}

export type MessagesChanges = FoldedChanges & {
  /** Stored versions that end. The text of an answer's version goes: its events have it. */
  closed: { id: string; validFrom: number; validTo: number; empty: boolean }[];
  inserted: MessageVersion[];
  /** Stored versions in flight that are written anew in place. */
  grown: MessageVersion[];
  segments: { segment: number; path: BranchPath }[];
  paths: { path: BranchPath; validFrom: number; validTo: number | null; stored: boolean }[];
};
