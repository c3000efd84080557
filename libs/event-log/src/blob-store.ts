import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Database } from '#platform';

/** What a stored content is called, and how many bytes of UTF-8 it has. */
export type StoredBlob = { sha256: string; size: number };

type BlobRow = { sha256: string; key_id: string | null; deflated: Buffer };
type NewBlob = StoredBlob & { deflated: Buffer };

/** Compressed bytes that one insert may carry: a statement has 5 s, and its parameters are held in memory twice. */
const BATCH_BYTES = 2 * 1024 * 1024;

const PRESENT = 'select sha256 from blobs where tenant_id = $1 and sha256 = any ($2)';
const PUT = `insert into blobs (tenant_id, sha256, size, deflated)
  select $1, b.sha256, b.size, b.deflated from unnest($2::text[], $3::bigint[], $4::bytea[]) as b (sha256, size, deflated)
  order by b.sha256
  on conflict do nothing`;
const GET = 'select sha256, key_id, deflated from blobs where tenant_id = $1 and sha256 = any ($2)';

const compress = promisify(deflate);
const decompress = promisify(inflate);

/** Contents by their SHA-256, compressed, each once a tenant: what is too large for an event. */
@Injectable()
export class BlobStore {
  constructor(private readonly database: Database) {}

  /**
   * All contents are durable once it resolves: only then append the events that name them. Equal contents are stored once;
   * repeating it is harmless. Given in the order of the contents, which must be well-formed text.
   */
  async put(tenantId: string, contents: readonly string[]): Promise<StoredBlob[]> {
    const named = contents.map((content) => {
      const bytes = Buffer.from(content, 'utf8');
      return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, bytes };
    });
    const present = await this.present(
      tenantId,
      named.map(({ sha256 }) => sha256),
    );
    const missing = new Map(
      named.filter(({ sha256 }) => !present.has(sha256)).map((one) => [one.sha256, one]),
    );
    let batch: NewBlob[] = [];
    let batchBytes = 0;
    for (const { sha256, size, bytes } of missing.values()) {
      const deflated = await compress(bytes);
      batch.push({ sha256, size, deflated });
      batchBytes += deflated.length;
      if (batchBytes < BATCH_BYTES) continue;
      await this.insert(tenantId, batch);
      [batch, batchBytes] = [[], 0];
    }
    await this.insert(tenantId, batch);
    return named.map(({ sha256, size }) => ({ sha256, size }));
  }

  /** @throws Error when the tenant has no such content, or it is damaged: a log that names it is then incomplete. */
  async get(tenantId: string, sha256: string): Promise<string> {
    return (await this.getMany(tenantId, [sha256])).get(sha256)!;
  }

  /** The same, for a name that may be anyone's: null where the tenant has no such content. */
  async find(tenantId: string, sha256: string): Promise<string | null> {
    const [row] = await this.database.query<BlobRow>(GET, [tenantId, [sha256]]);
    return row ? contentOf(row) : null;
  }

  /** By hash, each content as it was put. @throws as `get` */
  async getMany(tenantId: string, sha256s: readonly string[]): Promise<Map<string, string>> {
    const wanted = [...new Set(sha256s)];
    const contents = new Map<string, string>();
    if (wanted.length === 0) return contents;
    const rows = await this.database.query<BlobRow>(GET, [tenantId, wanted]);
    for (const row of rows) contents.set(row.sha256, await contentOf(row));
    const absent = wanted.find((sha256) => !contents.has(sha256));
    if (absent !== undefined) throw new Error(`there is no blob ${absent}`);
    return contents;
  }

  private async present(tenantId: string, sha256s: string[]): Promise<Set<string>> {
    if (sha256s.length === 0) return new Set();
    const rows = await this.database.query<{ sha256: string }>(PRESENT, [tenantId, sha256s]);
    return new Set(rows.map(({ sha256 }) => sha256));
  }

  /** In the order of their keys, so that two writers of the same contents wait for each other and never deadlock. */
  private async insert(tenantId: string, blobs: NewBlob[]): Promise<void> {
    if (blobs.length === 0) return;
    await this.database.query(PUT, [
      tenantId,
      blobs.map(({ sha256 }) => sha256),
      blobs.map(({ size }) => size),
      blobs.map(({ deflated }) => deflated),
    ]);
  }
}

async function contentOf({ sha256, key_id: keyId, deflated }: BlobRow): Promise<string> {
  if (keyId !== null)
    throw new Error(`blob ${sha256} is encrypted with key ${keyId}, which this process does not hold`);
  const bytes = await decompress(deflated);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Error(`blob ${sha256} is damaged`);
  return bytes.toString('utf8');
}
