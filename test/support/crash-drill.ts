import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ApiClient } from './api-client.js';
import { readEvents, requestTurn, startConversation, turnEnd } from './conversation-probe.js';
import { checkHistory, type Violation } from './history-checker.js';
import { listedBesideFolded } from './listed-messages.js';
import { LiveReader } from './live-reader.js';
import type { Prng } from './prng.js';
import { untilAnswered } from './until-answered.js';

/** One conversation under fault: what was acknowledged, and what its reader saw. */
type Watched = { id: string; turnIds: string[]; acked: { seq: number }[]; reader: LiveReader };

/**
 * Traffic to be interrupted: each conversation streams turns one after another, and is posted to between them, by a client
 * that takes every refused connection as a reason to try again with the same key.
 */
export class CrashDrill {
  readonly watched: Watched[] = [];
  private stopping = false;
  private readonly clients: Promise<void>[] = [];
  /** A drill of its own: several run on one log. */
  private readonly name = randomUUID();
  private keys = 0;

  constructor(
    private readonly url: () => string,
    private readonly prng: Prng,
    /** How often the end of a turn is asked for: many conversations at once would be all that a server does. */
    private readonly pollMs = 25,
  ) {}

  async start(conversations: number): Promise<void> {
    for (let n = 0; n < conversations; n++) {
      const id = await startConversation(this.api());
      const watched: Watched = { id, turnIds: [], acked: [{ seq: 1 }], reader: new LiveReader(this.url, id) };
      this.watched.push(watched);
      this.clients.push(this.client(watched));
    }
  }

  /** The log positions that readers have seen, and what `state?at=` says there: must be the same after the fault. */
  async statesSeen(): Promise<Map<string, { at: number; state: unknown }>> {
    const states = new Map<string, { at: number; state: unknown }>();
    for (const { id, reader } of this.watched) {
      const at = reader.lastSeq;
      if (at > 0)
        states.set(id, { at, state: (await this.api().get(`/api/conversations/${id}/state?at=${at}`)).json });
    }
    return states;
  }

  /** Ends the traffic, waits until all turns have ended, and gives every broken promise. */
  async settle(before: Map<string, { at: number; state: unknown }>): Promise<Violation[]> {
    this.stopping = true;
    await Promise.all(this.clients);
    const violations: Violation[] = [];
    for (const { id, turnIds, acked, reader } of this.watched) {
      for (const turnId of turnIds) await turnEnd(this.api(), id, turnId, 60_000);
      const log = await readEvents(this.api(), id);
      const until = Date.now() + 20_000;
      while (reader.lastSeq < (log.at(-1)?.seq ?? 0) && Date.now() < until) await pause(20);
      await reader.stop();
      const reads = [{ client: 'live reader', after: 0, events: reader.events }];
      violations.push(
        ...checkHistory({
          streamId: id,
          log,
          acked,
          reads,
          projections: [await listedBesideFolded(this.api(), id, log)],
        }),
      );
      if (reader.lastSeq < (log.at(-1)?.seq ?? 0)) {
        violations.push({
          rule: 'prefix',
          detail: `${id}: the reader stays at ${reader.lastSeq} of ${log.at(-1)?.seq}`,
        });
      }
      const earlier = before.get(id);
      if (earlier) {
        const now = (await this.api().get(`/api/conversations/${id}/state?at=${earlier.at}`)).json;
        if (!isDeepStrictEqual(now, earlier.state)) {
          violations.push({
            rule: 'projection',
            detail: `${id}: the state at ${earlier.at} is another than before the fault`,
          });
        }
      }
    }
    return violations;
  }

  private api(): ApiClient {
    return new ApiClient(this.url());
  }

  private async client(watched: Watched): Promise<void> {
    while (!this.stopping) {
      const key = `${this.name}-${(this.keys += 1)}`;
      const turn = await untilAnswered(() =>
        requestTurn(this.api(), watched.id, `turn ${key}`, { 'idempotency-key': key }),
      );
      if (!turn) return;
      watched.turnIds.push(turn.turnId);
      watched.acked.push({ seq: turn.seq });
      await untilAnswered(() => turnEnd(this.api(), watched.id, turn.turnId, 60_000, this.pollMs));
      await pause(this.prng.between(0, 50));
    }
  }
}
