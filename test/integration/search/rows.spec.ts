import { createPrng } from '../../support/prng.js';
import { answers } from '../../samples/answers.js';
import { chattyStory } from '../../support/chatty-story.js';
import { ForkTree } from '../../support/fork-tree.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  READER,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { rebuildProcess } from '../../support/rebuilds.js';
import { Story } from '../../support/story.js';
import { untilRebuilt } from '../../support/until-rebuilt.js';
import { verifyingOn, type Verifying } from '../../support/verifying.js';

/** The rows that search is made of: equal to two folds of the log, and written when a message comes to rest. */
jest.setTimeout(120_000);

let open: ProjectionFixture;
let verifying: Verifying;
beforeEach(async () => {
  open = await openProjections();
  verifying = verifyingOn(open);
});
afterEach(async () => {
  await verifying?.close();
  await open?.close();
});

const texts = async (q: string) =>
  (await open.searches.page(READER, { q, limit: 50 })).hits.map(({ snippet }) =>
    snippet.map(({ text }) => text).join(''),
  );

/** A conversation, event by event projected, or in one batch. */
async function told(story: Story, size = 1): Promise<string> {
  const streamId = newStreamId();
  const events = withOwnIds(story.events, streamId);
  for (let at = 0; at < events.length; at += size) {
    await appendLogged(open.log, streamId, events.slice(at, at + size));
    await open.runner.project(streamId);
  }
  return streamId;
}

it('are those of the model and of a fold from the first event, wherever batches end', async () => {
  const prng = createPrng('search rows');
  const streamId = newStreamId();
  const events = withOwnIds(chattyStory(prng, 120), streamId);
  for (let at = 0; at < events.length;) {
    const size = prng.between(1, 9);
    await appendLogged(open.log, streamId, events.slice(at, at + size));
    at += size;
    await open.runner.project(streamId);
    const { findings, report } = await verifying.verify({ streamId, projection: 'search' });
    expect({ at, findings }).toEqual({ at, findings: [] });
    expect(report.compared).toBe(1);
  }
});

it('of a fork are what it made itself, and no row of its ancestor changes', async () => {
  const tree = new ForkTree(open.log, createPrng('search forks'));
  const root = await tree.root(60);
  for (let i = 0; i < 6; i += 1) await tree.goOn(await tree.fork(root), 30);
  while ((await open.sweeper.sweep()) > 0);
  expect((await verifying.verify({ projection: 'search' })).findings).toEqual([]);
  const [row] = await open.database.query<{ inherited: number; own: number }>(
    `select count(*) filter (where m.seq < s.first_seq)::integer as inherited, count(*)::integer as own
     from search_messages m join streams s on s.stream_id = m.conversation_id`,
  );
  expect(row!.inherited).toBe(0);
  expect(row!.own).toBeGreaterThan(0);
});

describe.each([1, 1_000])('in batches of %i', (size) => {
  it('have a finished answer, a cut one as far as it came, a tool call, and chunks at their end', async () => {
    const story = new Story().start();
    const [answer] = Object.values(answers);
    story.turn('A question about quinces');
    const first = story.begin();
    story.deltas(...answer!.slice(0, 4));
    const input = { content: 'first line\nmedlar "quoted"' };
    story.complete({ content: [{ type: 'text', text: 'An answer about quinces' }] });
    const call = story.call('toolu_1', first, input);
    story.succeed('toolu_1', call, first, 'done');
    story.begin();
    story.deltas(
      { type: 'message_start', message: { role: 'assistant', content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'half of a quin' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'ce' } },
    );
    const { turnId } = story.state.turn!;
    story.append({ type: 'TurnInterrupted', data: { turnId, reason: 'runner_lost' } });
    const growing = story.post('assistant', 'a pear');
    story.do({ type: 'appendChunk', messageId: growing, chunk: ' and an app' });
    story.do({ type: 'renameConversation', title: 'Orchard' });
    story.do({ type: 'appendChunk', messageId: growing, chunk: 'le' });
    const streamId = await told(story, size);
    expect(await texts('quince ')).toEqual(['half of a quince']);
    expect(await texts('quinces ')).toEqual(['An answer about quinces', 'A question about quinces']);
    expect(await texts('medlar ')).toEqual(['{"content":"first line medlar quoted "}']);
    // it grows: it is found by what it was
    expect(await texts('pear ')).toEqual(['a pear']);
    expect(await texts('apple ')).toEqual([]);
    story.do({ type: 'completeMessage', messageId: growing });
    await appendLogged(open.log, streamId, withOwnIds(story.events.slice(-1), streamId));
    await open.runner.project(streamId);
    expect(await texts('apple ')).toEqual(['a pear and an apple']);
    expect((await verifying.verify({ streamId })).findings).toEqual([]);
  });
});

