import { Injectable } from '@nestjs/common';
import { TurnVersions } from '#conversations';
import { BlobStore, EventLog } from '#event-log';
import { ProjectRepository } from '#projects';
import { projectPorts, type ProjectPorts } from './project-ports.js';

/** Gives running turns what they need of projects. */
@Injectable()
export class TurnProjects {
  readonly ports: ProjectPorts;

  constructor(log: EventLog, projects: ProjectRepository, blobs: BlobStore, versions: TurnVersions) {
    this.ports = projectPorts(log, projects, blobs, versions);
  }
}
