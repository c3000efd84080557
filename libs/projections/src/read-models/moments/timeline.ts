import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import type { Reader } from '../../reading/reader.js';
import { Snapshots, type Snapshot } from '../../reading/snapshots.js';
import { chosenMarks } from './chosen-marks.js';
import type { MarkCounts, MarkKind, Moment } from './moment.js';
import { marksNumbered, marksUpTo } from './moment-rows.js';
import { MomentViews, type MomentView } from './moment-view.js';

/** Most marks of a timeline: more than a slider has pixels. */
export const MOST_MARKS = 2_000;
/** Forks off it that a timeline shows; where there are more they are thinned like other marks. */
const MOST_FORKS = 200;
/** Stretches of the density strip, at most. */
export const STRETCHES = 200;

/** A point of the track. */
export type TimelineMark = {
  seq: number;
  at: string;
  kind: MarkKind;
  label?: string;
  subjectId?: string;
  /** Of a version: its number in the project `subjectId`. */
  version?: number;
  /** How many marks of its kind it stands for, itself included: those since the one of its kind before it. */
  count: number;
};

/** The track of a conversation from its first event to `seq`. */
export type ConversationTimeline = {
  seq: number;
  epoch: string;
  /** By seq. */
  marks: TimelineMark[];
  /** All marks by kind, also those that are not shown. */
  totals: MarkCounts;
  /** How many marks fall into each of the stretches of equally many events that the track is cut into. */
  density: number[];
};

/** Timelines from running totals: which marks to show is decided by numbers, and each shown one is one look-up. */
@Injectable()
export class Timelines {
  constructor(
    private readonly log: EventLog,
    private readonly snapshots: Snapshots,
    private readonly moments: MomentViews,
  ) {}

  of(reader: Reader, id: string, at?: number): Promise<ConversationTimeline | null> {
    return this.snapshots.read(reader, id, at, async (snapshot) => {
      const view = await this.moments.of(snapshot);
      const { counts } = view.standing;
      const forks = await this.forks(snapshot);
      const children = forks.reduce((total, { count }) => total + count, 0);
      const marks = await this.marks(snapshot, view, MOST_MARKS - forks.length);
      return {
        seq: snapshot.at,
        epoch: snapshot.epoch,
        marks: [...marks, ...forks].toSorted((a, b) => a.seq - b.seq),
        totals: { ...counts, fork: counts.fork + children },
        density: await this.density(snapshot, view),
      };
    });
  }

  /** Where others were forked off: their logs tell, not this one. */
  private async forks({ q, stream, at }: Snapshot): Promise<TimelineMark[]> {
    const forks = await this.log.forks(stream.streamId, { upTo: at, limit: MOST_FORKS }, q);
    return forks.map(({ streamId, at: seq, createdAt, count }) => {
      return { seq, at: createdAt, kind: 'fork', label: 'child', subjectId: streamId, count };
    });
  }

  private async marks(
    { q }: Snapshot,
    { rows, tail, standing }: MomentView,
    most: number,
  ): Promise<TimelineMark[]> {
    const chosen = chosenMarks(standing.counts, most);
    const counts = new Map(chosen.map(({ kind, n, count }) => [`${kind} ${n}`, count]));
    const isChosen = ({ mark }: Moment) => mark !== null && counts.has(`${mark.kind} ${mark.n}`);
    const inTail = tail.filter(isChosen);
    const found = [...(await marksNumbered(q, rows, chosen)), ...inTail];
    return found
      .toSorted((a, b) => a.seq - b.seq)
      .flatMap(({ seq, at, mark }) => {
        if (!mark) return [];
        const { kind, n, label, subjectId, version } = mark;
        return {
          seq,
          at,
          kind,
          ...(label !== null && { label }),
          ...(subjectId !== null && { subjectId }),
          ...(version !== null && { version }),
          count: counts.get(`${kind} ${n}`) ?? 1,
        };
      });
  }

  private async density({ q, stream, at }: Snapshot, { rows, tail }: MomentView): Promise<number[]> {
    const stretches = Math.min(STRETCHES, at);
    const ends = Array.from({ length: stretches }, (_, i) => Math.round(((i + 1) * at) / stretches));
    const stored = await marksUpTo(q, rows, ends);
    const children = await this.log.forkCounts(stream.streamId, ends, q);
    let before = 0;
    return ends.map((end, i) => {
      const inTail = tail.filter(({ mark, seq }) => mark && seq <= end).length;
      const upTo = (stored.get(end) ?? 0) + inTail;
      const marks = upTo - before + (children[i] ?? 0);
      before = upTo;
      return marks;
    });
  }
}
