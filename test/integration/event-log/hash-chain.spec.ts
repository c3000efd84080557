import { randomUUID } from 'node:crypto';
import {
  ChainKeyMissing,
  ChainSealer,
  ChainVerifier,
  lineageAt,
  type ChainAnchor,
  type EventLog,
} from '#event-log';
import { Database } from '#platform';
import { delta, event, eventLogOn, TENANT, unitOf } from '../../support/event-log.js';
import { cloneDatabase, createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { createPrng, type Prng } from '../../support/prng.js';
import { acts, insertStray, Vandal } from '../../support/vandal.js';

const chainKey = 'a key that is in no table, and long enough';
const MUTATIONS = 50;

let original: TestDatabase;
beforeAll(async () => void (original = await createTestDatabase()), 60_000);
afterAll(() => original?.drop());

/** Appends some events to a stream that has `head`. */
async function grow(log: EventLog, prng: Prng, streamId: string, head: number): Promise<number> {
  const count = prng.between(3, 15);
  const events = Array.from({ length: count }, (_, n) =>
    prng.next() < 0.5 ? delta(`word ${n} \u0000`) : event('Noted', { text: `note ${n}`, odd: '\ud800' }),
  );
  await log.append(unitOf(streamId, head, events));
  return head + count;
}

async function fork(log: EventLog, parentId: string, at: number): Promise<string> {
  const streamId = randomUUID();
  const lineage = lineageAt((await log.info(parentId))!, at);
  const create = {
    tenantId: TENANT,
    ownerId: 'owner',
    kind: 'conversation' as const,
    fork: { parentId, lineage },
  };
  await log.append({
    appends: [{ streamId, tenantId: TENANT, expectedSeq: at, create, events: [event('Forked')] }],
  });
  return streamId;
}

/** Some thirty streams, forks among them, sealed in four rounds; a few events are left unsealed. */
async function makeLog(prng: Prng): Promise<{ events: number; unsealed: number; anchor: ChainAnchor }> {
  const database = await Database.connect({ url: original.url });
  try {
    const log = eventLogOn(database);
    const [sealer, verifier] = [
      new ChainSealer(database, { chainKey, sealMs: 10 }),
      new ChainVerifier(database, { chainKey }),
    ];
    const heads = new Map<string, number>();
    let sealed = 0;
    for (let round = 0; round < 4; round += 1) {
      for (let n = 0; n < 6; n += 1) heads.set(randomUUID(), 0);
      for (const [streamId, head] of heads)
        if (head === 0 || prng.next() < 0.6) heads.set(streamId, await grow(log, prng, streamId, head));
      const [parentId, at] = prng.pick([...heads]);
      heads.set(await fork(log, parentId, at), at + 1);
      sealed += await sealer.sealAll();
    }
    const anchor = (await verifier.anchor())!;
    const late = [...heads].slice(0, 3);
    let unsealed = 0;
    for (const [streamId, head] of late) unsealed += (await grow(log, prng, streamId, head)) - head;
    return { events: sealed, unsealed, anchor };
  } finally {
    await database.end();
  }
}

async function onCopy<T>(work: (database: Database, url: string) => Promise<T>): Promise<T> {
  const copy = await cloneDatabase(original.url);
  const database = await Database.connect({ url: copy.url, poolSize: 2 });
  try {
    return await work(database, copy.url);
  } finally {
    await database.end();
    await copy.drop();
  }
}

const prng = createPrng('hash chain');

/** What is found wrong after a statement of a vandal: kinds and seals. */
const broken = async (sql: string) =>
  onCopy(async (database, url) => {
    const vandal = await Vandal.on(url, prng);
    await vandal.run(sql);
    await vandal.end();
    const { findings } = await new ChainVerifier(database, { chainKey }).verify();
    return findings.map(({ kind, seal }) => `${kind} ${seal}`);
  });

describe('the hash chain', () => {
  let made: Awaited<ReturnType<typeof makeLog>>;
  beforeAll(async () => void (made = await makeLog(prng)), 60_000);

  it('finds nothing wrong with a log that nobody touched, and counts what is not sealed yet', async () => {
    await onCopy(async (database) => {
      const report = await new ChainVerifier(database, { chainKey }).verify({ anchor: made.anchor });
      const { events, unsealed } = made;
      expect(report).toMatchObject({ events, unsealed, bad: 0, findings: [], lastSeal: made.anchor });
    });
  });

  it('names the first bad event of each of 50 mutations', async () => {
    const names = Object.keys(acts);
    const missed: unknown[] = [];
    const counts = new Map<string, number>();
    await onCopy(async (database, url) => {
      const vandal = await Vandal.on(url, prng);
      const verifier = new ChainVerifier(database, { chainKey });
      for (let n = 0; n < MUTATIONS; n += 1) {
        const damage =
          n === MUTATIONS - 1 ? await insertStray(vandal) : await vandal.damage(names[n % names.length]!);
        const { findings } = await verifier.verify({ anchor: made.anchor });
        const named = findings.some(
          ({ streamId, seq, kind }) =>
            streamId === damage.streamId && seq === damage.seq && damage.kinds.includes(kind),
        );
        if (named) counts.set(damage.how, (counts.get(damage.how) ?? 0) + 1);
        else missed.push({ damage, findings });
        await vandal.undo();
      }
      expect(await verifier.verify({ anchor: made.anchor })).toMatchObject({ bad: 0 });
      await vandal.end();
    });
    const found = MUTATIONS - missed.length;
    const kinds = [...counts].map(([how, count]) => `${how} ${count}`).join(', ');
    process.stderr.write(`hash chain: ${found} of ${MUTATIONS} mutations found and named (${kinds})\n`);
    expect(missed).toEqual([]);
  }, 300_000);

  it('finds the last seals cut off with all that they sealed by an anchor, and by nothing else', async () => {
    await onCopy(async (database, url) => {
      const vandal = await Vandal.on(url, prng);
      const { seal } = made.anchor;
      await vandal.run(
        `delete from events e using (select stream_id, min(from_seq) as seq from chain_runs where seal = $1 group by 1) r
         where e.stream_id = r.stream_id and e.seq >= r.seq`,
        [seal],
      );
      await vandal.run(
        'delete from streams s where not exists (select from events e where e.stream_id = s.stream_id)',
      );
      for (const table of ['chain_runs', 'chain_seals'])
        await vandal.run(`delete from ${table} where seal = $1`, [seal]);
      await vandal.end();
      const verifier = new ChainVerifier(database, { chainKey });
      expect(await verifier.verify()).toMatchObject({ bad: 0 });
      expect(await verifier.verify({ anchor: made.anchor })).toMatchObject({
        bad: 1,
        findings: [{ kind: 'cut_off', streamId: null, seal }],
      });
    });
  });

  it('finds a list of a seal that was rewritten to fit, a seal that is gone, and runs that no seal lists', async () => {
    expect(await broken('update chain_seals set runs = substr(runs, 49) where seal = 2')).toContain(
      'seal_broken 2',
    );
    expect(await broken('delete from chain_seals where seal = 2')).toContain('seal_broken 2');
    expect(
      await broken(
        `insert into chain_runs select stream_id, max(to_seq) + 1, max(to_seq) + 2, 1, '\\x00' from chain_runs group by 1 limit 1`,
      ),
    ).toContain('seal_broken 1');
  });

  it('seals nothing on top of a chain of another key, and does nothing at all without one', async () => {
    await onCopy(async (database) => {
      const other = { chainKey: 'another key that is also long enough', sealMs: 10 };
      await expect(new ChainSealer(database, other).sealAll()).rejects.toMatchObject({
        name: 'ChainKeyWrong',
      });
      expect((await new ChainVerifier(database, other).verify()).findings[0]).toMatchObject({
        kind: 'seal_broken',
        seal: 1,
      });
      await expect(new ChainVerifier(database, {}).verify()).rejects.toBeInstanceOf(ChainKeyMissing);
      expect(new ChainSealer(database, { sealMs: 10 }).enabled).toBe(false);
    });
  });
});
