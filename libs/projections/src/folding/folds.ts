import type { AnyFold } from '../projection.js';
import { conversationsFold } from '../read-models/conversations/conversations.fold.js';
import { messagesFold } from '../read-models/messages/messages.fold.js';
import { momentsFold } from '../read-models/moments/moments.fold.js';
import { projectsFold } from '../read-models/projects/projects.fold.js';
import { evolveFold } from './evolve.fold.js';

export type FoldName = 'conversations' | 'messages' | 'moments' | 'projects' | 'evolve';

/** Every fold by name: what a fold thread can be asked for. */
export const folds: Record<FoldName, AnyFold> = {
  conversations: conversationsFold,
  messages: messagesFold,
  moments: momentsFold,
  projects: projectsFold,
  evolve: evolveFold,
};
