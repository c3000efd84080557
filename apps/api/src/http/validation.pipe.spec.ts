import { z } from 'zod';
import { postMessageSchema } from '#contracts';
import { RequestValidationPipe } from './validation.pipe.js';

const pipe = new RequestValidationPipe();
const validated = (schema: z.ZodType, value: unknown, data?: string) =>
  pipe.transform(value, { type: 'body', schema, ...(data ? { data } : {}) });

it('hands on what the schema made of the value', async () => {
  await expect(validated(z.string().transform(Number), '5')).resolves.toBe(5);
  await expect(pipe.transform('as it is', { type: 'custom' })).resolves.toBe('as it is');
});

it('keeps keys that only look like parts of a class', async () => {
  const toolCall = { constructor: 'x', inner: [{ prototype: 1, constructor: { a: 2 } }] };
  const body = { role: 'tool', content: '', toolCall };
  await expect(validated(postMessageSchema, structuredClone(body))).resolves.toEqual(body);
});

it.each(['constructor', 'prototype', 'toString', 'anything'])(
  'refuses an unknown field of any name: %s',
  async (name) => {
    const body = { role: 'tool', content: '', [name]: {} };
    await expect(validated(postMessageSchema, body)).rejects.toMatchObject({
      status: 400,
      code: 'unknown_field',
      field: name,
    });
  },
);

it('blames the parameter, else the place', async () => {
  await expect(validated(z.string(), 5, 'id')).rejects.toMatchObject({ field: 'id' });
  await expect(validated(z.string(), 5)).rejects.toMatchObject({ field: 'body', code: 'invalid_field' });
});
