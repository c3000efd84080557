import type { Message, ProjectAt } from '#contracts';

/** A side of a comparison: the messages of a moment, all of them where `prev` is absent, and its files. */
export type ComparedSide = { seq: number; messages: readonly Message[]; prev?: string; project?: ProjectAt };

/** A message that is not the same on both sides; `before` is absent where it was added, `after` where it is gone. */
export type MessageChange = { id: string; before?: Message; after?: Message };

/** A file that is not the same on both sides. */
export type FileChange = {
  path: string;
  status: 'added' | 'deleted' | 'modified';
  /** The projects that it is read from: a fork may go on with another one. */
  before?: ProjectAt;
  after?: ProjectAt;
};

export type MomentComparison = {
  from: number;
  to: number;
  /** By seq. */
  messages: MessageChange[];
  /** How many messages are the same. */
  unchanged: number;
  /** Messages before this seq were not compared; null: all were. */
  comparedFrom: number | null;
  /** By path. */
  files: FileChange[];
};

/** What leads from one moment to the other. Messages that one side has not loaded are left out on both. */
export function compareMoments(from: ComparedSide, to: ComparedSide): MomentComparison {
  const starts = [from, to].filter(({ prev }) => prev !== undefined).map(firstSeq);
  const comparedFrom = starts.length > 0 ? Math.max(...starts) : null;
  const inReach = ({ seq }: Message) => comparedFrom === null || seq >= comparedFrom;
  const before = new Map(from.messages.filter(inReach).map((message) => [message.id, message]));
  const after = new Map(to.messages.filter(inReach).map((message) => [message.id, message]));
  const messages: MessageChange[] = [];
  for (const [id, message] of before) {
    const other = after.get(id);
    if (!other || !isSame(message, other)) messages.push({ id, before: message, after: other });
  }
  for (const [id, message] of after) if (!before.has(id)) messages.push({ id, after: message });
  const seqOf = ({ before: old, after: young }: MessageChange) => (old ?? young)?.seq ?? 0;
  return {
    from: from.seq,
    to: to.seq,
    messages: messages.toSorted((a, b) => seqOf(a) - seqOf(b)),
    unchanged: [...before.keys()].filter((id) => after.has(id)).length - changedIn(messages),
    comparedFrom,
    files: compareFiles(from.project, to.project),
  };
}

function firstSeq({ messages, seq }: ComparedSide): number {
  return messages[0]?.seq ?? seq + 1;
}

function changedIn(messages: MessageChange[]): number {
  return messages.filter(({ before, after }) => before && after).length;
}

/** What a reader sees of it; how many siblings it has is not part of it. */
function isSame(a: Message, b: Message): boolean {
  return a === b || JSON.stringify(seen(a)) === JSON.stringify(seen(b));
}

function seen({ role, content, blocks, toolCall, toolResult, streamingStatus }: Message): unknown[] {
  return [role, content, blocks ?? [], toolCall ?? null, toolResult ?? null, streamingStatus];
}

function compareFiles(before: ProjectAt | undefined, after: ProjectAt | undefined): FileChange[] {
  const paths = [...new Set([...Object.keys(before?.files ?? {}), ...Object.keys(after?.files ?? {})])];
  return paths.toSorted().flatMap((path): FileChange[] => {
    const [old, young] = [hashOf(before, path), hashOf(after, path)];
    if (old === young) return [];
    if (old === undefined) return [{ path, status: 'added', after }];
    if (young === undefined) return [{ path, status: 'deleted', before }];
    return [{ path, status: 'modified', before, after }];
  });
}

/** A path may be called `constructor`. */
function hashOf(project: ProjectAt | undefined, path: string): string | undefined {
  return project && Object.hasOwn(project.files, path) ? project.files[path]?.sha256 : undefined;
}
