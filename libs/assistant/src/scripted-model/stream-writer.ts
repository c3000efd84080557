import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerItem, Directive, StreamEvent, StreamReply } from './protocol.js';

const cutAfterMs = 100;

/** Writes one streamed answer to its end, or until the client goes away (`gone`), at the reply's speed. */
export async function writeStream(
  response: ServerResponse,
  reply: StreamReply,
  defaultSpeed: number,
  gone: AbortSignal,
): Promise<void> {
  const pace = new Pace(reply.speed ?? defaultSpeed);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  for await (const item of reply.items) {
    if (gone.aborted) return;
    if (isDirective(item) && item.do !== 'raw') {
      if ((await obey(item, response, gone)) === 'over') return;
      continue;
    }
    const frame = isDirective(item) ? (item as { text: string }).text : encodeEvent(item);
    if (frame.includes('content_block_delta')) await pace.next(gone);
    await writeText(response, frame, reply, gone);
  }
  if (!gone.aborted) response.end();
}

const isDirective = (item: AnswerItem): item is Directive => typeof item.do === 'string';

const encodeEvent = (event: StreamEvent): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

async function obey(
  directive: Exclude<Directive, { do: 'raw' }>,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<'over' | 'on'> {
  switch (directive.do) {
    case 'wait':
      await pause(directive.ms, gone);
      return 'on';
    case 'stall':
      if (!gone.aborted) await once(gone, 'abort');
      return 'over';
    case 'cut':
      // What was written must arrive first: a reader drops what it has buffered when the connection breaks.
      await pause(cutAfterMs, gone);
      response.destroy();
      return 'over';
    default:
      return directive satisfies never;
  }
}

async function writeText(
  response: ServerResponse,
  text: string,
  reply: StreamReply,
  gone: AbortSignal,
): Promise<void> {
  const framed = reply.lineEnd === '\r\n' ? text.replaceAll(/\r?\n/g, '\r\n') : text;
  const bytes = Buffer.from(framed, 'utf8');
  const size = reply.chunkBytes ?? bytes.length;
  for (let at = 0; at < bytes.length && !gone.aborted; at += size) {
    if (!response.write(bytes.subarray(at, at + size))) await drained(response, gone);
  }
}

async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal: gone }).catch((error: unknown) => {
    if (!gone.aborted) throw error;
  });
}

async function pause(ms: number, gone: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: gone }).catch((error: unknown) => {
    if (!gone.aborted) throw error;
  });
}

/** Spreads deltas evenly: each has its own due time, so that slow timers do not add up. */
class Pace {
  private due = performance.now();

  constructor(private readonly perSecond: number) {}

  async next(gone: AbortSignal): Promise<void> {
    if (this.perSecond <= 0) return;
    this.due = Math.max(this.due + 1000 / this.perSecond, performance.now() - 1000);
    const wait = this.due - performance.now();
    if (wait > 1) await pause(wait, gone);
  }
}
