import type { AnyProjection, ProjectionName } from './projection.js';

/**
 * The projections that this code has. Of one name there may be several versions: each is fed while a generation of it is kept,
 * and the newest that is ready is read. So an old version stays here until no generation of it is wanted.
 */
export class ProjectionRegistry {
  readonly names: readonly ProjectionName[];

  /** @throws where one version of a projection stands twice. */
  constructor(readonly all: readonly AnyProjection[]) {
    const ids = all.map(({ name, version }) => `${name} version ${version}`);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice) throw new Error(`projection ${twice} is registered twice`);
    this.names = [...new Set(all.map(({ name }) => name))];
  }

  find(name: ProjectionName, version: number): AnyProjection | undefined {
    return this.all.find((projection) => projection.name === name && projection.version === version);
  }

  versionsOf(name: ProjectionName): number[] {
    return this.all.filter((projection) => projection.name === name).map(({ version }) => version);
  }

  /** The one that a rebuild makes. */
  newest(name: ProjectionName): AnyProjection | undefined {
    return this.find(name, Math.max(...this.versionsOf(name)));
  }
}
