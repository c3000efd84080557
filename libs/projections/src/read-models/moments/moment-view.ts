import { Injectable } from '@nestjs/common';
import type { Marker } from '#model';
import { Snapshots, type Snapshot } from '../../reading/snapshots.js';
import { nothingYet, type Moment, type Standing } from './moment.js';
import { lastMoment, type MomentsOf } from './moment-rows.js';
import { MomentsProjection } from './moments.projection.js';

/** The track of one conversation in one snapshot: rows, and after them what the events after the checkpoint made. */
export type MomentView = {
  rows: MomentsOf;
  /** Moments beyond the rows, oldest first. */
  tail: Moment[];
  /** What stands at the snapshot's seq. */
  standing: Standing;
  markers: Marker[];
};

/** Exact reads of the track, however far its projection lags. */
@Injectable()
export class MomentViews {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly projection: MomentsProjection,
  ) {}

  async of(snapshot: Snapshot): Promise<MomentView> {
    const { generation, layers, changes, markers } = await this.snapshots.standing(snapshot, this.projection);
    const rows = { generation, layers };
    const tail = changes?.moments ?? [];
    const last = tail.at(-1) ?? (await lastMoment(snapshot.q, rows));
    return { rows, tail, standing: last?.standing ?? nothingYet(), markers };
  }
}
