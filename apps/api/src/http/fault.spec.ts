import { z } from 'zod';
import { commandsBodySchema, postMessageSchema } from '#contracts';
import { faultsOf } from './fault.js';

function faults(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return faultsOf(parsed.error?.issues ?? [], 'body').map(({ field, code }) => `${field}: ${code}`);
}

describe('faultsOf', () => {
  it('names every field that is to blame', () => {
    expect(faults(postMessageSchema, { role: 'robot', content: 5, extra: 1 })).toEqual([
      'role: invalid_field',
      'content: invalid_field',
      'extra: unknown_field',
    ]);
    expect(faults(postMessageSchema, undefined)).toEqual(['body: missing_field']);
    expect(faults(postMessageSchema, { role: 'user' })).toEqual(['content: missing_field']);
    expect(faults(postMessageSchema, { role: 'user', content: 'a\u0000' })).toEqual([
      'content: invalid_text',
    ]);
  });

  it('descends into the command that was meant, alone or in a batch', () => {
    const bad = { commandId: 'c', type: 'requestTurn', data: { conversationId: 'x', prompt: ' ' } };
    expect(faults(commandsBodySchema, bad)).toEqual([
      'data.conversationId: invalid_id',
      'data.prompt: blank',
    ]);
    expect(faults(commandsBodySchema, [bad])[0]).toBe('0.data.conversationId: invalid_id');
    expect(faults(commandsBodySchema, { ...bad, type: 'explode' })).toEqual(['type: invalid_field']);
    expect(faults(commandsBodySchema, 7)).toEqual(['body: invalid_field']);
    expect(
      faults(
        commandsBodySchema,
        Array.from({ length: 101 }, () => bad),
      ),
    ).toEqual(['body: too_big']);
  });
});
