/** A process that has an endless fold done in another one, and says so when it has begun. */
import { setTimeout as pause } from 'node:timers/promises';
import { initialState } from '../../dist/libs/model/src/index.js';
import { FoldProcess } from '../../dist/libs/projections/src/folding/fold-process.js';

const folder = new FoldProcess({
  workerFile: new URL('../../dist/libs/projections/src/folding/fold-worker.js', import.meta.url),
  foldsUrl: new URL('./poison-folds.mjs', import.meta.url).href,
});
const renaming = (title) => ({
  fold: 'conversations',
  context: { state: initialState('018f0000-0000-7000-8000-000000000000'), current: null },
  events: [{ seq: 1, type: 'ConversationRenamed', at: '', schemaVersion: 1, data: { title }, metadata: {} }],
  unreadable: 'mark',
});
const [first] = await folder.fold([renaming('good')], 10_000);
if (!first.ok) throw new Error(first.problem);
const endless = folder.fold([renaming('poison hang conversations')], 600_000);
await pause(300);
process.stdout.write('hangs\n');
await endless;
