import type { OwnConnection } from '#platform';
import type { ChainFindings } from './chain-findings.js';
import type { ChainMacs } from './chain-macs.js';
import type { ChainAnchor } from './chain-types.js';
import { decodeRuns, type SealedRun } from './seal-list.js';

/** A run that a seal lists. */
export type VouchedRun = SealedRun & { seal: number };

type SealRow = { seal: number; runs: Buffer; mac: Buffer; listed: number };

/** A list has at most 2,000 runs of 48 bytes. */
const PAGE = 50;
const SEALS = `select s.seal, s.runs, s.mac,
    (select count(*) from chain_runs r where r.seal = s.seal)::integer as listed
  from chain_seals s where s.seal > $1 and s.seal <= $2 order by s.seal limit ${PAGE}`;

/**
 * Goes over the seals up to `last` in their order and gives the runs that each lists, a page of seals at a time. A seal that is
 * missing, or is not what the key gives, is a finding; what a broken one lists is looked at all the same.
 */
export async function* walkSeals(
  connection: OwnConnection,
  macs: ChainMacs,
  last: number,
  findings: ChainFindings,
  anchor?: ChainAnchor,
): AsyncGenerator<{ runs: VouchedRun[]; seal: number }> {
  const broken = (seal: number, what: string) =>
    findings.add({ kind: 'seal_broken', streamId: null, seq: null, seal, what });
  let before: { seal: number; mac: Buffer | null } = { seal: 0, mac: null };
  for (;;) {
    const { rows } = await connection.query(SEALS, [before.seal, last]);
    if (rows.length === 0) break;
    const vouched: VouchedRun[] = [];
    for (const { seal, runs, mac, listed } of rows as SealRow[]) {
      const list = decodeRuns(runs) ?? [];
      if (seal !== before.seal + 1)
        broken(before.seal + 1, `seals ${before.seal + 1} to ${seal - 1} are gone`);
      else if (!macs.seal(seal, before.mac, runs).equals(mac))
        broken(seal, `seal ${seal} is not what the key gives: it, or the one before it, was changed`);
      else if (anchor?.seal === seal && mac.toString('hex') !== anchor.mac)
        broken(seal, `seal ${seal} is not the anchor's: the chain was made anew`);
      if (listed > list.length)
        broken(seal, `${listed} runs say that they are of seal ${seal}, which lists ${list.length}`);
      vouched.push(...list.map((run) => ({ ...run, seal })));
      before = { seal, mac };
    }
    yield { runs: vouched, seal: before.seal };
  }
  if (anchor && anchor.seal > before.seal)
    findings.add({
      kind: 'cut_off',
      streamId: null,
      seq: null,
      seal: before.seal + 1,
      what: `the chain ends at seal ${before.seal}, the anchor is seal ${anchor.seal}: seals were cut off, with what they sealed`,
    });
}
