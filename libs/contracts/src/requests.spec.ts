import { commandsBodySchema, postMessageSchema, startConversationSchema } from './index.js';
import {
  listConversationsSchema,
  listEventsSchema,
  requestTurnSchema,
  updateConversationSchema,
} from './index.js';

type Schema = { safeParse(value: unknown): { success: boolean; error?: { issues: Issue[] } } };
type Issue = { path: PropertyKey[]; params?: { code?: string }; code: string; keys?: string[] };

/** The code and place of the first thing that is wrong; 'ok' when nothing is. */
function fault(schema: Schema, value: unknown): string {
  const parsed = schema.safeParse(value);
  const issue = parsed.error?.issues[0];
  if (!issue) return 'ok';
  return `${issue.params?.code ?? issue.code} ${[...issue.path, ...(issue.keys ?? [])].join('.')}`;
}

const id = '018f6a3e-5a8b-7c33-9d2e-1f0a4c5b6d7e';

describe('texts', () => {
  it.each([
    ['U+0000', 'a\u0000b', 'invalid_text content'],
    ['a lone high surrogate', 'a\ud83d', 'invalid_text content'],
    ['a lone low surrogate', '\ude00b', 'invalid_text content'],
    ['a whole pair', 'a\u{1f600}b', 'ok'],
    ['white space of a person', ' \n\t ', 'blank content'],
    ['200,000 characters', 'x'.repeat(200_000), 'ok'],
    ['200,001 characters', 'x'.repeat(200_001), 'too_long content'],
  ])('a user message with %s', (_, content, expected) => {
    expect(fault(postMessageSchema, { role: 'user', content })).toBe(expected);
  });

  it.each(['', '   ', 'x'.repeat(200_001)])('an answer may be anything that is text', (content) => {
    expect(fault(postMessageSchema, { role: 'assistant', content, streamingStatus: 'pending' })).toBe('ok');
  });

  it('finds a bad text deep inside a JSON field, and in a key', () => {
    const row = { role: 'tool', content: '{}', toolName: 'Write' };
    expect(fault(postMessageSchema, { ...row, toolCall: { files: ['ok', 'a\u0000'] } })).toBe(
      'invalid_text toolCall.files.1',
    );
    expect(fault(postMessageSchema, { ...row, metadata: { 'a\ud800': 1 } })).toBe('invalid_text metadata');
    expect(fault(postMessageSchema, { ...row, toolName: 'x'.repeat(256) })).toBe('too_long toolName');
    expect(fault(postMessageSchema, { ...row, metadata: [] })).toBe('custom metadata');
  });

  it('trims half a surrogate pair at the end of a title, and there alone', () => {
    expect(startConversationSchema.parse({ title: 'a\ud83d' })).toEqual({ title: 'a' });
    expect(startConversationSchema.parse({ title: 'a\u{1f600}' })).toEqual({ title: 'a\u{1f600}' });
    expect(fault(startConversationSchema, { title: '\ud83da' })).toBe('invalid_text title');
    expect(fault(startConversationSchema, { title: 'x'.repeat(255) })).toBe('ok');
    expect(fault(startConversationSchema, { title: 'x'.repeat(256) })).toBe('too_long title');
  });
});

describe('fields', () => {
  it('refuses what it does not know', () => {
    expect(fault(startConversationSchema, { titel: 'x' })).toBe('unrecognized_keys titel');
    expect(fault(requestTurnSchema, { prompt: 'x', stream: true })).toBe('unrecognized_keys stream');
  });

  it('refuses a change of nothing', () => {
    expect(fault(updateConversationSchema, {})).toBe('nothing_to_change ');
    expect(fault(updateConversationSchema, { archived: false })).toBe('ok');
  });

  it('writes ids in lower case', () => {
    expect(startConversationSchema.parse({ projectId: id.toUpperCase() })).toEqual({ projectId: id });
    expect(fault(startConversationSchema, { projectId: 'p1' })).toBe('invalid_id projectId');
  });
});

describe('query parameters', () => {
  it.each(['0', '-1', '1e9', '1001', 'NaN', '', ' 5', '0x10', '1.5', ['1', '2']])(
    'refuses limit %j',
    (limit) => {
      expect(fault(listConversationsSchema, { limit })).toBe('invalid_limit limit');
    },
  );

  it.each(['-1', '0.5', '9007199254740992', 'x', ['1', '1']])('refuses the seq %j', (after) => {
    expect(fault(listEventsSchema, { after })).toBe('invalid_seq after');
  });

  it('reads numbers and types', () => {
    expect(
      listEventsSchema.parse({ after: '0', before: '9007199254740991', limit: '1000', types: 'A,B' }),
    ).toEqual({
      after: 0,
      before: 9007199254740991,
      limit: 1000,
      types: ['A', 'B'],
    });
  });

  it('takes one way of naming a page', () => {
    expect(fault(listConversationsSchema, { before: 'x', offset: '1' })).toBe('ambiguous_page ');
  });
});

describe('commands', () => {
  const rename = { commandId: 'c1', type: 'renameConversation', data: { conversationId: id, title: 'x' } };

  const batch = (length: number) => Array.from({ length }, () => rename);

  it('takes one or up to 100', () => {
    expect(fault(commandsBodySchema, rename)).toBe('ok');
    expect(fault(commandsBodySchema, batch(100))).toBe('ok');
    expect(fault(commandsBodySchema, batch(101))).not.toBe('ok');
    expect(fault(commandsBodySchema, [])).not.toBe('ok');
  });

  it.each(['', 'a b', 'é', 'x'.repeat(256)])('refuses the command id %j', (commandId) => {
    expect(fault(commandsBodySchema, { ...rename, commandId })).not.toBe('ok');
  });
});
