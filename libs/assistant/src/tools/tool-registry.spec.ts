import { z } from 'zod';
import { ClockTool } from './clock.tool.js';
import type { Tool } from './tool.js';
import { ToolRegistry } from './tool-registry.js';

const context = { streamId: 's', turnId: 't', messageId: 'm', signal: new AbortController().signal };
const tool = (execute: Tool['execute']): Tool => ({
  name: 'Tool',
  description: 'x',
  input: z.object({}),
  execute,
});

const clock = new ToolRegistry([new ClockTool(() => new Date('2026-11-23T12:00:00Z'))]);

it('describes its tools as the Messages API wants them', () => {
  expect(clock.definitions()).toEqual([
    {
      name: 'Clock',
      description: expect.any(String),
      input_schema: {
        type: 'object',
        properties: { timeZone: { type: 'string', maxLength: 64, description: expect.any(String) } },
      },
    },
  ]);
});

it('tells the time', async () => {
  expect(await clock.execute('Clock', {}, context)).toEqual({
    ok: true,
    result: 'Monday 2026-11-23 12:00:00 UTC',
  });
  expect(await clock.execute('Clock', { timeZone: 'Asia/Tokyo' }, context)).toMatchObject({
    result: 'Monday 2026-11-23 21:00:00 Asia/Tokyo',
  });
});

it.each<[string, string, unknown, string]>([
  ['a tool that it does not have', 'Rm', {}, 'unknown_tool'],
  ['input of the wrong type', 'Clock', { timeZone: 1 }, 'input_invalid'],
  ['input that is no object', 'Clock', null, 'input_invalid'],
  ['what the tool throws', 'Clock', { timeZone: 'Mars/Olympus' }, 'tool_failed'],
])('answers %s with an error', async (_, name, input, code) => {
  expect(await clock.execute(name, input, context)).toEqual({
    ok: false,
    code,
    error: expect.stringMatching(/./),
  });
});

it('leaves a tool behind that takes too long', async () => {
  const slow = new ToolRegistry([tool(() => new Promise(() => undefined))], 20);
  expect(await slow.execute('Tool', {}, context)).toMatchObject({ code: 'tool_timeout' });
});

it('stops with the turn', async () => {
  const stop = new AbortController();
  const slow = new ToolRegistry([tool(() => new Promise(() => undefined))]);
  const call = slow.execute('Tool', {}, { ...context, signal: stop.signal });
  stop.abort(new Error('stopped'));
  await expect(call).rejects.toThrow('stopped');
});

it('refuses two tools of one name', () => {
  expect(() => new ToolRegistry([new ClockTool(), new ClockTool()])).toThrow('one name');
});
