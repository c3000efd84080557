import { Injectable } from '@nestjs/common';
import type { Message } from '#contracts';
import { layerValues } from '../../reading/layers.js';
import type { Reader } from '../../reading/reader.js';
import { Snapshots } from '../../reading/snapshots.js';
import type { MessageView } from './message-view.js';
import { PathMessageReads, type PathMessages } from './path-messages.js';
import type { PathSlice } from './path-page.js';

/** One unbranched chain of messages. */
export type BranchPart = {
  /** The seq of its first message: its name. */
  segment: number;
  /** The seq of the message that it goes on from; null at a beginning. */
  from: number | null;
  /** It is, or its first messages are, of the branch that was selected. */
  selected: boolean;
};

/** Messages held at once. */
const PART_BYTES = 1024 * 1024;
const MOST_MESSAGES = 1_000;
const MOST_PARTS = 500;

/**
 * Every message of a conversation as it was at a seq, on all branches, in pieces of about a megabyte. The past never changes,
 * so the pieces are of one moment though each is read for itself: nothing is held while their reader is slow.
 */
@Injectable()
export class ExportReads {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly reads: PathMessageReads,
  ) {}

  /** The parts in the order of their first messages. Each part but the first follows one that was given before it. */
  async *parts(reader: Reader, id: string, at: number): AsyncGenerator<BranchPart> {
    let after: number | undefined = 0;
    while (after !== undefined) {
      const begun: number = after;
      const page: BranchPart[] | null = await this.snapshots.read(reader, id, at, async (snapshot) => {
        const { view, segments } = await this.reads.view(snapshot);
        const stored = await storedParts(view, begun, MOST_PARTS);
        if (stored.length === MOST_PARTS) return stored;
        const inTail = segments.filter(({ segment }) => segment > begun).map(partOf(view));
        return [...stored, ...inTail];
      });
      yield* page ?? [];
      after = page?.length === MOST_PARTS ? page.at(-1)?.segment : undefined;
    }
  }

  /** The messages of a part, oldest first, removed ones left out. */
  async *messages(reader: Reader, id: string, at: number, segment: number): AsyncGenerator<Message> {
    let after: number | undefined = 0;
    while (after !== undefined) {
      const slice: PathSlice = { limit: MOST_MESSAGES, after };
      const page: PathMessages | null = await this.snapshots.read(reader, id, at, async (snapshot) => {
        const { view } = await this.reads.view(snapshot);
        return this.reads.page({ ...view, path: [[segment, null]] }, slice, PART_BYTES);
      });
      yield* page?.items ?? [];
      after = page?.hasNext ? page.last : undefined;
    }
  }
}

type Begun = { segment: number; path: MessageView['path'] };

function partOf(view: MessageView): (begun: Begun) => BranchPart {
  const selected = new Set(view.path.map(([segment]) => segment));
  return ({ segment, path }) => {
    return { segment, from: path.at(-1)?.[1] ?? null, selected: selected.has(segment) };
  };
}

async function storedParts(view: MessageView, after: number, limit: number): Promise<BranchPart[]> {
  const rows = await view.q.query<Begun>(
    `select s.segment, s.path from unnest($2::uuid[], $3::bigint[]) as l (stream_id, up_to)
     cross join lateral (
       select s.segment, s.path from message_segments s
       where s.generation = $1 and s.conversation_id = l.stream_id and s.segment > $4 and s.segment <= l.up_to
       order by s.segment limit $5
     ) s
     order by s.segment limit $5`,
    [view.generation, ...layerValues(view.layers), after, limit],
  );
  return rows.map(partOf(view));
}
