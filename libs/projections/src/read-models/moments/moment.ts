import { noUsage, type OpenToolCall, type TokenUsage, type TurnStatus } from '#model';

/** What a mark on the track of a conversation stands for. */
export const markKinds = ['message', 'tool', 'version', 'status', 'fork'] as const;
export type MarkKind = (typeof markKinds)[number];

/** How many marks of each kind there are. */
export type MarkCounts = Record<MarkKind, number>;

/** A mark: one event that someone who looks back may want to go to. */
export type Mark = {
  kind: MarkKind;
  /** Its number among the marks of its kind: 1, 2, 3 … */
  n: number;
  /** Who speaks, which tool, which status, or what became of a message. */
  label: string | null;
  /** The message, turn, project or conversation that it is about. */
  subjectId: string | null;
  /** Of a version: its number. */
  version: number | null;
};

/** What holds from an event on, until the next moment. */
export type Standing = {
  /** The newest turn, open or ended. */
  turn: { id: string; status: TurnStatus } | null;
  openToolCalls: OpenToolCall[];
  /** The answer that is being written. */
  writingId: string | null;
  /** The place in the project that the conversation is at; `seq` null: linked, and not looked at since. */
  project: { id: string; seq: number | null } | null;
  usage: TokenUsage;
  /** The marks so far, this one included. */
  counts: MarkCounts;
};

/** One event that is a mark or changes what stands. Rows hold running totals, so no read adds anything up. */
export type Moment = { seq: number; at: string; mark: Mark | null; standing: Standing };

/** What stands before the first event. */
export function nothingYet(): Standing {
  return {
    turn: null,
    openToolCalls: [],
    writingId: null,
    project: null,
    usage: noUsage,
    counts: { message: 0, tool: 0, version: 0, status: 0, fork: 0 },
  };
}
