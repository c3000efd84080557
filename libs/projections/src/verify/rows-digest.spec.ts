import { ReadModelTable } from '../tables/read-model-table.js';
import type { ComparedRows } from './comparable-rows.js';
import { differencesOf } from './row-differences.js';
import { digestOf } from './rows-digest.js';

const table = new ReadModelTable<unknown>({
  name: 'messages',
  streamColumn: 'conversation_id',
  with: ['tenant_id'],
  key: ['id', 'valid_from'],
  growing: ['content', 'updated_at'],
  columns: [
    { name: 'id', type: 'uuid', of: () => null },
    { name: 'valid_from', type: 'bigint', of: () => null },
    { name: 'content', type: 'json', json: true, of: () => null },
    { name: 'role', type: 'text', of: () => null },
    { name: 'in_flight', type: 'text', of: () => null },
    { name: 'updated_at', type: 'timestamptz', of: () => null },
  ],
});

const id = '019aa000-0000-7000-8000-00000000000a';
const row = (more: Record<string, unknown> = {}) => ({
  generation: 1,
  conversation_id: id,
  id,
  valid_from: 1,
  content: { b: [1, { y: 2, x: null }], a: '\ud83d' },
  role: 'user',
  in_flight: null,
  updated_at: '2026-01-02T03:04:05.678Z',
  ...more,
});
const rows = (...all: Record<string, unknown>[]): ComparedRows[] => [{ table, rows: all }];

/** Both must agree on whether two sets of rows are the same. */
function same(a: ComparedRows[], b: ComparedRows[]): boolean {
  const differs = differencesOf(a, b).length > 0;
  expect(digestOf(a) === digestOf(b)).toBe(!differs);
  return !differs;
}

describe('rows are the same', () => {
  it.each<[string, ComparedRows[], ComparedRows[]]>([
    [
      'in another generation, written at another time',
      rows(row()),
      rows(row({ generation: 7, written_at: 'now' })),
    ],
    [
      'in another order',
      rows(row(), row({ valid_from: 2 }), row({ valid_from: 10 })),
      rows(row({ valid_from: 10 }), row(), row({ valid_from: 2 })),
    ],
    [
      'with their JSON in another order, and absent fields',
      rows(row()),
      rows(row({ content: { a: '\ud83d', b: [1, { x: null, y: 2 }], c: undefined } })),
    ],
    ['with ids in capital letters', rows(row()), rows(row({ id: id.toUpperCase() }))],
    [
      'with times that are the same to the millisecond',
      rows(row()),
      rows(row({ updated_at: '2026-01-02T04:04:05.6789+01:00' })),
    ],
    ['with undefined for null', rows(row()), rows(row({ in_flight: undefined }))],
    [
      'in flight, however far they have grown',
      rows(row({ in_flight: 'answer' })),
      rows(row({ in_flight: 'answer', content: 'more', updated_at: '2027-01-02T03:04:05.678Z' })),
    ],
    ['where there are none', rows(), []],
  ])('%s', (_name, a, b) => {
    expect(same(a, b)).toBe(true);
    expect(digestOf(a)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('rows differ', () => {
  it.each<[string, ComparedRows[], ComparedRows[], object]>([
    [
      'in a value',
      rows(row()),
      rows(row({ role: 'tool' })),
      { column: 'role', stored: '"user"', expected: '"tool"' },
    ],
    ['in a type', rows(row({ content: '1' })), rows(row({ content: 1 })), { column: 'content' }],
    [
      'in a lone surrogate',
      rows(row({ content: '\ud83d' })),
      rows(row({ content: '\ufffd' })),
      { column: 'content' },
    ],
    [
      'in a millisecond',
      rows(row()),
      rows(row({ updated_at: '2026-01-02T03:04:05.679Z' })),
      { column: 'updated_at' },
    ],
    ['where one is missing', rows(), rows(row()), { column: null, stored: null }],
    [
      'where one is too much',
      rows(row(), row({ valid_from: 2 })),
      rows(row()),
      { key: `["${id}",2]`, expected: null },
    ],
    ['where only one is in flight', rows(row()), rows(row({ in_flight: 'chunks' })), { column: 'in_flight' }],
    [
      'in flight, in what does not grow',
      rows(row({ in_flight: 'answer' })),
      rows(row({ in_flight: 'answer', role: 'tool' })),
      { column: 'role' },
    ],
  ])('%s', (_name, a, b, difference) => {
    expect(same(a, b)).toBe(false);
    expect(differencesOf(a, b)).toMatchObject([{ table: 'messages', ...difference }]);
  });

  it('and the first of them are told of, with long values cut around the first character that differs', () => {
    const many = rows(...Array.from({ length: 30 }, (_, i) => row({ valid_from: i })));
    expect(differencesOf(many, [])).toHaveLength(20);
    expect(differencesOf(many, [], 3)).toHaveLength(3);
    const text = 'x'.repeat(5_000);
    const [one] = differencesOf(
      rows(row({ content: `${text}a${text}` })),
      rows(row({ content: `${text}b${text}` })),
    );
    expect(one?.stored).toMatch(/^…x{50}ax{149}…$/);
    expect(one?.expected).toMatch(/^…x{50}bx{149}…$/);
  });
});
