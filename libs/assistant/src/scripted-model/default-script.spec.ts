import { defaultScript } from './default-script.js';
import type { ScriptedBlock, ScriptedMessage, StreamEvent, StreamReply } from './protocol.js';

type Delta = { text?: string; partial_json?: string };
type Call = { name: string; input: Record<string, string> };

const all = ['Read', 'Write', 'Edit', 'Clock'].map((name) => ({ name }));
const ask = async (messages: ScriptedMessage[], tools = all): Promise<StreamEvent[]> => {
  const reply = (await defaultScript(
    { model: 'm', max_tokens: 1, messages, tools },
    { index: 0 },
  )) as StreamReply;
  return [...(reply.items as StreamEvent[])];
};
const textOf = (events: StreamEvent[]): string =>
  events.map((event) => (event.delta as Delta)?.text ?? '').join('');
const inputOf = (events: StreamEvent[], index: unknown): Record<string, string> =>
  JSON.parse(
    events
      .filter((event) => event.index === index)
      .map((event) => (event.delta as Delta)?.partial_json ?? '')
      .join(''),
  ) as Record<string, string>;
const callsOf = (events: StreamEvent[]): Call[] =>
  events.flatMap((event) => {
    const block = event.content_block as { type: string; name: string } | undefined;
    return block?.type === 'tool_use' ? [{ name: block.name, input: inputOf(events, event.index) }] : [];
  });
const namesOf = (events: StreamEvent[]): string[] => callsOf(events).map(({ name }) => name);
const stopReason = (events: StreamEvent[]): unknown =>
  (events.find((event) => event.type === 'message_delta')!.delta as { stop_reason: string }).stop_reason;

const user = (content: string | ScriptedBlock[]): ScriptedMessage => ({ role: 'user', content });
let ids = 0;
/** The answer's calls, and what came back for each. */
const exchange = (events: StreamEvent[], result: string, isError = false): ScriptedMessage[] => {
  const calls = callsOf(events).map((call) => ({ ...call, type: 'tool_use', id: `t${(ids += 1)}` }));
  return [
    { role: 'assistant', content: calls },
    user(
      calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: result, is_error: isError })),
    ),
  ];
};

it('builds a page in three steps: the files, an edit, a last word', async () => {
  const messages = [user('A page about <b>foxes</b>')];
  const first = await ask(messages);
  expect(textOf(first)).toContain('This is a scripted answer');
  expect(namesOf(first)).toEqual(['Write', 'Write', 'Write']);
  expect(stopReason(first)).toBe('tool_use');
  const page = callsOf(first).find(({ input }) => input.file_path === 'index.html')!.input.content;
  expect(page).toContain('<h1>A page about &lt;b&gt;foxes&lt;/b&gt;</h1>');
  messages.push(...exchange(first, 'Created.'));
  const second = await ask(messages);
  const [call] = callsOf(second);
  expect(call).toMatchObject({ name: 'Edit', input: { file_path: 'style.css' } });
  const style = callsOf(first).find(({ input }) => input.file_path === 'style.css')!.input.content!;
  expect(style.split(call!.input.old_string!)).toHaveLength(2);
  messages.push(...exchange(second, 'Edited.'));
  const third = await ask(messages);
  expect([namesOf(third), stopReason(third)]).toEqual([[], 'end_turn']);
  expect(textOf(third)).toContain('foxes');
  expect(callsOf(await ask([user('A page about <b>foxes</b>')]))).toEqual(callsOf(first));
});

it('reads what it wrote in an earlier turn, or what it is told to read, before it writes', async () => {
  const messages = [user('Foxes')];
  messages.push(...exchange(await ask(messages), 'Created.'));
  messages.push({ role: 'assistant', content: 'Done.' }, user('Now owls'));
  const reading = await ask(messages);
  expect(namesOf(reading)).toEqual(['Read', 'Read', 'Read']);
  messages.push(...exchange(reading, 'x'));
  const writing = await ask(messages);
  expect(callsOf(writing)[0]?.input.content).toContain('owls');
  const refused = await ask([user('Foxes'), ...exchange(writing, 'index.html exists: Read it first.', true)]);
  expect(namesOf(refused)).toEqual(['Read', 'Read', 'Read']);
});

it('ends the turn where files cannot be written, and takes no note for a prompt', async () => {
  const note = { type: 'text', text: '<system>\nThe project was restored.\n</system>' };
  const messages = [user([note, { type: 'text', text: 'Foxes' }])];
  const first = await ask(messages);
  expect(callsOf(first)[0]?.input.content).toContain('<h1>Foxes</h1>');
  const failed = await ask([...messages, ...exchange(first, 'The project is full.', true)]);
  expect([textOf(failed), stopReason(failed)]).toEqual([
    expect.stringContaining('no luck: The project is full'),
    'end_turn',
  ]);
});

it('draws a nameplate where it has no tools for files', async () => {
  const events = await ask([user('Foxes')], []);
  expect(textOf(events)).toContain('<h1>Foxes</h1>');
  expect(stopReason(events)).toBe('end_turn');
});

it('reads the clock when asked for the time, once a zone, and only if it has one', async () => {
  const prompt = user('What time is it in Europe/Paris and Asia/Tokyo?');
  const events = await ask([prompt]);
  expect(namesOf(events)).toEqual(['Clock', 'Clock']);
  expect(stopReason(events)).toBe('tool_use');
  expect(textOf(events)).toContain('scripted answer');
  expect(namesOf(await ask([user('Tell me the time')]))).toEqual(['Clock']);
  expect(namesOf(await ask([user('Build a digital clock')]))).toEqual(['Write', 'Write', 'Write']);
  expect(namesOf(await ask([prompt], []))).toEqual([]);
  const end = await ask([prompt, ...exchange(events, 'high noon')]);
  expect(stopReason(end)).toBe('end_turn');
  expect(textOf(end)).toContain('high noon');
  expect(textOf(end)).toContain('scripted answer');
});
