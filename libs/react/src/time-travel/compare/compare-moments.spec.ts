import type { Message, ProjectAt } from '#contracts';
import { compareMoments } from './compare-moments.js';

const message = (seq: number, content: string, more: Partial<Message> = {}): Message => ({
  id: `id-${seq}`,
  conversationId: 'c',
  parentId: null,
  role: 'user',
  content,
  streamingStatus: 'complete',
  metadata: {},
  siblings: { index: 0, count: 1 },
  seq,
  createdAt: '',
  updatedAt: '',
  ...more,
});
const tree = (files: Record<string, string>): ProjectAt => ({
  id: 'p',
  version: 1,
  files: Object.fromEntries(
    Object.entries(files).map(([path, sha256]) => [path, { sha256, size: 1, type: 'html' }]),
  ),
});

describe('the difference of two moments', () => {
  it('is what was added, changed and is gone, by seq', () => {
    const from = { seq: 9, messages: [message(1, 'a'), message(4, 'half'), message(6, 'other branch')] };
    const to = { seq: 20, messages: [message(1, 'a'), message(4, 'half and whole'), message(12, 'new')] };
    const { messages, unchanged, comparedFrom } = compareMoments(from, to);
    expect(messages.map(({ id, before, after }) => [id, before?.content, after?.content])).toEqual([
      ['id-4', 'half', 'half and whole'],
      ['id-6', 'other branch', undefined],
      ['id-12', undefined, 'new'],
    ]);
    expect([unchanged, comparedFrom]).toEqual([1, null]);
  });

  it('is nothing between a moment and itself, whatever becomes of the number of siblings', () => {
    const side = { seq: 9, messages: [message(1, 'a')], project: tree({ 'a.html': '1' }) };
    const other = { ...side, messages: [message(1, 'a', { siblings: { index: 0, count: 2 } })] };
    expect(compareMoments(side, other)).toMatchObject({ messages: [], files: [], unchanged: 1 });
  });

  it('leaves out what one side has not loaded', () => {
    const from = { seq: 9, messages: [message(1, 'a'), message(4, 'b')] };
    const to = { seq: 20, messages: [message(4, 'b'), message(12, 'c')], prev: 'cursor' };
    const { messages, comparedFrom } = compareMoments(from, to);
    expect([messages.map(({ id }) => id), comparedFrom]).toEqual([['id-12'], 4]);
  });

  it('names the files, one that is called as a property of every object too', () => {
    const from = { seq: 1, messages: [], project: tree({ 'a.html': '1', 'b.css': '2', constructor: '3' }) };
    const to = { seq: 2, messages: [], project: tree({ 'a.html': '1', 'b.css': '9', 'c.js': '4' }) };
    expect(compareMoments(from, to).files.map(({ path, status }) => [path, status])).toEqual([
      ['b.css', 'modified'],
      ['c.js', 'added'],
      ['constructor', 'deleted'],
    ]);
    const { project: _none, ...bare } = to;
    expect(compareMoments(bare, to).files.map(({ status }) => status)).toEqual(['added', 'added', 'added']);
  });
});
