import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { evolveProject, initialProject, type LoggedEvent, type ProjectState } from '#model';
import { Database } from '#platform';
import { ReadFolds } from '../reading/read-folds.js';
import type { ProjectsChanges } from '../read-models/projects/projects.fold.js';
import { pagedEvents } from './answer-deltas.js';
import { besideCurrent } from './current-rows.js';
import type { IndependentRequest } from './independent-fold.js';
import { expectedProject, noteVersion, type MadeVersions } from './model-project.js';
import { differencesOf, type RowDifference } from './row-differences.js';

/** Projects by the model's own fold, set beside their rows. */
@Injectable()
export class IndependentProject {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly folds: ReadFolds,
  ) {}

  /** @throws ReadUnavailable when events that failed before take too long. */
  async differences(request: IndependentRequest): Promise<Map<string, RowDifference[]>> {
    const { stream, stands, limit } = request;
    const stand = stands.find(({ projection }) => projection === 'projects');
    if (!stand || stand.seq === 0) return new Map();
    const made: MadeVersions = new Map();
    const events: LoggedEvent[] = [];
    for await (const event of pagedEvents(this.log, stream.streamId, stand.seq, this.database)) {
      noteVersion(made, event);
      events.push(event);
    }
    const state = await this.fold(request, events);
    const both = besideCurrent(stand.stored, expectedProject(stream, state, made));
    return new Map([[stand.projection, differencesOf(both.stored, both.expected, limit)]]);
  }

  /** Where folds of the stream have failed before it is left to a thread, which has the projection's fold alone. */
  private async fold(
    { stream: { streamId }, suspect }: IndependentRequest,
    events: LoggedEvent[],
  ): Promise<ProjectState> {
    let state = initialProject(streamId);
    if (!suspect) {
      for (const event of events) state = evolveProject(state, event);
      return state;
    }
    const context = { state, current: null, versions: [] };
    const request = { streamId, fold: 'projects', context, events, suspect } as const;
    return (await this.folds.fold<ProjectsChanges>(request)).state;
  }
}
