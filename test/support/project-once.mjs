/** A process of its own that projects one stream with the poisoned folds: `node project-once.mjs <database url> <stream id>`. */
import { Logger } from '@nestjs/common';
import { ClearPayloadCodec, EventLog } from '../../dist/libs/event-log/src/index.js';
import { Database } from '../../dist/libs/platform/src/index.js';
import { GenerationCatalog } from '../../dist/libs/projections/src/checkpoints/generation-catalog.js';
import { FoldThreads } from '../../dist/libs/projections/src/folding/fold-threads.js';
import { ProjectionRegistry } from '../../dist/libs/projections/src/projection-registry.js';
import { ConversationsProjection } from '../../dist/libs/projections/src/read-models/conversations/conversations.projection.js';
import { MessagesProjection } from '../../dist/libs/projections/src/read-models/messages/messages.projection.js';
import { MomentsProjection } from '../../dist/libs/projections/src/read-models/moments/moments.projection.js';
import { ProjectsProjection } from '../../dist/libs/projections/src/read-models/projects/projects.projection.js';
import { SearchProjection } from '../../dist/libs/projections/src/read-models/search/search.projection.js';
import { InFlightFolds } from '../../dist/libs/projections/src/reading/in-flight.folds.js';
import { ReadFolds } from '../../dist/libs/projections/src/reading/read-folds.js';
import { ProjectionRunner } from '../../dist/libs/projections/src/running/projection-runner.js';

Logger.overrideLogger(false);
const [url, streamId] = process.argv.slice(2);
const threads = new FoldThreads({ foldsUrl: new URL('./poison-folds.mjs', import.meta.url).href });
const database = await Database.connect({ url });
const log = new EventLog(database, { flushMaxBytes: 131_072, flushMaxMs: 25 }, new ClearPayloadCodec());
const messages = new MessagesProjection(log, new InFlightFolds(log, new ReadFolds(threads)));
const catalog = new GenerationCatalog(
  database,
  new ProjectionRegistry([
    new ConversationsProjection(),
    messages,
    new MomentsProjection(),
    new ProjectsProjection(),
    new SearchProjection(log),
  ]),
);
const outcome = await new ProjectionRunner(database, log, threads, catalog).project(streamId);
process.stdout.write(outcome);
await threads.onModuleDestroy();
await database.end();
