import type { ConversationState, MessageState } from './state.js';

/**
 * The messages from the root to `id`, removed ones left out. In a partial state it begins with the oldest message that
 * is loaded; empty when `id` is not.
 */
export function pathTo(state: ConversationState, id: string | null): MessageState[] {
  const path: MessageState[] = [];
  let message = id === null ? undefined : state.messages[id];
  while (message) {
    if (!message.removed) path.push(message);
    const parent: MessageState | undefined =
      message.parentId === null ? undefined : state.messages[message.parentId];
    // A parent is older than its child: a log that says otherwise cannot lead round in a circle.
    message = parent && parent.seq < message.seq ? parent : undefined;
  }
  return path.toReversed();
}

/** The selected branch from its root to the selected leaf, removed messages left out. */
export function selectedPath(state: ConversationState): MessageState[] {
  return pathTo(state, state.leafId);
}

/** Where a message stands among the children of its parent, oldest first. */
export type SiblingPlace = { index: number; count: number };

/** The place of every message that is not removed among those siblings that are not. For a full state; O(messages). */
export function siblingPlaces(state: ConversationState): Map<string, SiblingPlace> {
  const families = new Map<string | null, MessageState[]>();
  for (const message of Object.values(state.messages)) {
    if (message.removed) continue;
    const family = families.get(message.parentId);
    if (family) family.push(message);
    else families.set(message.parentId, [message]);
  }
  const places = new Map<string, SiblingPlace>();
  for (const family of families.values()) {
    family.sort((a, b) => a.seq - b.seq);
    for (const [index, message] of family.entries()) places.set(message.id, { index, count: family.length });
  }
  return places;
}
