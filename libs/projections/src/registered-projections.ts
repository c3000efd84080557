import { ConversationsProjection } from './read-models/conversations/conversations.projection.js';
import { MessagesProjection } from './read-models/messages/messages.projection.js';
import { MomentsProjection } from './read-models/moments/moments.projection.js';
import { ProjectsProjection } from './read-models/projects/projects.projection.js';
import { SearchProjection } from './read-models/search/search.projection.js';

/** Projections with tables and reads of their own, all versions that a generation is kept of. Each has its fold in `folding/folds.ts`. */
export const projectionClasses = [
  ConversationsProjection,
  MessagesProjection,
  MomentsProjection,
  ProjectsProjection,
  SearchProjection,
];
