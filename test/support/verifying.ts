import { DeepCheck } from '../../libs/projections/src/verify/deep-check.js';
import { InFlightRows } from '../../libs/projections/src/verify/in-flight-rows.js';
import { IndependentFold } from '../../libs/projections/src/verify/independent-fold.js';
import { IndependentProject } from '../../libs/projections/src/verify/independent-project.js';
import { StreamVerifier } from '../../libs/projections/src/verify/stream-verifier.js';
import {
  Verifier,
  type VerifyReport,
  type VerifyRequest,
} from '../../libs/projections/src/verify/verifier.js';
import type { Finding } from '../../libs/projections/src/verify/finding.js';
import { FoldThreads } from '../../libs/projections/src/folding/fold-threads.js';
import { FoldBases } from '../../libs/projections/src/reading/fold-bases.js';
import { InFlightFolds } from '../../libs/projections/src/reading/in-flight.folds.js';
import { ReadFolds } from '../../libs/projections/src/reading/read-folds.js';
import { SeamStates } from '../../libs/projections/src/reading/seam-states.js';
import { WholeFold } from '../../libs/projections/src/rebuild/whole-fold.js';
import { ProjectionRegistry } from '../../libs/projections/src/projection-registry.js';
import { ConversationsProjection } from '../../libs/projections/src/read-models/conversations/conversations.projection.js';
import { MessagesProjection } from '../../libs/projections/src/read-models/messages/messages.projection.js';
import { MomentsProjection } from '../../libs/projections/src/read-models/moments/moments.projection.js';
import { ProjectsProjection } from '../../libs/projections/src/read-models/projects/projects.projection.js';
import { SearchProjection } from '../../libs/projections/src/read-models/search/search.projection.js';
import type { ProjectionProcess } from './projections.js';

/** What verifies in one process, on the pool and the catalog of its projections. */
export type Verifying = {
  streams: StreamVerifier;
  registry: ProjectionRegistry;
  verifier: Verifier;
  /** All findings of one verification, and its report. */
  verify(request?: VerifyRequest): Promise<{ report: VerifyReport; findings: Finding[] }>;
  close(): Promise<void>;
};

export function verifyingOn(
  { database, log, catalog }: Pick<ProjectionProcess, 'database' | 'log' | 'catalog'>,
  threads = new FoldThreads(),
): Verifying {
  const folds = new ReadFolds(threads);
  const bases = new FoldBases(log, new SeamStates(log, folds));
  const messages = new MessagesProjection(log, new InFlightFolds(log, folds));
  const registry = new ProjectionRegistry([
    new ConversationsProjection(),
    messages,
    new MomentsProjection(),
    new ProjectsProjection(),
    new SearchProjection(log),
  ]);
  const projects = new IndependentProject(database, log, folds);
  const streams = new StreamVerifier(
    database,
    log,
    catalog,
    registry,
    new WholeFold(threads, bases),
    new IndependentFold(database, log, folds, projects),
    new InFlightRows(database, log),
  );
  const verifier = new Verifier(database, log, streams, new DeepCheck(database, log));
  const verify = async (request: VerifyRequest = {}) => {
    const findings: Finding[] = [];
    const report = await verifier.verify(request, (finding) => void findings.push(finding));
    return { report, findings };
  };
  return { streams, registry, verifier, verify, close: () => threads.onModuleDestroy() };
}
