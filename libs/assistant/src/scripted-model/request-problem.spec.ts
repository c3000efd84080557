import { requestProblem } from './request-problem.js';

const user = (...content: unknown[]) => ({ role: 'user', content });
const assistant = (...content: unknown[]) => ({ role: 'assistant', content });
const text = (value: string) => ({ type: 'text', text: value });
const call = (id: string) => ({ type: 'tool_use', id, name: 'Clock', input: {} });
const result = (id: string, content: unknown = 'noon') => ({ type: 'tool_result', tool_use_id: id, content });

const problemOf = (fields: Record<string, unknown>): string | null => {
  const body = JSON.stringify({
    model: 'm',
    max_tokens: 1,
    stream: true,
    messages: [user(text('hi'))],
    ...fields,
  });
  return requestProblem(body, JSON.parse(body));
};
const problemIn = (...messages: unknown[]): string | null => problemOf({ messages });

it('accepts what the API accepts', () => {
  expect(problemOf({})).toBeNull();
  expect(problemOf({ messages: [{ role: 'user', content: 'hi' }] })).toBeNull();
  expect(
    problemOf({ system: 'Be kind.', tools: [{ name: 'Clock', input_schema: { type: 'object' } }] }),
  ).toBeNull();
  expect(
    problemIn(
      user(text('what time is it?')),
      assistant(
        { type: 'thinking', thinking: '', signature: 's' },
        text('Let me see.'),
        call('a'),
        call('b'),
      ),
      user(result('b'), result('a', [text('noon')]), text('and?')),
      assistant(text('Noon.')),
    ),
  ).toBeNull();
});

it.each<[string, string | null, RegExp]>([
  ['no messages', problemIn(), /at least one message/],
  ['the assistant first', problemIn(assistant(text('hi'))), /first message must use the "user" role/],
  ['two users in a row', problemIn(user(text('a')), user(text('b'))), /multiple "user" roles in a row/],
  ['another role', problemIn({ role: 'system', content: 'x' }), /messages\.0\.role/],
  ['an empty string', problemIn({ role: 'user', content: '' }), /non-empty content/],
  ['no blocks', problemIn(user()), /non-empty content/],
  ['an empty text block', problemIn(user(text(''))), /must be non-empty/],
  ['a white text block', problemIn(user(text(' \n'))), /non-whitespace/],
  ['white space at the very end', problemIn(user(text('a')), assistant(text('b '))), /trailing whitespace/],
  [
    'a call without result',
    problemIn(user(text('a')), assistant(call('x')), user(text('b'))),
    /without `tool_result`.*: x\./,
  ],
  ['a call at the end', problemIn(user(text('a')), assistant(call('x'))), /without `tool_result`/],
  [
    'one of two results',
    problemIn(user(text('a')), assistant(call('x'), call('y')), user(result('x'))),
    /: y\./,
  ],
  [
    'a result after text',
    problemIn(user(text('a')), assistant(call('x')), user(text('b'), result('x'))),
    /: x\./,
  ],
  ['a result without call', problemIn(user(text('a'), result('x'))), /unexpected `tool_use_id`.*: x\./],
  [
    'a result twice',
    problemIn(user(text('a')), assistant(call('x')), user(result('x'), result('x'))),
    /unexpected/,
  ],
  [
    'an empty result text',
    problemIn(user(text('a')), assistant(call('x')), user(result('x', [text('')]))),
    /non-empty/,
  ],
  ['a call id twice', problemIn(user(text('a')), assistant(call('x'), call('x'))), /must be unique/],
  ['a call by the user', problemIn(user(call('x'))), /only be in `assistant`/],
  [
    'input that is no object',
    problemIn(user(text('a')), assistant({ ...call('x'), input: 'x' })),
    /valid dictionary/,
  ],
  [
    'unsigned thinking',
    problemIn(user(text('a')), assistant({ type: 'thinking', thinking: 'x' })),
    /signature/,
  ],
  ['an unknown field', problemOf({ prompt: 'x' }), /prompt: Extra inputs/],
  ['a tool without schema', problemOf({ tools: [{ name: 'Clock' }] }), /input_schema/],
  [
    'a tool twice',
    problemOf({ tools: [1, 2].map(() => ({ name: 'C', input_schema: { type: 'object' } })) }),
    /unique/,
  ],
  ['an empty system block', problemOf({ system: [text('')] }), /non-empty/],
  ['half a character', problemIn(user(text('\ud83d'))), /no low surrogate/],
])('refuses %s', (_, problem, expected) => {
  expect(problem).toMatch(expected);
});
