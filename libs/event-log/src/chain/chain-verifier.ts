import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Database, withOwnConnection, type Config, type OwnConnection } from '#platform';
import { ChainFindings } from './chain-findings.js';
import { ChainKeyMissing } from './chain-key-missing.js';
import { ChainMacs } from './chain-macs.js';
import type { ChainAnchor, ChainFinding, ChainProgress, ChainReport } from './chain-types.js';
import { walkSeals } from './seal-walk.js';
import { checkSealedEvents } from './sealed-events.js';
import { checkUnsealed } from './unsealed-check.js';

export type ChainVerification = {
  /** Kept since an earlier verification or backup: without it seals that were cut off at the end are not missed. */
  anchor?: ChainAnchor;
  onProgress?: (progress: ChainProgress) => void;
  /** Called for each, also those beyond what the report keeps. */
  onFinding?: (finding: ChainFinding) => void;
  signal?: AbortSignal;
};

const LAST = 'select seal, mac from chain_seals order by seal desc limit 1';

/** Compares the whole log, as it is stored, with its hash chain, in bounded memory, while the log goes on. */
@Injectable()
export class ChainVerifier {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<Config, 'chainKey'>,
  ) {}

  /**
   * Names the first bad event of each stream, and each bad seal.
   * @throws ChainKeyMissing
   */
  async verify({
    anchor,
    onProgress = () => undefined,
    onFinding = () => undefined,
    signal,
  }: ChainVerification = {}): Promise<ChainReport> {
    const { chainKey } = this.config;
    if (chainKey === undefined) throw new ChainKeyMissing();
    const macs = new ChainMacs(chainKey);
    const findings = new ChainFindings(onFinding);
    return withOwnConnection(this.database.url, 'verify', async (connection) => {
      const lastSeal = await lastOf(connection);
      const last = lastSeal?.seal ?? 0;
      let events = 0;
      for await (const { runs, seal } of walkSeals(connection, macs, last, findings, anchor)) {
        signal?.throwIfAborted();
        events += await checkSealedEvents(connection, macs, runs, findings);
        onProgress({ events, seals: seal, sealsTotal: last, bad: findings.count });
      }
      const beyond = await checkUnsealed(connection, last, findings);
      onProgress({ events, seals: last, sealsTotal: last, bad: findings.count });
      return { ...beyond, seals: last, events, bad: findings.count, findings: findings.kept, lastSeal };
    });
  }

  /** The last seal as it stands now, to be kept elsewhere; null: nothing was sealed. Needs no key. */
  anchor(): Promise<ChainAnchor | null> {
    return withOwnConnection(this.database.url, 'anchor', lastOf);
  }
}

async function lastOf(connection: OwnConnection): Promise<ChainAnchor | null> {
  const [row] = (await connection.query(LAST)).rows as { seal: number; mac: Buffer }[];
  return row ? { seal: row.seal, mac: row.mac.toString('hex') } : null;
}
