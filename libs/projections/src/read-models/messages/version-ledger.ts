import type { MessageState } from '#model';
import type { Place } from './branch-path.js';
import {
  grewEnough,
  growthOf,
  type InFlightKind,
  type MessagesChanges,
  type MessageVersion,
  type StoredVersion,
} from './message-version.js';

type OpenVersion = MessageVersion & { stored: StoredVersion | null };

/**
 * Turns the successive states of messages into row versions: a change closes the version before it, but while a message
 * is in flight its one version grows in place.
 */
export class VersionLedger {
  private readonly open = new Map<string, OpenVersion>();
  private readonly closed: MessagesChanges['closed'] = [];
  private readonly inserted: MessageVersion[] = [];

  constructor(stored: StoredVersion[], placeOf: (id: string) => Place | undefined) {
    for (const version of stored) {
      const place = placeOf(version.message.id);
      if (!place) throw new Error(`message ${version.message.id} has a row but no place`);
      const { message, inFlight, foldedSeq, validFrom } = version;
      this.open.set(message.id, {
        message,
        place,
        inFlight,
        foldedSeq,
        validFrom,
        validTo: null,
        stored: version,
      });
    }
  }

  /** The message as of its last recorded change. */
  current(id: string): MessageState | undefined {
    return this.open.get(id)?.message;
  }

  record(
    seq: number,
    message: MessageState,
    place: Place,
    inFlight: InFlightKind | null,
    growth: boolean,
  ): void {
    const before = this.open.get(message.id);
    const inherited = before?.stored?.inherited ?? false;
    if (before && growth && !inherited && before.inFlight !== null && before.inFlight === inFlight) {
      before.message = message;
      before.foldedSeq = seq;
      return;
    }
    if (before && !inherited) this.close(before, seq);
    const version = { message, place, inFlight, foldedSeq: seq, validFrom: seq, validTo: null, stored: null };
    this.open.set(message.id, version);
  }

  /** Ids of the messages that grow by chunks: the next fold must load them. */
  chunking(): string[] {
    return [...this.open.values()]
      .filter(({ inFlight }) => inFlight === 'chunks')
      .map(({ message }) => message.id);
  }

  /** `onlyGrowth`: nothing but growth was recorded, so a row may wait until it has grown enough. */
  changes(onlyGrowth: boolean): Pick<MessagesChanges, 'closed' | 'inserted' | 'grown'> {
    const grown: MessageVersion[] = [];
    for (const { stored, ...version } of this.open.values()) {
      if (!stored) this.inserted.push(version);
      else if (version.inFlight && !stored.inherited && mustWrite(version, stored, onlyGrowth))
        grown.push(version);
    }
    return { closed: this.closed, inserted: this.inserted, grown };
  }

  private close(version: OpenVersion, validTo: number): void {
    const { stored, ...row } = version;
    const empty = version.inFlight === 'answer';
    if (stored) {
      this.closed.push({ id: version.message.id, validFrom: version.validFrom, validTo, empty });
    } else {
      const message = empty ? { ...version.message, content: '', blocks: [] } : version.message;
      this.inserted.push({ ...row, message, validTo });
    }
  }
}

function mustWrite(version: MessageVersion, stored: StoredVersion, onlyGrowth: boolean): boolean {
  const length = growthOf(version);
  // Chunks that wait for more growth would have to be read again by every reader, past whatever else happens meanwhile.
  if (version.inFlight === 'chunks' && !onlyGrowth) return length !== stored.length;
  return stored.due && grewEnough(length, stored.length);
}
