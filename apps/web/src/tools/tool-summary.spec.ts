import type { Message } from '#contracts';
import { toolSummary } from './tool-summary.js';

describe('a call in one line', () => {
  it('counts the lines that were written, and taken away', () => {
    expect(
      toolSummary({ toolName: 'Write', toolCall: { file_path: 'a.html', content: 'one\ntwo\n' } }),
    ).toEqual({
      kind: 'write',
      verb: 'Wrote',
      subject: 'a.html',
      added: 2,
    });
    const toolCall = { file_path: 'a.css', old_string: 'x', new_string: 'y\nz' };
    expect(toolSummary({ toolName: 'Edit', toolCall })).toMatchObject({ added: 2, removed: 1 });
  });

  it('names what was looked for', () => {
    expect(toolSummary({ toolName: 'Grep', toolCall: { pattern: 'fox' } }).subject).toBe('fox');
    expect(toolSummary({ toolName: 'Clock', toolCall: { timeZone: 'Asia/Tokyo' } }).subject).toBe(
      'Asia/Tokyo',
    );
  });

  it.each<Message['toolCall']>([null, undefined, 'text', 7, [], {}, { file_path: 7, content: {} }])(
    'takes %j as its input',
    (toolCall) => {
      expect(toolSummary({ toolName: 'Write', toolCall })).toMatchObject({
        kind: 'write',
        subject: undefined,
      });
      expect(toolSummary({ toolName: 'Unheard', toolCall }).verb).toBe('Used Unheard');
    },
  );
});
