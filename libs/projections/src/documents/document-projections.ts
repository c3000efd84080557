import type { AnyDocumentDefinition } from './document-projection.js';

/** Document projections that there are, all their versions that a generation is kept of: one line each. */
export const documentDefinitions: readonly AnyDocumentDefinition[] = [];
