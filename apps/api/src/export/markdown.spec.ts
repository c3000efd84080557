import type { Message } from '#contracts';
import { fenced, messageText, partHead } from './markdown.js';

const message = (fields: Partial<Message>): Message => ({
  id: 'm',
  conversationId: 'c',
  parentId: null,
  role: 'user',
  content: 'Hello',
  streamingStatus: 'complete',
  metadata: {},
  siblings: { index: 0, count: 1 },
  seq: 3,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  ...fields,
});

const stamp = '_message 3, 2026-01-01T00:00:00.000Z_';

describe('an export as Markdown', () => {
  it('gives a message with who spoke and where it stands in the log', () => {
    expect(messageText(message({}))).toBe(`\n### User\n\n${stamp}\n\nHello\n`);
  });

  it('gives a tool call with its input and its result', () => {
    const call = message({
      role: 'tool',
      toolName: 'Read_x',
      toolCall: { file_path: 'a' },
      toolResult: 'a ``` b',
    });
    expect(messageText(call)).toBe(
      `\n### Tool: Read\\_x\n\n${stamp}\n\n\`\`\`json\n{\n  "file_path": "a"\n}\n\`\`\`\n\nResult:\n\n\`\`\`\`\na \`\`\` b\n\`\`\`\`\n`,
    );
  });

  it('says how an answer ended that did not end well, and shows what it thought', () => {
    const blocks = [{ type: 'thinking', thinking: 'one\ntwo' }];
    const metadata = { outcome: 'interrupted', reason: 'lease_expired' };
    const answer = message({
      role: 'assistant',
      content: 'Half',
      streamingStatus: 'error',
      blocks,
      metadata,
    });
    expect(messageText(answer)).toBe(
      `\n### Assistant\n\n${stamp}\n\n> one\n> two\n\nHalf\n\n_error, interrupted, lease\\_expired_\n`,
    );
  });

  it('keeps what is said in its place, though it breaks off in a block of code or has other ends of lines', () => {
    const blocks = [{ type: 'thinking', thinking: 'one\r\n\r\ntwo' }];
    const answer = message({ role: 'assistant', content: '```html\n<p>', blocks });
    expect(messageText(answer)).toBe(
      `\n### Assistant\n\n${stamp}\n\n> one\r\n> \r\n> two\n\n\`\`\`html\n<p>\n\`\`\`\n`,
    );
  });

  it('heads every branch but the first', () => {
    expect(partHead({ segment: 2, from: null, selected: true }, true)).toBe('');
    expect(partHead({ segment: 9, from: 4, selected: false }, false)).toContain('## Branch from message 4\n');
    expect(partHead({ segment: 9, from: null, selected: true }, false)).toContain(
      'from the beginning (selected)',
    );
  });

  it('fences any text', () => {
    for (const text of ['', '`', '```', '``` ````` `', '` '.repeat(500_000)]) {
      const [first, ...rest] = fenced(text, '').split('\n');
      expect(rest.slice(0, -1).some((line) => line.includes(first!))).toBe(false);
      expect(rest.at(-1)).toBe(first);
    }
  });
});
