import { defaultScript } from './default-script.js';
import type { ScriptedMessage, StreamEvent, StreamReply } from './protocol.js';

type Delta = { text?: string; partial_json?: string };

const ask = async (messages: ScriptedMessage[], tools = [{ name: 'Clock' }]): Promise<StreamEvent[]> => {
  const reply = (await defaultScript(
    { model: 'm', max_tokens: 1, messages, tools },
    { index: 0 },
  )) as StreamReply;
  return [...(reply.items as StreamEvent[])];
};
const textOf = (events: StreamEvent[]): string =>
  events.map((event) => (event.delta as Delta)?.text ?? '').join('');
const callsOf = (events: StreamEvent[]): string[] =>
  events.flatMap((event) => {
    const block = event.content_block as { type: string; name: string } | undefined;
    return block?.type === 'tool_use' ? [block.name] : [];
  });
const stopReason = (events: StreamEvent[]): unknown =>
  (events.find((event) => event.type === 'message_delta')!.delta as { stop_reason: string }).stop_reason;

it('draws a page for any prompt, the same for the same, and says that it is scripted', async () => {
  const events = await ask([{ role: 'user', content: 'A page about <b>foxes</b>' }]);
  expect(textOf(events)).toContain('This is a scripted answer');
  expect(textOf(events)).toContain('<h1>A page about &lt;b&gt;foxes&lt;/b&gt;</h1>');
  expect(textOf(await ask([{ role: 'user', content: 'A page about <b>foxes</b>' }]))).toBe(textOf(events));
  expect(stopReason(events)).toBe('end_turn');
});

it('reads the clock when asked for the time, once a zone, and only if it has one', async () => {
  const prompt: ScriptedMessage = {
    role: 'user',
    content: 'What time is it in Europe/Paris and Asia/Tokyo?',
  };
  const events = await ask([prompt]);
  expect(callsOf(events)).toEqual(['Clock', 'Clock']);
  expect(stopReason(events)).toBe('tool_use');
  expect(textOf(events)).toContain('scripted answer');
  expect(callsOf(await ask([{ role: 'user', content: 'Tell me the time' }]))).toEqual(['Clock']);
  expect(callsOf(await ask([prompt], []))).toEqual([]);
});

it('ends the turn when results come back', async () => {
  const events = await ask([
    { role: 'user', content: 'time?' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'Clock', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'high noon' }] },
  ]);
  expect(stopReason(events)).toBe('end_turn');
  expect(textOf(events)).toContain('high noon');
  expect(textOf(events)).toContain('scripted answer');
});
