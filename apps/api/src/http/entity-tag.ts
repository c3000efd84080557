import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A tag that changes whenever one of the parts does: seqs, ids, epochs. Weak, as the bytes may be written otherwise. */
export function entityTag(...parts: (string | number)[]): string {
  return `W/"${createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)}"`;
}

/** A tag without its weakness: all comparisons here are weak. */
function opaque(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}

/** Sends the tag; true when the client has this answer already and gets 304 without a body. */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.header('ETag', tag);
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const matches = known.trim() === '*' || known.split(',').some((one) => opaque(one) === opaque(tag));
  if (matches) reply.status(304);
  return matches;
}
