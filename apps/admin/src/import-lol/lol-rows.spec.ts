import { messageOf, projectOf, RowRefused } from './lol-rows.js';

const id = '10000000-0000-4000-8000-000000000001';
const row = (fields: object) => ({
  id,
  role: 'assistant',
  content: 'Hi',
  createdAt: '2025-03-01T10:00:00Z',
  ...fields,
});

test.each([
  [undefined, 'complete'],
  [null, 'complete'],
  ['complete', 'complete'],
  ['error', 'error'],
  ['pending', 'error'],
  ['streaming', 'error'],
])('the streaming status %s becomes %s: nobody goes on with it', (streamingStatus, expected) => {
  expect(messageOf(row({ streamingStatus })).posted.streamingStatus).toBe(expected);
});

test('columns of json and of text that holds JSON are the same', () => {
  const json = messageOf(row({ toolCall: { a: 1 }, toolResult: 'ok', metadata: { b: 2 } }));
  const text = messageOf(row({ toolCall: '{"a":1}', toolResult: '"ok"', metadata: '{"b":2}' }));
  expect(text).toEqual(json);
  expect(json.posted).toMatchObject({ toolCall: { a: 1 }, toolResult: 'ok', metadata: { b: 2 } });
});

test('metadata that is no object is kept as one', () => {
  expect(messageOf(row({ metadata: '[1]' })).posted.metadata).toEqual({ metadata: [1] });
});

test('a row has changed exactly when something that is taken has', () => {
  const { sha256 } = messageOf(row({}));
  expect(messageOf(row({ sequence: 7, createdAt: '2026-01-01' })).sha256).toBe(sha256);
  expect(messageOf(row({ content: 'Ho' })).sha256).not.toBe(sha256);
});

test.each([
  ['an id that is no UUID', row({ id: 7 }), 'has the id 7, which is no UUID'],
  ['a role that there is not', row({ role: 'robot' }), 'has the role "robot"'],
  ['a status that there is not', row({ streamingStatus: 'lost' }), 'has the streaming status "lost"'],
])('%s is refused', (_case, bad, message) => {
  expect(() => messageOf(bad)).toThrow(new RowRefused(message));
});

test('files are contents by path, however they were kept', () => {
  const { files } = projectOf({ id, files: '{"a.css":{"content":"x","type":"css"},"b.js":"y"}' });
  expect(files).toEqual({ 'a.css': { content: 'x' }, 'b.js': { content: 'y' } });
  expect(() => projectOf({ id, files: { 'a.css': { type: 'css' } } })).toThrow(
    'has a file "a.css" without content',
  );
});
