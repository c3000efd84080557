import { Injectable } from '@nestjs/common';
import type { Message } from '#contracts';
import { messageResource, type Marker } from '#model';
import { Snapshots, type Snapshot } from '../../reading/snapshots.js';
import { ExactMessages } from './exact-messages.js';
import { rowOf, versionOfRow } from './message-rows.js';
import type { MessagesChanges, MessageVersion } from './message-version.js';
import { messageView, type MessageView } from './message-view.js';
import { MessagesProjection } from './messages.projection.js';
import { pathPage, type PathSlice } from './path-page.js';
import { siblingPlaces } from './sibling-counts.js';

/** Bytes of messages that a page may hold; one message is given however large it is. */
export const PAGE_BYTES = 8 * 1024 * 1024;
/** The same for a page that is asked for by its place: the LOL app takes one of fewer than it asked for as the last. */
export const COUNTED_PAGE_BYTES = 64 * 1024 * 1024;
/** How many rows are read first: a row may be forty bytes or some megabytes, and all of them are held at once. */
const FIRST_ROWS = 32;
/** How much faster than before the next rows are read, at most. */
const GROWTH = 8;

/** Messages of the selected branch, oldest first; `first` and `last` are the seqs that neighbouring pages begin at. */
export type PathMessages = {
  items: Message[];
  first?: number;
  last?: number;
  hasPrevious: boolean;
  hasNext: boolean;
};

/** Messages of one conversation in one snapshot, as they are shown. */
@Injectable()
export class PathMessageReads {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly projection: MessagesProjection,
    private readonly exact: ExactMessages,
  ) {}

  /** `segments`: those that begin in the tail, beyond the rows. */
  async view(
    snapshot: Snapshot,
  ): Promise<{ view: MessageView; markers: Marker[]; segments: MessagesChanges['segments'] }> {
    const standing = await this.snapshots.standing(snapshot, this.projection);
    const { markers, changes } = standing;
    return { view: await messageView(snapshot, standing), markers, segments: changes?.segments ?? [] };
  }

  /** A page of the path, which ends early where it would hold more than `maxBytes`. */
  async page(view: MessageView, slice: PathSlice, maxBytes = PAGE_BYTES): Promise<PathMessages> {
    const backward = slice.before !== undefined;
    const taken: Message[] = [];
    let [rest, bytes, rows] = [slice, 0, FIRST_ROWS];
    let ends: { hasPrevious: boolean; hasNext: boolean } | undefined;
    for (;;) {
      const limit = Math.min(rows, slice.limit - taken.length);
      const found = await pathPage(view, { ...rest, limit });
      const items = await this.resources(view, found.versions);
      const { fitting, size } = fill(
        backward ? items.toReversed() : items,
        maxBytes - bytes,
        taken.length === 0,
      );
      taken.push(...fitting);
      bytes += size;
      const cut = fitting.length < items.length;
      const more = cut || (backward ? found.hasPrevious : found.hasNext);
      ends ??= { hasPrevious: found.hasPrevious, hasNext: found.hasNext };
      ends = backward ? { ...ends, hasPrevious: more } : { ...ends, hasNext: more };
      const last = taken.at(-1);
      if (!last || !more || cut || taken.length >= slice.limit || bytes >= maxBytes) break;
      rest = backward ? { limit, before: last.seq } : { limit, after: last.seq };
      const average = Math.max(1, Math.ceil(bytes / taken.length));
      rows = Math.max(1, Math.min(rows * GROWTH, Math.floor((maxBytes - bytes) / average)));
    }
    const items = backward ? taken.toReversed() : taken;
    return { items, first: items.at(0)?.seq, last: items.at(-1)?.seq, ...ends };
  }

  /** One message, whatever branch it is on; null when it is removed, or not there yet. */
  async one(view: MessageView, messageId: string): Promise<Message | null> {
    const row = view.changed.has(messageId) ? null : await rowOf(view, messageId);
    const version = view.changed.get(messageId) ?? (row && versionOfRow(row));
    if (!version || version.message.removed) return null;
    const [message] = await this.resources(view, [version]);
    return message ?? null;
  }

  private async resources(view: MessageView, versions: MessageVersion[]): Promise<Message[]> {
    const places = await siblingPlaces(
      view,
      versions.map(({ message }) => message),
    );
    const items: Message[] = [];
    for (const version of versions) {
      const message = await this.exact.of(view, version);
      const siblings = places.get(message.id) ?? { index: 0, count: 1 };
      items.push(messageResource(view.streamId, message, siblings));
    }
    return items;
  }
}

/** The first messages that fit; with `always` one at least. */
function fill(items: Message[], room: number, always: boolean): { fitting: Message[]; size: number } {
  let size = 0;
  const fitting: Message[] = [];
  for (const item of items) {
    const length = JSON.stringify(item).length;
    if (size + length > room && !(always && fitting.length === 0)) break;
    size += length;
    fitting.push(item);
  }
  return { fitting, size };
}
