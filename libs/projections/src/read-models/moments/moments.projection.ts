import { Injectable } from '@nestjs/common';
import { initialState } from '#model';
import type { Queryable } from '#platform';
import type { LoadRequest, Projection, ProjectionTarget, SeamRequest } from '../../projection.js';
import type { ReadModelRows } from '../../tables/read-model-table.js';
import { nothingYet } from './moment.js';
import { lastMoment } from './moment-rows.js';
import { momentsTable } from './moments-table.js';
import { withoutMessages, type MomentsChanges, type MomentsContext } from './moments.fold.js';

/** The track of a conversation: its marks, and what stood at each of them. */
@Injectable()
export class MomentsProjection implements Projection<MomentsContext, MomentsChanges> {
  readonly name = 'moments';
  readonly version = 1;
  readonly kind = 'conversation';
  readonly foldName = 'moments';
  readonly tables = [momentsTable];

  /** All that the next fold needs is kept with the checkpoint: no row is read. */
  async load(_q: Queryable, { streamId, state, events }: LoadRequest): Promise<MomentsContext | null> {
    if (events.length === 0) return null;
    return (state as MomentsContext | null) ?? { state: initialState(streamId), standing: nothingYet() };
  }

  async seamState(q: Queryable, { generation, conversation, layers }: SeamRequest): Promise<MomentsContext> {
    const last = await lastMoment(q, { generation, layers });
    return { state: withoutMessages(conversation), standing: last?.standing ?? nothingYet() };
  }

  async write(q: Queryable, target: ProjectionTarget, { moments }: MomentsChanges): Promise<void> {
    await momentsTable.insert(q, target, moments);
  }

  rowsOf(target: ProjectionTarget, { moments }: MomentsChanges): ReadModelRows[] {
    return [{ table: momentsTable, rows: momentsTable.rows(target, moments) }];
  }
}
