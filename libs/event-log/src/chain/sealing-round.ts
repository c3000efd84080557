import { Logger } from '@nestjs/common';
import type { OwnConnection } from '#platform';
import { ChainKeyWrong } from './chain-key-wrong.js';
import { batchesOf, linkRuns, type LinkedRun } from './chain-linker.js';
import type { ChainMacs } from './chain-macs.js';
import { encodeRuns } from './seal-list.js';
import { allUnsealed, unsealedSince } from './unsealed-streams.js';

/** Any number that nothing else in the database locks. */
const SEAL_LOCK = 7_041_766_202;
/** Every stream is looked at so often, whatever its times say. */
const FULL_MS = 3_600_000;
/** An event's time is taken before its commit, which has 5 s, and the wait for the disk. */
const MARGIN = '15 seconds';

const LAST_TWO = 'select seal, runs, mac from chain_seals order by seal desc limit 2';
const ADD_SEAL = 'insert into chain_seals (seal, runs, mac) values ($1, $2, $3)';
const ADD_RUNS = `insert into chain_runs (stream_id, from_seq, to_seq, seal, macs)
  select r.stream_id, r.from_seq, r.to_seq, $1, r.macs
  from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bytea[]) as r (stream_id, from_seq, to_seq, macs)`;

type Seal = { number: number; mac: Buffer };

/** Seals in rounds over one connection. It remembers when it looked last, so that a round costs what was appended since. */
export class SealingRound {
  private readonly logger = new Logger('ChainSealer');
  private lookedAt: string | null = null;
  private fullAt = -Infinity;

  constructor(
    private readonly connection: OwnConnection,
    private readonly macs: ChainMacs,
  ) {}

  /** Gives how many events it sealed; `busy`: someone else is sealing. `all` looks at every stream, `due` where it is time. */
  async run(which: 'all' | 'due', signal?: AbortSignal): Promise<number | 'busy'> {
    if (!(await this.ask<boolean>('select pg_try_advisory_lock($1) as value', [SEAL_LOCK]))) return 'busy';
    try {
      return await this.sealBehind(which, signal);
    } finally {
      await this.connection.query('select pg_advisory_unlock($1)', [SEAL_LOCK]);
    }
  }

  private async sealBehind(which: 'all' | 'due', signal?: AbortSignal): Promise<number> {
    const now = await this.ask<string>(`select clock_timestamp() - interval '${MARGIN}' as value`);
    const full = which === 'all' || this.lookedAt === null || performance.now() - this.fullAt > FULL_MS;
    const pages = full ? allUnsealed(this.connection) : unsealedSince(this.connection, this.lookedAt!);
    let last = await this.lastSeal();
    let sealed = 0;
    for await (const streams of pages) {
      for (const batch of batchesOf(streams)) {
        if (signal?.aborted) return sealed;
        const { runs, gaps } = await linkRuns(this.connection, this.macs, batch);
        for (const { streamId, seq } of gaps)
          this.logger.error(`stream ${streamId} has no event ${seq}: nothing vouches for what follows there`);
        if (runs.length > 0) last = await this.seal(runs, last);
        sealed += runs.reduce((sum, { from, to }) => sum + to - from + 1, 0);
      }
    }
    this.lookedAt = now;
    if (full) this.fullAt = performance.now();
    return sealed;
  }

  /** @throws ChainKeyWrong where it is not this key's: what is sealed on top of it would vouch for it. */
  private async lastSeal(): Promise<Seal | null> {
    const { rows } = await this.connection.query(LAST_TWO);
    const [last, before] = rows as { seal: number; runs: Buffer; mac: Buffer }[];
    if (!last) return null;
    if (!this.macs.seal(last.seal, before?.mac ?? null, last.runs).equals(last.mac))
      throw new ChainKeyWrong(last.seal);
    return { number: last.seal, mac: last.mac };
  }

  private async seal(runs: readonly LinkedRun[], last: Seal | null): Promise<Seal> {
    const number = (last?.number ?? 0) + 1;
    const list = encodeRuns(runs);
    const mac = this.macs.seal(number, last?.mac ?? null, list);
    await this.connection.query('begin');
    try {
      await this.connection.query(ADD_SEAL, [number, list, mac]);
      await this.connection.query(ADD_RUNS, [
        number,
        runs.map(({ streamId }) => streamId),
        runs.map(({ from }) => from),
        runs.map(({ to }) => to),
        runs.map(({ macs }) => macs),
      ]);
      await this.connection.query('commit');
    } catch (error) {
      await this.connection.query('rollback');
      throw error;
    }
    return { number, mac };
  }

  private async ask<T>(sql: string, values: unknown[] = []): Promise<T> {
    return (await this.connection.query(sql, values)).rows[0].value as T;
  }
}
