import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

/** As much of a refusal's body is read. */
const refusalBytes = 1024 * 1024;
/** Statuses whose answer has no body. */
const bodiless = new Set([204, 205, 304]);

/**
 * `fetch`, as far as the SDK needs it to stream an answer, over `node:http`: the body of a 2xx is the Node stream itself, which the SDK
 * reads as it reads any async iterable. The built-in `fetch` passes each chunk through web streams, at several times the cost.
 * `onBytes` is called when the server answers and with each piece of the body. Redirects are not followed.
 * @throws the connection's error, or the signal's, by name `AbortError`
 */
export function modelFetch(onBytes: () => void): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const answer = await send(new URL(input instanceof Request ? input.url : input), init);
    onBytes();
    const { statusCode: status = 0, headersDistinct } = answer;
    const fields = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    if (status < 200 || status > 299 || bodiless.has(status)) {
      const body = await text(limited(answer));
      return new Response(bodiless.has(status) ? null : body, { status, headers: fields });
    }
    answer.on('readable', onBytes);
    // whoever reads it hears of an error as well; once nobody does, one would end the process
    answer.on('error', () => undefined);
    const response = new Response(null, { status, headers: fields });
    return Object.defineProperty(response, 'body', { value: answer });
  };
}

function send(url: URL, { method = 'GET', headers, body, signal }: RequestInit): Promise<IncomingMessage> {
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw new TypeError('the body of a request to the model must be a string');
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const sent = request(url, { method, headers: Object.fromEntries(new Headers(headers)) });
    let answer: IncomingMessage | null = null;
    // An answer is closed without an error: given one, its socket has it too, which by then may have nobody to hear of it.
    const abort = () => (answer ? answer.destroy() : sent.destroy(signal?.reason as Error));
    signal?.addEventListener('abort', abort, { once: true });
    sent.once('close', () => signal?.removeEventListener('abort', abort));
    // for the whole call: what ends it after the answer has begun is told by the body
    sent.on('error', reject);
    sent.on('response', (response) => resolve((answer = response)));
    sent.end(body ?? undefined);
  });
}

async function* limited(answer: IncomingMessage): AsyncGenerator<Buffer> {
  let left = refusalBytes;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
