/** One frame as the app's reader takes it: the JSON of a `data:` line, and the `event:` before it, which the app ignores. */
export type AppFrame = {
  event: string | null;
  id: string | null;
  // a test knows what it asked for, and fails where it is not so
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any;
};

export type AppAnswer = {
  status: number;
  headers: Headers;
  // as above
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  json: any;
};

/**
 * The LOL app as its contract describes it: plain `fetch` from another origin, no credentials of its own, JSON content
 * type on everything, a DELETE without a body too.
 */
export class LolApp {
  constructor(
    readonly url: string,
    readonly origin = 'http://localhost:5173',
  ) {}

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<AppAnswer> {
    const response = await this.fetch(method, path, body, { headers });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      json: isJson && text ? JSON.parse(text) : undefined,
    };
  }

  fetch(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      signal: AbortSignal.timeout(30_000),
      ...init,
      method,
      headers: { origin: this.origin, 'content-type': 'application/json', ...(init.headers as object) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** A turn over the app's stream, read until the server ends it. */
  async iterate(body: object, headers: Record<string, string> = {}): Promise<AppFrame[]> {
    const frames: AppFrame[] = [];
    for await (const frame of this.stream(body, { headers })) frames.push(frame);
    return frames;
  }

  /** The frames as they come. @throws Error with the problem where no stream begins */
  async *stream(body: object, init: RequestInit = {}): AsyncGenerator<AppFrame> {
    const response = await this.fetch('POST', '/api/iterate/claude/stream', body, init);
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200 || !type.startsWith('text/event-stream') || !response.body)
      throw new Error(`no stream: ${response.status} ${await response.text()}`);
    let event: string | null = null;
    let id: string | null = null;
    for await (const line of linesOf(response.body)) {
      if (line.startsWith('event: ')) event = line.slice(7);
      else if (line.startsWith('id: ')) id = line.slice(4);
      else if (line.startsWith('data: ')) {
        yield { event, id, data: JSON.parse(line.slice(6)) };
        [event, id] = [null, null];
        // the app goes by its `data:` lines alone: when to come back is for others
      } else if (line !== '' && !/^retry: \d+$/.test(line))
        throw new Error(`the app cannot read this line: ${line}`);
    }
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') throw new Error(`the stream was cut in a line: ${rest}`);
}

/** What the app does with a frame: a `type` key is a stream message, a `project` key an update, the rest is ignored. */
export function seenByApp(frames: AppFrame[]): AppFrame[] {
  return frames.filter(({ data }) => 'type' in data || 'project' in data);
}

/** The kinds of the frames in order, without deltas and heartbeats: the message type, else the event's name. */
export function kindsOf(frames: AppFrame[]): string[] {
  return frames
    .filter(({ event }) => event !== 'delta' && event !== 'heartbeat')
    .map(({ event, data }) => (data.type as string | undefined) ?? event ?? '');
}
