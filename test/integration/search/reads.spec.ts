import { CursorInvalid, SearchRefused, type SearchRequest } from '#projections';
import { foldText } from '../../../libs/projections/src/read-models/search/folded-text.js';
import { wordVector } from '../../../libs/projections/src/read-models/search/word-vector.js';
import { TENANT } from '../../support/event-log.js';
import { createPrng } from '../../support/prng.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  READER,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { Story } from '../../support/story.js';

/** Who finds what, in which order, and by which question. */
jest.setTimeout(120_000);

let open: ProjectionFixture;
beforeAll(async () => {
  open = await openProjections();
});
afterAll(() => open?.close());

type More = { owner?: string; project?: boolean };

/** A conversation with these messages, projected. */
async function talk(contents: string[], { owner = 'owner', project = true }: More = {}): Promise<string> {
  const streamId = newStreamId();
  const story = new Story().start('A title');
  for (const content of contents) story.post('assistant', content);
  await appendLogged(open.log, streamId, withOwnIds(story.events, streamId), owner);
  if (project) await open.runner.project(streamId);
  return streamId;
}

const page = (request: Partial<SearchRequest> & { q: string }, reader: object = READER) =>
  open.searches.page({ ...READER, ...reader }, { limit: 50, ...request });
const seqs = async (q: string, reader?: object) => (await page({ q }, reader)).hits.map(({ seq }) => seq);

/** Whose willows the reader finds. */
const willows = async (reader: object) =>
  (await page({ q: 'willow ' }, reader)).hits.map(({ conversationId }) => conversationId);

it('nobody finds what is another owner’s or another tenant’s', async () => {
  const mine = await talk(['my secret willow']);
  const theirs = await talk(['their secret willow'], { owner: 'another' });
  expect(await willows({})).toEqual([mine]);
  expect(await willows({ userId: 'another' })).toEqual([theirs]);
  expect(await willows({ userId: 'nobody' })).toEqual([]);
  expect(await willows({ tenantId: 'elsewhere' })).toEqual([]);
  expect((await willows({ userId: undefined })).toSorted()).toEqual([mine, theirs].toSorted());
  // inside of words, and by every filter, it is the same
  for (const q of ['illo ', 'willow or secret ', '"secret willow" '])
    expect((await page({ q, conversationId: theirs })).hits).toEqual([]);
  // an owner whose name looks like a tenant and an owner
  await talk(['a spaced willow'], { owner: 'owner x' });
  expect(await willows({})).toEqual([mine]);
  expect(await willows({ tenantId: `${TENANT} owner`, userId: 'x' })).toEqual([]);
});

it('pages hold each hit once while messages come, go and change', async () => {
  const ids = await Promise.all(
    Array.from({ length: 9 }, (_, i) => talk([`poplar ${i}`, `poplar again ${i}`])),
  );
  const whole = (await page({ q: 'poplar ' })).hits.map(({ messageId }) => messageId);
  expect(whole).toHaveLength(18);
  const seen: string[] = [];
  let [cursor, more]: [string | undefined, boolean] = [undefined, true];
  while (more) {
    const part = await page({ q: 'poplar ', limit: 4, cursor });
    expect(part.hits.length).toBeLessThanOrEqual(4);
    seen.push(...part.hits.map(({ messageId }) => messageId));
    [cursor, more] = [part.next, part.next !== undefined];
    await talk(['poplar that came late']);
    await open.database.query('update search_messages set streaming_status = streaming_status where seq = 2');
  }
  expect(seen).toEqual(whole);
  expect(ids).toHaveLength(9);
});

it('a cursor is good for its own question and reader alone', async () => {
  await talk(['beech one', 'beech two']);
  const { next } = await page({ q: 'beech ', limit: 1 });
  await expect(page({ q: 'beech', limit: 1, cursor: next })).rejects.toThrow(CursorInvalid);
  await expect(page({ q: 'beech ', role: 'user', cursor: next })).rejects.toThrow(CursorInvalid);
  await expect(page({ q: 'beech ', cursor: next }, { userId: 'another' })).rejects.toThrow(CursorInvalid);
  await expect(page({ q: 'beech ', cursor: `${next}A` })).rejects.toThrow(CursorInvalid);
  expect((await page({ q: 'beech ', cursor: next })).hits).toHaveLength(1);
});

it('goes on inside of words where it began there', async () => {
  await talk(['hawthorn', 'blackthorns', 'thornbush']);
  await talk(['horn of plenty']);
  expect(await seqs('thornb ')).toEqual([4]);
  const first = await page({ q: 'thor ', limit: 2 });
  expect(first.hits.map(({ seq }) => seq)).toEqual([4, 3]);
  const second = await page({ q: 'thor ', limit: 2, cursor: first.next });
  expect([second.hits.map(({ seq }) => seq), second.next]).toEqual([[2], undefined]);
  // a word of its own is found as one
  expect(await seqs('horn ')).toEqual([2]);
});

