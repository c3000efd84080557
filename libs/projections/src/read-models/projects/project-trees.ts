import { Injectable } from '@nestjs/common';
import { byPath, type Marker } from '#model';
import type { Reader } from '../../reading/reader.js';
import { Snapshots } from '../../reading/snapshots.js';
import { ProjectAt, type TreeFiles } from './project-at.js';

/** A project's files as they were at one of its seqs, without their contents. */
export type ProjectTree = {
  projectId: string;
  seq: number;
  /** The newest version then; 0 before the first. */
  version: number;
  title: string;
  /** By path, in path order. */
  files: TreeFiles;
  /** Events that could not be read: what they would have changed is missing. */
  markers: Marker[];
};

/** The trees of projects at any seq, exact however far the projections lag; the same at every later time. */
@Injectable()
export class ProjectTrees {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly projects: ProjectAt,
  ) {}

  /**
   * The tree right after `seq`, or at the head where none is given. Costs a step a path, however long the project's log is.
   * Null when there is no such project for this reader.
   * @throws PositionBeyondHead, ReadUnavailable
   */
  at(reader: Reader, projectId: string, seq?: number): Promise<ProjectTree | null> {
    return this.snapshots.read(
      reader,
      projectId,
      seq,
      async (snapshot) => {
        const moment = await this.projects.moment(snapshot);
        if (!moment) return null;
        const { title, version } = moment.fields;
        const files = Object.entries(moment.files).toSorted(([a], [b]) => byPath(a, b));
        return {
          projectId: snapshot.stream.streamId,
          seq: snapshot.at,
          version,
          title,
          files: Object.fromEntries(files),
          markers: moment.markers,
        };
      },
      'project',
    );
  }
}
