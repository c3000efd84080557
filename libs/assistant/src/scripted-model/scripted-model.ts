import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newRequestId } from './answer.js';
import { defaultScript } from './default-script.js';
import type { ReceivedRequest, RefusalReply, Reply, Script, ScriptedRequest } from './protocol.js';
import { requestProblem } from './request-problem.js';
import { writeStream } from './stream-writer.js';

/** How a scripted model listens, answers and remembers. */
export type ScriptedModelOptions = {
  /** 0 (the default) = any free one. */
  port?: number;
  /** Default: `defaultScript`, which says that it is scripted. */
  script?: Script;
  /** Deltas a second where a reply does not say; 0 = as fast as possible. Default 40, so that a person sees it stream. */
  speed?: number;
  /** How many of the newest requests are kept in `requests`. Default 100. */
  remember?: number;
};

/** A running scripted model. */
export type ScriptedModel = {
  /** The value for ANTHROPIC_BASE_URL. */
  url: string;
  port: number;
  /** The newest requests, oldest first, refused ones too. */
  requests: ReceivedRequest[];
  /** Requests received since the start, also those no longer in `requests`. */
  received(): number;
  close(): Promise<void>;
};

/** A request of the real API may have 32 MB. */
const maxBodyBytes = 32 * 1024 * 1024;

/**
 * Starts a server on loopback that speaks the Messages API's streaming protocol (`POST /v1/messages`) and answers by
 * script. It refuses what the real API refuses (see `requestProblem`), so a client that works with it sends legal
 * requests. `close` cuts the answers that are still being written.
 */
export async function startScriptedModel(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  const { script = defaultScript, speed = 40, remember = 100 } = options;
  const requests: ReceivedRequest[] = [];
  let received = 0;

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const text = await readBody(incoming);
    const request: ReceivedRequest = {
      path: incoming.url ?? '',
      headers: incoming.headers,
      text,
      body: parseJson(text),
      status: null,
    };
    requests.push(request);
    if (requests.length > remember) requests.shift();
    const index = received++;
    const reply = refusalOf(incoming, request) ?? (await script(request.body as ScriptedRequest, { index }));
    await answer(response, request, reply, speed, gone.signal);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, { kind: 'refusal', status: 500, errorType: 'api_error', message: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    received: () => received,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size <= maxBodyBytes) chunks.push(chunk as Buffer);
  }
  return size <= maxBodyBytes ? Buffer.concat(chunks).toString('utf8') : '';
}

function parseJson(text: string): ScriptedRequest | null {
  try {
    return JSON.parse(text) as ScriptedRequest;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const refusal = (status: number, errorType: string, message: string): RefusalReply => ({
  kind: 'refusal',
  status,
  errorType,
  message,
});

function refusalOf(incoming: IncomingMessage, request: ReceivedRequest): RefusalReply | null {
  if (new URL(request.path, 'http://localhost').pathname !== '/v1/messages' || incoming.method !== 'POST')
    return refusal(404, 'not_found_error', 'Not found');
  if (!incoming.headers['x-api-key'] && !incoming.headers.authorization)
    return refusal(401, 'authentication_error', 'x-api-key header is required');
  if (!incoming.headers['anthropic-version'])
    return refusal(400, 'invalid_request_error', 'anthropic-version: header is required');
  const problem = requestProblem(request.text, request.body);
  return problem === null ? null : refusal(400, 'invalid_request_error', problem);
}

async function answer(
  response: ServerResponse,
  request: ReceivedRequest,
  reply: Reply,
  speed: number,
  gone: AbortSignal,
): Promise<void> {
  switch (reply.kind) {
    case 'stream':
      request.status = 200;
      return writeStream(response, reply, speed, gone);
    case 'refusal':
      request.status = reply.status;
      return refuse(response, reply);
    case 'hang':
      return;
    case 'drop':
      response.destroy();
      return;
    default:
      return reply satisfies never;
  }
}

function refuse(response: ServerResponse, reply: RefusalReply): void {
  const requestId = newRequestId();
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'request-id': requestId,
    ...reply.headers,
  });
  response.end(
    JSON.stringify({
      type: 'error',
      error: { type: reply.errorType, message: reply.message },
      request_id: requestId,
    }),
  );
}
