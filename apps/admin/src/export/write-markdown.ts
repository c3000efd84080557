import { createHash } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Principal } from '#conversations';
import { BlobStore, EventLog } from '#event-log';
import { DomainRefusal } from '#model';
import { ConversationQueries, ExportReads } from '#projections';
import { ExportTexts } from '../../../api/src/export/export-texts.service.js';
import { WholeResults } from '../../../api/src/messages/whole-results.service.js';
import type { Session } from '../session/session.js';

/** `sha256` and `bytes` are of what was written. */
export type MarkdownReport = {
  streamId: string;
  kind: 'conversation';
  events: number;
  bytes: number;
  sha256: string;
};

/**
 * Writes a conversation for people, as the API exports it, and ends `to`.
 * @throws DomainRefusal `not_found`
 */
export async function writeMarkdown(
  session: Session,
  id: string,
  to: Writable,
  { signal }: { signal?: AbortSignal } = {},
): Promise<MarkdownReport> {
  const log = session.get(EventLog);
  const info = await log.info(id);
  const seq = await log.head(id);
  const owner: Principal | null = info && { tenantId: info.tenantId, userId: info.ownerId, scopes: ['read'] };
  const request = { at: seq, limit: 1 };
  const found =
    owner && info?.kind === 'conversation'
      ? await session.get(ConversationQueries).state(owner, id, request)
      : null;
  if (!owner || !found) throw new DomainRefusal('not_found', 404, `there is no conversation ${id}`);
  const texts = new ExportTexts(log, session.get(ExportReads), new WholeResults(session.get(BlobStore)));
  const { prev: _prev, project: _project, ...state } = found;
  const hash = createHash('sha256');
  let bytes = 0;
  const pieces = async function* (): AsyncGenerator<string> {
    for await (const piece of texts.of('markdown', owner, state)) {
      hash.update(piece);
      bytes += Buffer.byteLength(piece);
      yield piece;
    }
  };
  await pipeline(Readable.from(pieces()), to, { signal });
  return { streamId: id, kind: 'conversation', events: seq, bytes, sha256: hash.digest('hex') };
}
