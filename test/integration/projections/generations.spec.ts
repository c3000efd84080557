import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { currentVersions, type DomainEvent } from '#model';
import { GenerationCatalog } from '../../../libs/projections/src/checkpoints/generation-catalog.js';
import type { AnyProjection } from '../../../libs/projections/src/projection.js';
import { ProjectionRegistry } from '../../../libs/projections/src/projection-registry.js';
import { appendLogged, openProjections, READER, type ProjectionFixture } from '../../support/projections.js';

let open: ProjectionFixture;
beforeEach(async () => {
  Logger.overrideLogger(false);
  open = await openProjections();
});
afterEach(() => open?.close());

/** What a process would find whose code has these versions. */
function catalogOf(conversations: number, messages: number): GenerationCatalog {
  const versions = { conversations, messages, moments: 1, projects: 1 };
  const registry = new ProjectionRegistry(
    Object.entries(versions).map(([name, version]) => ({ name, version }) as AnyProjection),
  );
  return new GenerationCatalog(open.database, registry);
}

async function newStream(): Promise<string> {
  const streamId = randomUUID();
  const started: DomainEvent = { type: 'ConversationStarted', data: { title: 'One' } };
  await appendLogged(open.log, streamId, [
    {
      seq: 1,
      type: started.type,
      at: '',
      schemaVersion: currentVersions[started.type],
      data: started.data,
      metadata: {},
    },
  ]);
  return streamId;
}

const generations = (sql: string) => open.database.query(sql);

describe('a process', () => {
  it('starts only where its code can read one fed generation of each projection', async () => {
    await expect(open.catalog.assertReadable()).resolves.toBeUndefined();
    await expect(catalogOf(1, 2).assertReadable()).rejects.toThrow(
      'projection messages: this code has version 2, the database version 1 (live)',
    );
    // fed when the database was made, which a long run of tests has left behind
    await generations(
      `update projection_generations set status = 'retained', fed_at = now() where projection = 'messages'`,
    );
    await generations(
      `insert into projection_generations (projection, generation, version, status) values ('messages', 2, 2, 'live')`,
    );
    await expect(catalogOf(1, 2).assertReadable()).resolves.toBeUndefined();
    await expect(catalogOf(1, 1).assertReadable()).resolves.toBeUndefined();
    await generations(
      `update projection_generations set fed_at = now() - interval '11 minutes' where generation = 1`,
    );
    await expect(catalogOf(1, 1).assertReadable()).rejects.toThrow('version 1 (retained), version 2 (live)');
    await expect(catalogOf(1, 2).assertReadable()).resolves.toBeUndefined();
  });

  it('feeds the generations that it has the version of, and leaves pending for the others', async () => {
    await generations(
      `insert into projection_generations (projection, generation, version, status) values ('messages', 2, 2, 'retained')`,
    );
    const fed = await catalogOf(1, 2).fed();
    expect(fed.map(({ projection, generation }) => [projection.name, generation])).toEqual([
      ['conversations', 1],
      ['messages', 2],
      ['moments', 1],
      ['projects', 1],
    ]);
    const streamId = await newStream();
    expect(await open.runner.project(streamId)).toBe('current');
    expect(await open.database.query('select 1 from pending where stream_id = $1', [streamId])).toHaveLength(
      1,
    );
  });

  it('says that what it feeds is fed', async () => {
    await generations(`update projection_generations set fed_at = now() - interval '1 hour'`);
    await open.catalog.touch();
    const [row] = await open.database.query<{ stale: number }>(
      `select count(*)::integer as stale from projection_generations where fed_at < now() - interval '1 minute'`,
    );
    expect(row).toEqual({ stale: 0 });
  });

  it('writes nothing more of a generation that became another version, and says so', async () => {
    const streamId = await newStream();
    await open.catalog.fed();
    await generations(`update projection_generations set version = 9 where projection = 'messages'`);
    expect(await open.runner.project(streamId)).toBe('failed');
    const rows = await open.database.query(
      'select projection from projection_checkpoints where stream_id = $1 order by projection',
      [streamId],
    );
    expect(rows.map(({ projection }) => projection)).toEqual(['conversations', 'moments', 'search']);
    expect((await open.conversations.get(READER, streamId))?.conversation.title).toBe('One');
    await expect(open.messages.page(READER, streamId, { limit: 1 })).rejects.toThrow(
      'this code has version 1',
    );
  });

  it('has one live generation of a projection, never two', async () => {
    const second = `insert into projection_generations (projection, generation, version, status) values ('messages', 2, 2, 'live')`;
    await expect(generations(second)).rejects.toThrow('projection_generations_live');
  });
});
