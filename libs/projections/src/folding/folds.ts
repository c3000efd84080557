import { documentFold, documentFoldName } from '../documents/document-projection.js';
import { documentDefinitions } from '../documents/document-projections.js';
import type { AnyFold } from '../projection.js';
import { conversationsFold } from '../read-models/conversations/conversations.fold.js';
import { messagesFold } from '../read-models/messages/messages.fold.js';
import { momentsFold } from '../read-models/moments/moments.fold.js';
import { projectsFold } from '../read-models/projects/projects.fold.js';
import { searchFold } from '../read-models/search/search.fold.js';
import { evolveFold } from './evolve.fold.js';

/** One of `folds`; checked when it is asked for, as threads may hold others. */
export type FoldName = string;

/** Every fold by name: what a fold thread can be asked for. */
export const folds: Readonly<Record<FoldName, AnyFold>> = {
  conversations: conversationsFold,
  messages: messagesFold,
  moments: momentsFold,
  projects: projectsFold,
  search: searchFold,
  evolve: evolveFold,
  ...Object.fromEntries(
    documentDefinitions.map((definition) => [documentFoldName(definition), documentFold(definition)]),
  ),
};

/** @throws where there is none of that name. */
export function foldNamed(name: FoldName): AnyFold {
  const fold = Object.hasOwn(folds, name) ? folds[name] : undefined;
  if (!fold) throw new Error(`no fold ${name}`);
  return fold;
}
