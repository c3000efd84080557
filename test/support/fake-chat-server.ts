import type { LogEvent, Message } from '#contracts';
import type { LoggedEvent } from '#model';
import { frameOf, urlOf } from './fake-log-server.js';
import { PageOracle } from './state-page.js';
import { conversationId, type Story } from './story.js';

/**
 * A server in memory with one conversation, which a story makes: what it answers is folded from the story's events. For tests
 * of hooks, which ask what is rendered, and when; what the real server answers is asked elsewhere.
 */
export class FakeChatServer {
  readonly requests: { method: string; path: string; body: unknown }[] = [];
  private readonly streams = new Set<(text: string) => void>();

  constructor(readonly story: Story) {}

  /** Runs a step of the story, and sends what it made. */
  step(run: (story: Story) => void): void {
    const before = this.story.events.length;
    run(this.story);
    for (const event of this.story.events.slice(before)) {
      for (const send of this.streams) send(frameOf(onWire(event)));
    }
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(urlOf(input), 'http://made.up');
    init?.signal?.throwIfAborted();
    const method = init?.method ?? 'GET';
    const path = url.pathname;
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    this.requests.push({ method, path, body });
    const query = (name: string): number | undefined => {
      const text = url.searchParams.get(name);
      return text === null ? undefined : Number(text);
    };
    if (path.endsWith('/stream')) return this.stream(query('after') ?? 0, init?.signal ?? null);
    const at = query('at') ?? this.story.events.length;
    const oracle = new PageOracle(conversationId, this.story.events, at);
    if (path.endsWith('/state')) return this.state(oracle, at, query('limit'), query('before'));
    if (path.endsWith('/events')) {
      const types = url.searchParams.get('types')?.split(',');
      const events = this.story.events.map(onWire);
      return json(
        events.filter(({ seq, type }) => seq > (query('after') ?? 0) && (types?.includes(type) ?? true)),
      );
    }
    if (path.endsWith('/messages') && method === 'GET') return this.messages(oracle, url.searchParams);
    const messageId = /\/messages\/([^/]+)$/.exec(path)?.[1];
    if (messageId) return json(oracle.message(messageId));
    if (path === '/api/conversations' && method === 'GET') return json([oracle.page().conversation]);
    return json({ code: 'not_found', detail: path }, { status: 404 });
  };

  private state(oracle: PageOracle, at: number, limit = 100, before?: number): Response {
    const { previous, ...state } = oracle.page({ limit, before });
    const link = `</x?at=${at}&limit=${limit}&before=${previous}>; rel="prev"`;
    return json(state, { headers: previous === undefined ? {} : { Link: link } });
  }

  private messages({ path }: PageOracle, query: URLSearchParams): Response {
    const limit = Number(query.get('limit') ?? 100);
    const [from, after, before] = ['from', 'after', 'before'].map((name) => Number(query.get(name) ?? 0));
    const first = (from ?? 0) > 0 ? from! - 1 : (after ?? 0);
    const items: Message[] = before
      ? path.filter(({ seq }) => seq < before).slice(-limit)
      : path.filter(({ seq }) => seq > first).slice(0, limit);
    const links = [
      ...(items[0] && items[0] !== path[0] ? [`</x?before=${items[0].seq}>; rel="prev"`] : []),
      ...(items.at(-1) !== path.at(-1) ? [`</x?after=${items.at(-1)?.seq}>; rel="next"`] : []),
    ];
    return json(items, { headers: links.length > 0 ? { Link: links.join(', ') } : {} });
  }

  private stream(after: number, signal: AbortSignal | null): Response {
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const send = (text: string): void => controller.enqueue(encoder.encode(text));
        this.streams.add(send);
        signal?.addEventListener('abort', () => {
          this.streams.delete(send);
          controller.error(new TypeError('terminated'));
        });
        send(
          `event: stream_open\ndata: {"from":${after},"head":${this.story.events.length},"epoch":"epoch"}\n\n`,
        );
        for (const event of this.story.events.slice(after)) send(frameOf(onWire(event)));
      },
    });
    return new Response(body);
  }
}

function onWire({ seq, type, at, data, metadata }: LoggedEvent): LogEvent {
  return structuredClone({ seq, type, at, data, metadata }) as LogEvent;
}

function json(body: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(body), init);
}
