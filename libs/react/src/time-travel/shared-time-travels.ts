import type { ChatLogClient } from '#client';
import { clientMoments } from './moments/client-moments.js';
import { TimeTravel } from './time-travel.js';

/** How long what was loaded is kept when nobody looks any more: a page that is left and entered again shows it at once. */
const LINGER_MS = 30_000;

type Held = {
  travel: TimeTravel;
  holders: number;
  unfollow?: () => void;
  timer?: ReturnType<typeof setTimeout>;
};

const all = new WeakMap<ChatLogClient, SharedTimeTravels>();

/** The sliders of a page: everyone who looks at the same conversation shares one, and with it the position. */
export class SharedTimeTravels {
  private readonly held = new Map<string, Held>();

  private constructor(private readonly client: ChatLogClient) {}

  static of(client: ChatLogClient): SharedTimeTravels {
    const known = all.get(client) ?? new SharedTimeTravels(client);
    all.set(client, known);
    return known;
  }

  get(conversationId: string): TimeTravel {
    return this.entry(conversationId).travel;
  }

  /**
   * Keeps it, loads its track once the messages are read (a page shows them first), and lets it grow with the log, until the
   * function that is given is called, and some time beyond. */
  hold(conversationId: string): () => void {
    const held = this.entry(conversationId);
    held.holders += 1;
    clearTimeout(held.timer);
    held.unfollow ??= this.follow(conversationId, held.travel);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      held.holders -= 1;
      if (held.holders === 0) this.linger(conversationId, held);
    };
  }

  private entry(conversationId: string): Held {
    const known = this.held.get(conversationId);
    if (known) return known;
    const source = clientMoments(this.client, conversationId);
    const held: Held = { travel: new TimeTravel(source, { conversationId }), holders: 0 };
    this.held.set(conversationId, held);
    this.linger(conversationId, held);
    return held;
  }

  private follow(conversationId: string, travel: TimeTravel): () => void {
    const live = this.client.live.get(conversationId);
    const release = this.client.live.hold(live);
    let isAsked = false;
    const look = () => {
      const { status, conversation } = live.getSnapshot();
      if (isAsked) travel.follow(conversation?.seq ?? 0);
      else if (status === 'ready' || status === 'refused') {
        isAsked = true;
        void travel.refresh();
      }
    };
    look();
    const end = live.subscribe(look);
    return () => {
      end();
      release();
    };
  }

  private linger(conversationId: string, held: Held): void {
    held.timer = setTimeout(() => {
      this.held.delete(conversationId);
      held.unfollow?.();
      held.travel.stop();
    }, LINGER_MS);
  }
}
