import { Injectable } from '@nestjs/common';
import type { MessageState } from '#model';
import { Database } from '#platform';
import { GenerationCatalog } from '../../checkpoints/generation-catalog.js';
import { GenerationUnknown, ReadUnavailable } from '../../errors.js';
import { decodeCursor, encodeCursor } from '../../reading/page-cursor.js';
import type { Reader } from '../../reading/reader.js';
import { canSearchLetters, type SearchMode } from './search-conditions.js';
import { searchLag, type SearchLag } from './search-lag.js';
import { parseSearch } from './search-query.js';
import { searchRows, type SearchFilter, type SearchPosition, type SearchRow } from './search-rows.js';
import { Snippets, type SnippetSegment } from './snippet.js';

/** What is looked for, and which page of it. */
export type SearchRequest = SearchFilter & { q: string; limit: number; cursor?: string };

/** A message that was found, in the conversation that made it. */
export type SearchHit = {
  conversationId: string;
  messageId: string;
  /** The seq of the event that made it. */
  seq: number;
  role: MessageState['role'];
  status: MessageState['streamingStatus'];
  title: string | null;
  projectId: string | null;
  archived: boolean;
  createdAt: string;
  snippet: SnippetSegment[];
};

/** Newest made first; `next` is a cursor, absent at the end. A page may be shorter than asked for and have a next one. */
export type SearchPage = { hits: SearchHit[]; next?: string; lag: SearchLag };

type Cursor = [mode: SearchMode, ...position: SearchPosition];

/** Finds messages by their text. It may lag, and says by how much; what is in the trash is not found, however far it lags. */
@Injectable()
export class Searches {
  constructor(
    private readonly database: Database,
    private readonly catalog: GenerationCatalog,
  ) {}

  /**
   * A page of hits. Their order never changes, so a cursor holds while messages come and go. Where no message has the words, those
   * are given that have them inside of others.
   * @throws SearchRefused, CursorInvalid, ReadUnavailable
   */
  async page(reader: Reader, { q: text, limit, cursor, ...filter }: SearchRequest): Promise<SearchPage> {
    const query = parseSearch(text);
    const { projectId, conversationId, role, status, archived, from, to } = filter;
    const { tenantId, userId } = reader;
    const list = [
      'search',
      tenantId,
      userId,
      text,
      projectId,
      conversationId,
      role,
      status,
      archived,
      from,
      to,
    ];
    const position = cursor === undefined ? undefined : (decodeCursor(list, cursor) as Cursor);
    const [onlyMode, ...after] = position ?? [];
    return this.database.transaction('REPEATABLE READ', async (q) => {
      const generation = await this.generation(q);
      const request = { generation, reader, query, filter, limit: limit + 1 };
      const place = position && { after: after as SearchPosition };
      let mode: SearchMode = onlyMode ?? 'words';
      let rows = await searchRows(q, { ...request, ...place, mode });
      if (!position && rows.length === 0 && canSearchLetters(query)) {
        mode = 'letters';
        rows = await searchRows(q, { ...request, mode });
      }
      const lag = await searchLag(q, reader, generation);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const snippets = new Snippets(query, mode);
      return {
        hits: shown.filter((row) => !row.trashed_since).map((row) => hitOf(row, snippets)),
        ...(last && { next: encodeCursor(list, [mode, last.created_at, last.id] satisfies Cursor) }),
        lag,
      };
    });
  }

  private async generation(q: Parameters<GenerationCatalog['readable']>[0]): Promise<number> {
    try {
      return (await this.catalog.readable(q, 'search')).generation;
    } catch (error) {
      if (error instanceof GenerationUnknown) throw new ReadUnavailable('search is being built');
      throw error;
    }
  }
}

function hitOf(row: SearchRow, snippets: Snippets): SearchHit {
  return {
    conversationId: row.conversation_id,
    messageId: row.id,
    seq: row.seq,
    role: row.role,
    status: row.streaming_status,
    title: row.title,
    projectId: row.project_id,
    archived: row.archived,
    createdAt: row.created_at,
    snippet: snippets.of(row.body),
  };
}
