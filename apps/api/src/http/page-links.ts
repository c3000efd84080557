import type { FastifyReply } from 'fastify';

type Query = Record<string, string | number | boolean | undefined>;
export type PageLink = { rel: 'next' | 'prev'; query: Query };

/** Writes the neighbours of a page as RFC 8288 links, relative to this server; `query` is the whole query of the neighbour. */
export function sendLinks(reply: FastifyReply, path: string, links: PageLink[]): void {
  if (links.length === 0) return;
  const text = links.map(({ rel, query }) => {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
    return `<${path}?${search.toString()}>; rel="${rel}"`;
  });
  reply.header('Link', text.join(', '));
}

/** The links of a page by its cursors: what else the page was asked for is kept. */
export function cursorLinks(cursors: { next?: string; prev?: string }, kept: Query): PageLink[] {
  const { next, prev } = cursors;
  return [
    ...(next === undefined ? [] : [{ rel: 'next' as const, query: { after: next, ...kept } }]),
    ...(prev === undefined ? [] : [{ rel: 'prev' as const, query: { before: prev, ...kept } }]),
  ];
}
