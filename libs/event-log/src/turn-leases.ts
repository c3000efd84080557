import type { Database } from '#platform';
import type { OpenTurn, TurnLease } from './turn-types.js';

type OpenTurnRow = {
  stream_id: string;
  turn_id: string;
  owner: string | null;
  attempts: number;
  requested_at: string;
  requested_age_ms: number;
  lease_runs: boolean;
  started_at: string | null;
};

/** The table `turns`: which turns are open, and who runs them. Every comparison of times is the database's. */
export class TurnLeases {
  constructor(private readonly database: Database) {}

  async claim({ streamId, turnId, owner, leaseMs }: TurnLease): Promise<boolean> {
    return this.ask('claim_turn', [streamId, turnId, owner, leaseMs]);
  }

  async renew({ streamId, turnId, owner, leaseMs }: TurnLease): Promise<boolean> {
    return this.ask('renew_lease', [streamId, turnId, owner, leaseMs]);
  }

  async open(
    state: 'unowned' | 'expired' | 'any',
    streamId: string | null,
    limit: number,
  ): Promise<OpenTurn[]> {
    const { rows } = await this.database.run({
      name: 'event_log_open_turns',
      text: 'select * from open_turns($1, $2, $3)',
      values: [state, streamId, limit],
    });
    return (rows as OpenTurnRow[]).map((row) => ({
      streamId: row.stream_id,
      turnId: row.turn_id,
      owner: row.owner,
      attempts: row.attempts,
      requestedAt: row.requested_at,
      requestedAgeMs: row.requested_age_ms,
      leaseRuns: row.lease_runs,
      startedAt: row.started_at,
    }));
  }

  private async ask(name: 'claim_turn' | 'renew_lease', values: unknown[]): Promise<boolean> {
    const { rows } = await this.database.run({
      name: `event_log_${name}`,
      text: `select ${name}($1, $2, $3, $4) as yes`,
      values,
    });
    return (rows[0] as { yes: boolean }).yes;
  }
}
