import type { ProjectAt } from '#contracts';
import { LruCache } from './lru-cache.js';
import { placeOf, type Keyframe } from './keyframe.js';
import { MomentPage, type AnswerSoFar } from './moment-page.js';
import type { MomentSource } from './moment-source.js';
import { momentView, viewOfPage, type MomentView } from './moment-view.js';

/** Events of a page: with one state and its events a page loads in two requests, side by side with no other. */
const PAGE_EVENTS = 200;
/** Pages that are kept: 8,000 events, and about 250 keyframes that share their messages. */
const MOST_PAGES = 40;
/** The server's own answers that are kept, for positions that were only passed. */
const MOST_SNAPSHOTS = 120;
const MOST_TREES = 200;

export type MomentsOptions = {
  conversationId: string;
  /** Messages of a state; default 50. */
  messages?: number;
  pageEvents?: number;
  mostPages?: number;
};

/**
 * Every moment of one conversation, equal to the server's `state` at the same seq. What is loaded is shown at once, by a short
 * fold; what is not is asked for. Memory is bounded: the least recently used pages are forgotten.
 */
export class Moments {
  private readonly pages: LruCache<number, MomentPage>;
  private readonly snapshots = new LruCache<number, MomentView>(MOST_SNAPSHOTS);
  private readonly trees = new LruCache<string, ProjectAt | null>(MOST_TREES);
  private readonly loading = new Map<number, Promise<void>>();
  private readonly pageEvents: number;
  private readonly messages: number;
  private readonly stopping = new AbortController();
  private head = 0;
  private epoch = '';

  constructor(
    private readonly source: MomentSource,
    private readonly options: MomentsOptions,
  ) {
    this.pageEvents = options.pageEvents ?? PAGE_EVENTS;
    this.messages = options.messages ?? 50;
    this.pages = new LruCache(options.mostPages ?? MOST_PAGES);
  }

  /** Where the log ends, and of which history: what was loaded of another one is forgotten. */
  setHead(head: number, epoch: string): void {
    if (epoch !== this.epoch) for (const cache of [this.pages, this.snapshots, this.trees]) cache.clear();
    this.head = epoch === this.epoch ? Math.max(head, this.head) : head;
    this.epoch = epoch;
  }

  /** The moment right after a seq, if it can be shown from what is loaded. `filesKnown` may be false. */
  peek(seq: number): MomentView | undefined {
    const snapshot = this.snapshots.get(seq);
    if (snapshot) return snapshot;
    const frame = this.pageOf(seq)?.at(seq);
    return frame && momentView(frame, this.trees);
  }

  /** The server's answer for one moment, files included: one request. @throws what the source throws */
  async ask(seq: number, signal?: AbortSignal): Promise<MomentView> {
    const view = viewOfPage(await this.source.state(seq, { limit: this.messages, signal }));
    this.snapshots.set(seq, view);
    this.learnTree(view.project, seq);
    return view;
  }

  /** The files of a moment that can be shown already. */
  async askFiles(seq: number, signal?: AbortSignal): Promise<void> {
    const frame = this.pageOf(seq)?.at(seq);
    if (!frame) return;
    const { state } = await this.source.state(seq, { limit: 1, signal });
    const { place } = frame.tree;
    if (place) this.trees.set(place, state.project ?? null);
    else {
      const view = momentView(frame, this.trees);
      this.snapshots.set(seq, {
        ...view,
        ...(state.project && { project: state.project }),
        filesKnown: true,
      });
    }
  }

  /** Loads the page of a seq; callers that ask for the same one wait together. @throws what the source throws, or at `stop` */
  load(seq: number): Promise<void> {
    const number = this.numberOf(seq);
    const running = this.loading.get(number);
    if (running) return running;
    const page = this.pages.get(number) ?? this.newPage(number);
    const upTo = Math.min((number + 1) * this.pageEvents, this.head);
    if (!page.isShortOf(upTo)) return Promise.resolve();
    this.pages.set(number, page);
    const { epoch } = this;
    const loading = page
      .load(upTo, this.stopping.signal)
      .catch((error: unknown) => {
        // what it got before it failed stays; one that has nothing is made anew
        if (page.reached < 0) this.pages.delete(number);
        throw error;
      })
      .finally(() => {
        if (this.loading.get(number) === loading) this.loading.delete(number);
        if (epoch !== this.epoch) this.pages.delete(number);
      });
    this.loading.set(number, loading);
    return loading;
  }

  /** Whether the page of a seq needs loading. */
  isMissing(seq: number): boolean {
    if (seq < 1 || seq > this.head) return false;
    const number = this.numberOf(seq);
    const page = this.pages.peek(number);
    return !page || page.isShortOf(Math.min((number + 1) * this.pageEvents, this.head));
  }

  /** How many events a page has: what lies this far ahead is worth loading. */
  get stride(): number {
    return this.pageEvents;
  }

  /** When the event of a seq was recorded, in milliseconds; undefined where it is not loaded. */
  timeOf(seq: number): number | undefined {
    return this.pages.peek(this.numberOf(seq))?.timeOf(seq);
  }

  /** The messages before those of a view. @throws what the source throws */
  async before(
    seq: number,
    cursor: string,
    signal?: AbortSignal,
  ): Promise<Pick<MomentView, 'messages' | 'prev'>> {
    const { state, prev } = await this.source.state(seq, { limit: this.messages, before: cursor, signal });
    return { messages: state.messages, ...(prev !== undefined && { prev }) };
  }

  /** Ends what is being loaded; nothing may be asked for any more. */
  stop(): void {
    this.stopping.abort();
  }

  private pageOf(seq: number): MomentPage | undefined {
    return this.pages.get(this.numberOf(seq));
  }

  /** A page holds the seqs after its beginning, and its end. */
  private numberOf(seq: number): number {
    return Math.floor(Math.max(0, seq - 1) / this.pageEvents);
  }

  private newPage(number: number): MomentPage {
    const { conversationId } = this.options;
    return new MomentPage(number * this.pageEvents, this.source, {
      conversationId,
      epoch: this.epoch,
      messages: this.messages,
      answerBefore: (messageId, seq) => this.answerBefore(messageId, seq),
    });
  }

  private answerBefore(messageId: string, seq: number): AnswerSoFar | undefined {
    let latest: AnswerSoFar | undefined;
    for (const page of this.pages.values()) {
      const found = page.answerBefore(messageId, seq);
      if (found && found.seq > (latest?.seq ?? 0)) latest = found;
    }
    return latest;
  }

  private learnTree(project: ProjectAt | undefined, seq: number): void {
    if (project?.seq !== undefined) this.trees.set(placeOf(project.id, project.seq), project);
    const place = this.frameAt(seq)?.tree.place;
    if (place) this.trees.set(place, project ?? null);
  }

  private frameAt(seq: number): Keyframe | undefined {
    return this.pageOf(seq)?.at(seq);
  }
}
