import type { Rebuild } from './rebuild.js';

/** This code has no projection of that name. */
export class ProjectionUnknown extends Error {
  constructor(
    readonly projection: string,
    readonly known: readonly string[],
  ) {
    super(`no projection ${projection}: one of ${known.join(', ')}`);
    this.name = 'ProjectionUnknown';
  }
}

/** A projection is rebuilt once at a time. */
export class RebuildRunning extends Error {
  constructor(readonly rebuild: Rebuild) {
    super(`${rebuild.projection} is being rebuilt already, by rebuild ${rebuild.id} (${rebuild.status})`);
    this.name = 'RebuildRunning';
  }
}

/** There is no rebuild of that id. */
export class RebuildAbsent extends Error {
  constructor(readonly id: string) {
    super(`no rebuild ${id}`);
    this.name = 'RebuildAbsent';
  }
}

/** What was asked for does not fit what the rebuild, or the projection, is at; the message says why. */
export class RebuildNotPossible extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RebuildNotPossible';
  }
}

/** There is no stream of that id. */
export class StreamAbsent extends Error {
  constructor(readonly streamId: string) {
    super(`no conversation or project ${streamId}`);
    this.name = 'StreamAbsent';
  }
}