it('are not written while an answer streams, nor rewritten where its text stays', async () => {
  const written = async () => {
    const [row] = await open.database.query<{ xmins: string; place: string }>(
      `select string_agg(xmin::text, ',' order by id) as xmins, string_agg(ctid::text, ',' order by id) as place
       from search_messages`,
    );
    return row;
  };
  const story = new Story().start();
  story.turn('Hi');
  story.begin();
  const streamId = await told(story);
  const before = await written();
  const from = story.state.seq;
  story.deltas(...Array.from({ length: 300 }, () => ({ type: 'ping' })));
  for (const event of withOwnIds(story.events.slice(from), streamId)) {
    await appendLogged(open.log, streamId, [event]);
    if (event.seq % 20 === 0) await open.runner.project(streamId);
  }
  await open.runner.project(streamId);
  expect(await written()).toEqual(before);
});

it('show edits, removals, the trash, the archive and titles', async () => {
  const story = new Story().start();
  const one = story.post('user', 'an apricot');
  const two = story.post('assistant', 'a plum');
  story.do({ type: 'editMessage', messageId: one, content: 'a cherry' });
  const streamId = await told(story);
  const next = async () => {
    const events = story.events.slice(await open.log.head(streamId));
    await appendLogged(open.log, streamId, withOwnIds(events, streamId));
    await open.runner.project(streamId);
  };
  expect([await texts('apricot '), await texts('cherry ')]).toEqual([[], ['a cherry']]);
  story.do({ type: 'removeMessage', messageId: two });
  await next();
  expect(await texts('plum ')).toEqual([]);
  story.do({ type: 'trashConversation' });
  await next();
  expect(await texts('cherry ')).toEqual([]);
  story.do({ type: 'restoreConversation' });
  await next();
  story.do({ type: 'archiveConversation' });
  await next();
  story.do({ type: 'renameConversation', title: 'Fruit \ud83c' });
  await next();
  const { hits } = await open.searches.page(READER, { q: 'cherry ', limit: 5 });
  expect(hits).toMatchObject([{ archived: true, title: 'Fruit \ud83c', seq: 2 }]);
  // another branch is selected; what is on the old one is found as before
  const three = story.newId();
  story.do({ type: 'postMessage', messageId: three, role: 'user', content: 'a fig', parentId: null });
  if (story.state.leafId !== three) story.do({ type: 'selectBranch', leafId: three });
  await next();
  expect((await texts('cherry ')).length + (await texts('fig ')).length).toBe(2);
  expect((await verifying.verify({ streamId })).findings).toEqual([]);
});

it('are made anew, read from there, and rolled back', async () => {
  const story = new Story().start();
  story.post('user', 'a walnut');
  const streamId = await told(story);
  const process = rebuildProcess(open);
  const { id } = await process.rebuilds.start({ projection: 'search', requestedBy: 'test' });
  expect(await untilRebuilt(process, id)).toMatchObject({ status: 'done', differing: 0 });
  const [row] = await open.database.query<{ options: string }>(
    `select array_to_string(reloptions, ' ') as options from pg_class where relname = 'search_messages_g2'`,
  );
  expect(row?.options).toBe('fillfactor=90 toast_tuple_target=128');
  await open.database.query('delete from search_messages where generation = 1');
  expect(await texts('walnut ')).toEqual(['a walnut']);
  await process.rebuilds.repair(streamId, 'search');
  await process.rebuilds.rollback('search');
  expect(await texts('walnut ')).toEqual(['a walnut']);
});

it('are built by the workers where there is a log already, and until then search says so', async () => {
  const story = new Story().start();
  story.post('user', 'a chestnut');
  await told(story);
  await open.database.query(`delete from projection_generations where projection = 'search'`);
  await open.database.query(`delete from projection_checkpoints where projection = 'search'`);
  await open.database.query('drop table search_messages_g1, search_conversations_g1');
  open.catalog.forget();
  await expect(texts('chestnut ')).rejects.toThrow('search is being built');
  const process = rebuildProcess(open);
  const { id } = await process.rebuilds.start({ projection: 'search', requestedBy: 'test' });
  expect(await untilRebuilt(process, id)).toMatchObject({ status: 'done', liveGeneration: null });
  expect(await texts('chestnut ')).toEqual(['a chestnut']);
});
