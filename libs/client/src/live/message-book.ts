import type { Message } from '#contracts';
import { messageResource, type MessageState, type SiblingPlace } from '#model';

type Entry = { state: MessageState; place: SiblingPlace; resource: Message };

/**
 * The messages of a fold as resources. A message keeps its identity while neither it nor its place among its siblings
 * changes. A state knows only those siblings that are loaded, so places begin as they were read, and are counted on.
 */
export class MessageBook {
  private readonly entries = new Map<string, Entry>();
  /** Loaded messages by their parent. */
  private readonly families = new Map<string | null, Set<string>>();

  constructor(private readonly conversationId: string) {}

  /** A message as it was read; one that is equal to what `earlier` has is that very object. */
  seed(state: MessageState, read: Message, earlier?: MessageBook): void {
    const known = earlier?.entries.get(read.id)?.resource;
    const resource = known && JSON.stringify(known) === JSON.stringify(read) ? known : read;
    this.entries.set(read.id, { state, place: read.siblings, resource });
    this.familyOf(read.parentId).add(read.id);
  }

  /** A new message. False: its siblings, if it has any, are not loaded, so that its place is a guess. */
  add(state: MessageState): boolean {
    const family = this.familyOf(state.parentId);
    const known = [...family].flatMap((id) => this.entries.get(id)?.place.count ?? []);
    const count = Math.max(0, ...known) + 1;
    for (const id of family) this.place(id, (place) => ({ ...place, count }));
    family.add(state.id);
    this.put(state, { index: count - 1, count });
    return known.length > 0;
  }

  /** Its siblings move up. */
  remove(id: string): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    const family = this.familyOf(entry.state.parentId);
    family.delete(id);
    this.entries.delete(id);
    for (const sibling of family) {
      this.place(sibling, ({ index, count }) => ({
        index: index > entry.place.index ? index - 1 : index,
        count: count - 1,
      }));
    }
  }

  /** What a later read says of a message's place. */
  correct(id: string, place: SiblingPlace): void {
    this.place(id, () => place);
  }

  resource(state: MessageState): Message {
    const entry = this.entries.get(state.id);
    if (entry?.state === state) return entry.resource;
    return this.put(state, entry?.place ?? { index: 0, count: 1 });
  }

  private place(id: string, change: (place: SiblingPlace) => SiblingPlace): void {
    const entry = this.entries.get(id);
    if (entry) this.put(entry.state, change(entry.place));
  }

  private put(state: MessageState, place: SiblingPlace): Message {
    const resource = messageResource(this.conversationId, state, place);
    this.entries.set(state.id, { state, place, resource });
    return resource;
  }

  private familyOf(parentId: string | null): Set<string> {
    const known = this.families.get(parentId);
    if (known) return known;
    const family = new Set<string>();
    this.families.set(parentId, family);
    return family;
  }
}
