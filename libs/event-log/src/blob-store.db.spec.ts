import { createHash } from 'node:crypto';
import { BlobStore } from '#event-log';
import { openEventLog, type LogFixture } from '../../../test/support/event-log.js';

let open: LogFixture;
let blobs: BlobStore;
beforeAll(async () => {
  open = await openEventLog();
  blobs = new BlobStore(open.database);
});
afterAll(() => open?.close());

const sha = (content: string) => createHash('sha256').update(content).digest('hex');
const count = async (tenant: string) =>
  (
    await open.database.query<{ n: number }>('select count(*)::int as n from blobs where tenant_id = $1', [
      tenant,
    ])
  )[0]!.n;

/** Hex of hashes is as good as random: it does not shrink by much. */
function large(n: number): string {
  let text = '';
  for (let i = 0; text.length < 1_048_576; i += 1) text += sha(`${n} ${i}`);
  return text;
}

describe('BlobStore', () => {
  it('names contents by hash and size, in order, and gives them back', async () => {
    const contents = ['', 'é😀\u0000\r\n', 'twice', 'twice', 'x'.repeat(1_000_000)];
    const stored = await blobs.put('one', contents);
    expect(stored).toEqual(contents.map((text) => ({ sha256: sha(text), size: Buffer.byteLength(text) })));
    expect(await count('one')).toBe(4);
    const found = await blobs.getMany(
      'one',
      stored.map(({ sha256 }) => sha256),
    );
    expect(contents.map((text) => found.get(sha(text)))).toEqual(contents);
    expect(await blobs.get('one', sha('twice'))).toBe('twice');
  });

  it('keeps them compressed', async () => {
    await blobs.put('small', ['words '.repeat(100_000)]);
    const [row] = await open.database.query<{ bytes: number }>(
      `select length(deflated) as bytes from blobs where tenant_id = 'small'`,
    );
    expect(row!.bytes).toBeLessThan(10_000);
  });

  it('takes a project of the largest size', async () => {
    const contents = Array.from({ length: 20 }, (_, n) => large(n));
    const stored = await blobs.put('full', contents);
    expect(
      (
        await blobs.getMany(
          'full',
          stored.map(({ sha256 }) => sha256),
        )
      ).size,
    ).toBe(20);
  }, 60_000);

  it('stores a content once, however many write it at once', async () => {
    const contents = Array.from({ length: 30 }, (_, n) => `content ${n}`);
    const writers = Array.from({ length: 12 }, (_, n) => (n % 2 ? contents : contents.toReversed()));
    await Promise.all(writers.map((own) => blobs.put('many', own)));
    expect(await count('many')).toBe(30);
  });

  it("has nothing of another tenant's", async () => {
    await blobs.put('one', ['mine']);
    await expect(blobs.get('other', sha('mine'))).rejects.toThrow('no blob');
  });

  it('tells a damaged content', async () => {
    const [stored] = await blobs.put('one', ['whole']);
    await open.database.query(
      `update blobs set deflated = (select deflated from blobs where tenant_id = 'one' and sha256 = $2)
       where tenant_id = 'one' and sha256 = $1`,
      [stored!.sha256, sha('')],
    );
    await expect(blobs.get('one', stored!.sha256)).rejects.toThrow('damaged');
  });
});
