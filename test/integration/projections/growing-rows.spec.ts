import { setTimeout as pause } from 'node:timers/promises';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  READER,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { Story } from '../../support/story.js';

let open: ProjectionFixture;
beforeAll(async () => void (open = await openProjections()));
afterAll(() => open?.close());

const DELTAS = 2_000;
/** 2,000 deltas of 50 characters: about 100 KB. */
const text = 'All work and no play makes Jack a dull boy, he said.'.slice(0, 50);

type Row = { folded_seq: number; length: number; place: string };

async function currentRow(id: string): Promise<Row> {
  const [row] = await open.database.query<Row>(
    'select folded_seq, length(content::text) as length, ctid::text as place from messages where id = $1 and valid_to is null',
    [id],
  );
  return row!;
}

async function expectExact(streamId: string, at: number): Promise<void> {
  const oracle = new Oracle(streamId, await eventsUpTo(open.log, streamId, at), await open.log.epoch());
  expect((await open.messages.page(READER, streamId, { limit: 100, at })).items).toEqual(oracle.page());
}

/** Appends the story bit by bit from `from` and projects after each bit: how often the row was written, and with how much content in all. */
async function grow(streamId: string, story: Story, from: number, bit: number, id: string) {
  const events = withOwnIds(story.events, streamId);
  const written = new Set<number>();
  let characters = 0;
  for (let at = from; at < events.length; at += bit) {
    await appendLogged(open.log, streamId, events.slice(at, at + bit));
    await open.runner.project(streamId);
    const row = await currentRow(id);
    if (!written.has(row.folded_seq)) characters += row.length;
    written.add(row.folded_seq);
    if (at % (bit * 20) === 0) await expectExact(streamId, Math.min(at + bit, events.length));
  }
  return { writes: written.size, characters };
}

describe('the row of a message in flight', () => {
  it('is written a few times for an answer of 100 KB, and reads are exact all the while', async () => {
    const story = new Story().start();
    story.turn('Write.');
    const id = story.begin();
    const begun = story.events.length;
    story.deltas(
      { type: 'message_start', message: { content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    );
    story.deltas(
      ...Array.from({ length: DELTAS }, () => ({
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'text_delta', text },
      })),
    );
    const streamId = newStreamId();
    const ownId = withOwnIds([{ ...story.events[0]!, data: { id } }], streamId)[0]!.data as { id: string };
    await appendLogged(open.log, streamId, withOwnIds(story.events, streamId).slice(0, begun));
    await open.runner.project(streamId);
    const { writes, characters } = await grow(streamId, story, begun, 20, ownId.id);
    // 2 ** 11 > 2,000, and the first
    expect(writes).toBeGreaterThan(2);
    expect(writes).toBeLessThan(13);
    // 1 + 1/2 + 1/4 … = twice the answer
    expect(characters).toBeLessThan(3 * DELTAS * text.length);
    await pause(260);
    const row = await currentRow(ownId.id);
    story.end();
    await appendLogged(open.log, streamId, withOwnIds(story.events, streamId).slice(-1));
    await open.runner.project(streamId);
    await expectExact(streamId, await open.log.head(streamId));
    // the answer's own version is over, and empty; a read in the middle of it folds its deltas
    const [over] = await open.database.query<{ content: string }>(
      'select content from messages where id = $1 and valid_to is not null',
      [ownId.id],
    );
    expect(over?.content).toBe('');
    await expectExact(streamId, row.folded_seq);
    await expectExact(streamId, begun + 7);
  }, 60_000);

  it('is written a few times while chunks are appended, and at once when something else happens', async () => {
    const story = new Story().start();
    const id = story.post('assistant', '');
    const begun = story.events.length;
    for (let i = 0; i < 400; i += 1) story.do({ type: 'appendChunk', messageId: id, chunk: text });
    const streamId = newStreamId();
    const ownId = (withOwnIds([{ ...story.events[0]!, data: { id } }], streamId)[0]!.data as { id: string })
      .id;
    await appendLogged(open.log, streamId, withOwnIds(story.events, streamId).slice(0, begun));
    await open.runner.project(streamId);
    const { writes } = await grow(streamId, story, begun, 2, ownId);
    expect(writes).toBeGreaterThan(2);
    // 2 ** 9 > 400, and what was not yet due when it had doubled
    expect(writes).toBeLessThan(14);
    expect((await currentRow(ownId)).length).toBeLessThan(400 * text.length);
    story.post('user', 'Meanwhile');
    await appendLogged(open.log, streamId, withOwnIds(story.events, streamId).slice(-1));
    await open.runner.project(streamId);
    expect((await currentRow(ownId)).length).toBe(400 * text.length + 2);
    await expectExact(streamId, await open.log.head(streamId));
  }, 60_000);

  it('stays on its page while it grows: no index is touched', async () => {
    const [row] = await open.database.query<{ columns: string[] }>(
      `select array_agg(distinct a.attname::text) as columns from pg_index i
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
       where i.indrelid in ('messages_g1'::regclass) or i.indrelid in ('conversations_g1'::regclass) and i.indisprimary`,
    );
    const growing = [
      'content',
      'blocks',
      'metadata',
      'streaming_status',
      'updated_seq',
      'folded_seq',
      'updated_at',
      'written_at',
      'valid_to',
    ];
    expect(row!.columns.filter((column) => growing.includes(column))).toEqual([]);
    const [conversations] = await open.database.query<{ columns: string[] }>(
      `select array_agg(distinct a.attname::text) as columns from pg_index i
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey) where i.indrelid = 'conversations_g1'::regclass`,
    );
    expect(conversations!.columns).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/leaf_id|updated/)]),
    );
  });
});
