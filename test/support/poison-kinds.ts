import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '#model';

/** An event that somebody's code or disk might have put into the log, and what is right to become of it. */
export type PoisonKind = {
  name: string;
  event: { type: string; data: unknown; schemaVersion?: number };
  /** Its time, hours off the database's clock. */
  hoursOff?: number;
  /**
   * Which projections park before it, and why: `all`, one, or none. Where none does the rows must be the fold of all events,
   * this one too.
   */
  parks: { projection: string; error: RegExp } | null;
  /** Its fold ends the process that it runs in. */
  deadly?: true;
};

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const posted = (more: object = {}): DomainEvent => {
  const data = {
    messageId: randomUUID(),
    parentId: null,
    role: 'user',
    content: [{ type: 'text', text: 'poison' }],
  };
  return { type: 'MessagePosted', data: { ...data, ...more } } as DomainEvent;
};
const renamed = (title: string): DomainEvent => ({ type: 'ConversationRenamed', data: { title } });

/** Eight times what a request may hold. */
const LARGE = 'large '.repeat(1_400_000);
/** Deeper than a thread can be handed, and about what a log takes. */
const DEEP = 3_000;
/** What the table of conversations is made to refuse. */
export const REFUSED_TITLE = 'refused by a constraint';

/** By what the event itself is, with the program as it is. */
export const dataPoisons = (): PoisonKind[] => [
  {
    name: 'bad JSON shape',
    event: { type: 'MessagePosted', data: { messageId: 7 } },
    parks: { projection: 'all', error: /data\.messageId/ },
  },
  {
    name: 'unknown event type',
    event: { type: 'FromTheFuture', data: {} },
    parks: { projection: 'all', error: /unknown event type/ },
  },
  {
    name: 'wrong schema version',
    event: { ...posted(), schemaVersion: 99 },
    parks: { projection: 'all', error: /version 99/ },
  },
  {
    name: 'too deep JSON',
    event: posted({ role: 'tool', toolName: 'Clock', toolResult: nested(DEEP) }),
    parks: { projection: 'all', error: /nested deeper/ },
  },
  {
    name: 'too large event',
    event: posted({ content: [{ type: 'text', text: LARGE }] }),
    parks: null,
  },
  {
    name: 'constraint violation in write',
    event: renamed(REFUSED_TITLE),
    parks: { projection: 'conversations', error: /violates check constraint/ },
  },
  { name: 'clock', event: posted(), hoursOff: 5, parks: null },
  { name: 'missing parent', event: posted({ parentId: randomUUID() }), parks: null },
];

/** The negative control: a fold that leaves its event out in silence. */
export const skippedPoison = (): PoisonKind => ({
  name: 'skipped',
  event: renamed('poison skip conversations'),
  parks: null,
});

/** By what the folds of `poison-folds.mjs` do with it. */
export const foldPoisons = (): PoisonKind[] => [
  {
    name: 'throwing fold',
    event: renamed('poison throw messages'),
    parks: { projection: 'messages', error: /^poisoned$/ },
  },
  {
    name: 'endless loop',
    event: renamed('poison hang conversations'),
    parks: { projection: 'conversations', error: /took longer than/ },
  },
  {
    name: 'out of memory',
    event: renamed('poison eat conversations'),
    parks: { projection: 'conversations', error: /memory limit|took longer than/ },
  },
  {
    name: 'process killed',
    event: renamed('poison kill messages'),
    parks: { projection: 'messages', error: /the process that folded it died/ },
    deadly: true,
  },
];
