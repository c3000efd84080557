import type { FastifyReply, FastifyRequest } from 'fastify';
import { entityTag, isUnchanged } from './entity-tag.js';

function ask(known: string | undefined, tag: string): { unchanged: boolean; status: number | undefined } {
  let status: number | undefined;
  const reply = { header: () => reply, status: (code: number) => (status = code) } as unknown as FastifyReply;
  const unchanged = isUnchanged({ headers: { 'if-none-match': known } } as FastifyRequest, reply, tag);
  return { unchanged, status };
}

const tag = entityTag('conversation', 7);

it('differs with every part, and not by chance of joining', () => {
  const tags = [entityTag('a', 1), entityTag('a', 2), entityTag('a1'), entityTag('a', 1, 'b')];
  expect(new Set(tags).size).toBe(4);
  expect(entityTag('a', 1)).toBe(tags[0]);
});

it.each([tag, tag.slice(2), `"x", ${tag}`, '*'])('is known by %s', (known) => {
  expect(ask(known, tag)).toEqual({ unchanged: true, status: 304 });
});

it.each([undefined, '"x"', tag.toUpperCase(), ''])('is not known by %s', (known) => {
  expect(ask(known, tag)).toEqual({ unchanged: false, status: undefined });
});
