import { DomainRefusal } from '#model';
import {
  ProjectionUnknown,
  RebuildAbsent,
  RebuildNotPossible,
  RebuildRunning,
  StreamAbsent,
} from '#projections';

/** The refusal that an owner's error means, with a code that clients decide by; what is none is the error itself. */
function refusalOf(error: unknown): unknown {
  if (error instanceof RebuildRunning) return rebuildRunning(error);
  if (error instanceof ProjectionUnknown) return new DomainRefusal('not_found', 404, error.message, 'name');
  if (error instanceof RebuildAbsent || error instanceof StreamAbsent)
    return new DomainRefusal('not_found', 404, error.message, 'id');
  if (error instanceof RebuildNotPossible)
    return new DomainRefusal('rebuild_not_possible', 409, error.message);
  return error;
}

function rebuildRunning({ message, rebuild: { id: rebuildId, projection } }: RebuildRunning): DomainRefusal {
  return new DomainRefusal('rebuild_running', 409, message, 'name', { rebuildId, projection });
}

/** Does the work; what its owner refuses is a `DomainRefusal`. */
export async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(error);
  }
}
