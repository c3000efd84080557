import {
  answerEvents,
  answerWith,
  type AnswerItem,
  type AnswerPart,
  type Reply,
  type Script,
  type ScriptedRequest,
} from '#assistant';

export const firstPage =
  '<!doctype html><html><head><title>Clock</title></head><body><h1>Hi</h1></body></html>';
const write = (file_path: string, content: string): AnswerPart => ({
  tool: 'Write',
  input: { file_path, content },
});

/** Turns by a word of their prompt: what each model call of theirs answers. */
const turns: Record<string, (Reply | AnswerPart[])[]> = {
  build: [
    [
      { text: 'I will ' },
      { text: 'build it.' },
      write('index.html', firstPage),
      write('style.css', 'h1 { color: red }'),
    ],
    [{ tool: 'Edit', input: { file_path: 'index.html', old_string: 'Hi', new_string: 'Hello' } }],
    [{ text: 'Done.' }],
  ],
  look: [[{ tool: 'Read', input: { file_path: 'index.html' } }], [{ text: 'It looks well.' }]],
  chat: [[{ text: 'Just words.' }]],
  missing: [[{ tool: 'Read', input: { file_path: 'none.html' } }], [{ text: 'There is none.' }]],
  refuse: [{ kind: 'refusal', status: 400, errorType: 'invalid_request_error', message: 'No.' }],
  hang: [{ kind: 'hang' }],
  // speaks, writes a file, and breaks off in the next answer
  break: [
    [{ text: 'One file.' }, write('index.html', firstPage)],
    { kind: 'stream', speed: 0, items: brokenOff('And now for some') },
  ],
  stall: [
    [{ text: 'One file.' }, write('index.html', firstPage)],
    { kind: 'stream', speed: 0, items: [...begun('Half of it'), { do: 'stall' }] },
  ],
};

function begun(text: string): AnswerItem[] {
  const events = answerEvents([{ text }]);
  return events.slice(
    0,
    events.findIndex(({ type }) => type === 'content_block_stop'),
  );
}

function brokenOff(text: string): AnswerItem[] {
  return [...begun(text), { do: 'cut' }];
}

/** Answers each prompt by the turn that it names, step by step; without a name by a short text. */
export const lolScript: Script = (request) => {
  const at = request.messages.findLastIndex(({ role, content }) => role === 'user' && textOf(content) !== '');
  const words = textOf(request.messages[at]?.content ?? '').split(/\s/);
  const steps = turns[words.findLast((word) => word in turns) ?? 'chat']!;
  const step = request.messages.slice(at + 1).filter(({ role }) => role === 'assistant').length;
  const reply = steps[Math.min(step, steps.length - 1)]!;
  return Array.isArray(reply) ? { ...answerWith(reply), speed: 0 } : reply;
};

function textOf(content: ScriptedRequest['messages'][number]['content']): string {
  if (typeof content === 'string') return content;
  return content.flatMap((block) => (block.type === 'text' ? [String(block.text)] : [])).join('\n');
}