it.each([
  ['Chinese, two characters', '我们在北京大学', '北京', '南京'],
  ['one character', '我们在上海', '海', '河'],
  ['Japanese', 'パソコンを買いました', '買い', '売り'],
  ['Korean, with a particle', '서울에서 만나요', '서울', '부산'],
  ['Thai', 'สวัสดีชาวโลก', 'ชาว', 'แมว'],
  ['Russian, without a capital', 'Привет из Москвы', 'привет', 'пока '],
  ['inside of a Russian word', 'Электростанция', 'тростан', 'тростам'],
  ['Greek, without an accent', 'Καλημέρα κόσμε', 'κοσμε', 'κοσμοσ'],
  ['an emoji', 'well done 🎉', '🎉', '🎊'],
  ['code', 'call fooBar(x) in src/main.ts', 'src/main.ts', 'src/mains.ts'],
  ['markup', '<div class="hero-card">', 'hero-card', 'card-hero'],
  ['a number', 'costs 42,50 today', '42,50', '42,51'],
])('%s', async (_, content, there, notThere) => {
  const id = await talk([content]);
  const found = async (q: string) =>
    (await page({ q, conversationId: id })).hits.map(({ snippet }) => snippet.find(({ hit }) => hit)?.text);
  expect(await found(there)).toEqual([expect.any(String)]);
  expect(await found(notThere)).toEqual([]);
});

it('says how far it lags, to whom it lags', async () => {
  await talk(['a larch'], { owner: 'late' });
  const late = { userId: 'late' };
  expect((await page({ q: 'larch' }, late)).lag).toEqual({ events: 0, seconds: 0, atLeast: false });
  const behind = await talk(['a second larch', 'a third larch'], { owner: 'late', project: false });
  const { hits, lag } = await page({ q: 'larch' }, late);
  expect([hits.length, lag.events, lag.atLeast]).toEqual([1, 3, false]);
  expect(lag.seconds).toBeGreaterThan(0);
  expect((await page({ q: 'larch' }, { userId: 'punctual' })).lag.events).toBe(0);
  await open.runner.project(behind);
  expect(await page({ q: 'larch' }, late)).toMatchObject({ hits: [{}, {}, {}], lag: { events: 0 } });
  await open.database.query(
    `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts)
     values ('search', 1, $1, $2, 'x', 5, 'bad', 3)`,
    [behind, TENANT],
  );
  await appendLogged(open.log, behind, [
    { seq: 4, type: 'ConversationArchived', data: {}, at: '', schemaVersion: 1, metadata: {} },
  ]);
  await open.database.query('delete from pending where stream_id = $1', [behind]);
  expect((await page({ q: 'larch' }, late)).lag.events).toBe(1);
});

it('never finds what is in the trash, however far it lags', async () => {
  const id = await talk(['a hidden yew']);
  const add = (seq: number, type: string) =>
    appendLogged(open.log, id, [{ seq, type, data: {}, at: '', schemaVersion: 1, metadata: {} }]);
  await add(3, 'ConversationTrashed');
  expect(await page({ q: 'yew ' })).toMatchObject({ hits: [], lag: { events: 1 } });
  await add(4, 'ConversationRestored');
  expect((await page({ q: 'yew ' })).hits).toHaveLength(1);
  await add(5, 'ConversationTrashed');
  await open.runner.project(id);
  expect(await page({ q: 'yew ' })).toMatchObject({ hits: [], lag: { events: 0 } });
});

it('answers or refuses whatever is asked, and finds what holds the words', async () => {
  const prng = createPrng('odd searches');
  const pieces = [
    'oak',
    'ash ',
    '"',
    "'",
    '&',
    '|',
    '!',
    ':*',
    '<->',
    '(',
    ')',
    '\\',
    '-',
    ' or ',
    ' ',
    '%',
    '_',
    '東京',
    '🎉',
    'é',
    '\u0301',
    '\ud83d',
    '\udc00',
    '\u0000',
    '\u200b',
    'the',
    '\n',
    '$1',
    "'; drop table events; --",
    '%s',
    '{}',
    '[]',
    '\u202e',
    '𝔘',
    'ﷺ',
    'x'.repeat(300),
    '0',
    '1e5',
    '-5',
    '../..',
    'http://a.b/c?d=e',
    'ẞ',
    'ſ',
    'K',
  ];
  for (let i = 0; i < 400; i += 1) {
    const q = Array.from({ length: prng.between(1, 12) }, () => prng.pick(pieces)).join('');
    const asked = page({ q, limit: 3 }).then(
      ({ hits }) => hits.length,
      (error: unknown) => error,
    );
    const outcome = await asked;
    expect([q, typeof outcome === 'number' || outcome instanceof SearchRefused]).toEqual([q, true]);
  }
  // every text is found by any of its words, whatever it is made of
  for (let i = 0; i < 40; i += 1) {
    const content = Array.from({ length: prng.between(1, 12) }, () => prng.pick(pieces)).join(' ');
    const id = await talk([content]);
    const words = content
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word) && !/^-|"|\bor\b/i.test(word));
    for (const word of words)
      expect([content, word, (await page({ q: word, conversationId: id })).hits.length]).toEqual([
        content,
        word,
        1,
      ]);
  }
});

it('keeps words as the program made them: PostgreSQL would print them in the same order', async () => {
  const texts = [
    'Zebra éclair ß _under 東 b b a',
    `${'w '.repeat(300)}${'long'.repeat(200)}`,
    '\u0000\ud83d .',
  ];
  const id = await talk(texts);
  const rows = await open.database.query<{ words: string; body: string }>(
    'select words::text as words, body from search_messages where conversation_id = $1 order by seq',
    [id],
  );
  expect(rows).toHaveLength(3);
  for (const { words, body } of rows) expect(words).toBe(wordVector(foldText(body).text));
});
