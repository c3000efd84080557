import type { Message } from '#contracts';
import { isShown, rowsOf } from './rows.js';

function message(id: string, role: Message['role'], more: Partial<Message> = {}): Message {
  return {
    id,
    conversationId: 'c',
    parentId: null,
    role,
    content: id,
    streamingStatus: 'complete',
    metadata: {},
    siblings: { index: 0, count: 1 },
    seq: 1,
    createdAt: '2026-01-01T12:00:00.000Z',
    updatedAt: '2026-01-01T12:00:00.000Z',
    ...more,
  };
}

describe('the rows of a chat', () => {
  const empty = { content: '', blocks: [{ type: 'tool_use' }] };

  it('leaves out answers that only call tools', () => {
    expect(isShown(message('a', 'assistant', empty))).toBe(false);
    expect(isShown(message('t', 'tool', { content: '' }))).toBe(true);
  });

  it('shows those that are being written, have a sibling, thought, or went wrong', () => {
    expect(isShown(message('a', 'assistant', { ...empty, streamingStatus: 'streaming' }))).toBe(true);
    expect(isShown(message('a', 'assistant', { ...empty, siblings: { index: 0, count: 2 } }))).toBe(true);
    expect(isShown(message('a', 'assistant', { ...empty, blocks: [{ type: 'thinking' }] }))).toBe(true);
    expect(isShown(message('a', 'assistant', { ...empty, metadata: { outcome: 'cancelled' } }))).toBe(true);
  });

  it('tells where answers and days begin and end', () => {
    const later = { createdAt: '2026-01-03T12:00:00.000Z' };
    const rows = rowsOf([
      message('u1', 'user'),
      message('a1', 'assistant'),
      message('t1', 'tool'),
      message('t2', 'tool'),
      message('a2', 'assistant'),
      message('u2', 'user', later),
    ]);
    expect(rows.map(({ message: { id }, ...place }) => [id, ...Object.values(place)])).toEqual([
      ['u1', true, false, false, false],
      ['a1', false, true, false, false],
      ['t1', false, false, false, false],
      ['t2', false, false, false, true],
      ['a2', false, false, true, false],
      ['u2', true, false, false, false],
    ]);
  });

  it('leaves out what stands beside something that is not loaded: no row changes as pages come in', () => {
    const all = ['u1', 'a1', 't1', 'a2', 'u2', 'a3'].map((id) =>
      message(id, ({ u: 'user', a: 'assistant', t: 'tool' } as const)[id.charAt(0)] ?? 'system'),
    );
    const part = rowsOf(all.slice(1, 5), [], { hasOlder: true, hasNewer: true });
    expect(part.map((row) => row.message.id)).toEqual(['t1', 'a2']);
    const whole = rowsOf(all, part);
    expect(whole.map((row) => row.message.id)).toEqual(['u1', 'a1', 't1', 'a2', 'u2', 'a3']);
    for (const row of part) expect(whole).toContain(row);
  });

  it('keeps rows that have not changed', () => {
    const [u1, a1] = [message('u1', 'user'), message('a1', 'assistant')];
    const before = rowsOf([u1, a1]);
    const after = rowsOf([u1, a1, message('a2', 'assistant')], before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});
