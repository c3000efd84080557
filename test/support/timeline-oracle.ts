import type { LoggedEvent } from '#model';
import type { MarkCounts, MarkKind } from '#projections';

export type ExpectedMark = [seq: number, kind: MarkKind];

const kinds: [MarkKind, RegExp][] = [
  ['message', /^(MessagePosted|MessageEdited|MessageRemoved|AssistantMessageStarted)$/],
  ['tool', /^ToolCallStarted$/],
  [
    'status',
    /^(Conversation(Started|Renamed|Archived|Unarchived|Trashed|Restored|ProjectLinked)|BranchSelected)$/,
  ],
  ['status', /^Turn(Started|Completed|Failed|Cancelled|Interrupted)$/],
  ['fork', /^ConversationForked$/],
];

function kindOf({ type, data }: LoggedEvent): MarkKind | undefined {
  const { projectVersion } = data as { projectVersion?: number };
  if (projectVersion !== undefined && type.startsWith('Turn')) return 'version';
  return kinds.find(([, types]) => types.test(type))?.[0];
}

/** What the marks of a timeline must be, from the events alone. */
export function marksOf(events: LoggedEvent[]): { marks: ExpectedMark[]; totals: MarkCounts } {
  const totals: MarkCounts = { message: 0, tool: 0, version: 0, status: 0, fork: 0 };
  const marks = events.flatMap((event): ExpectedMark[] => {
    const kind = kindOf(event);
    if (kind) totals[kind] += 1;
    return kind ? [[event.seq, kind]] : [];
  });
  return { marks, totals };
}

/** How many of the marks fall into each of at most 200 stretches of equally many events. */
export function densityOf(marks: ExpectedMark[], head: number): number[] {
  const stretches = Math.min(200, head);
  const ends = Array.from({ length: stretches }, (_, i) => Math.round(((i + 1) * head) / stretches));
  const upTo = (end: number): number => marks.filter(([seq]) => seq <= end).length;
  return ends.map((end, i) => upTo(end) - upTo(ends[i - 1] ?? 0));
}

export const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
