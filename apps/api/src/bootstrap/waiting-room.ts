import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Config } from '#platform';
import { problemFor } from '../http/problem-mapping.js';
import { ProblemError } from '../http/problem.error.js';

/** Answers on the port while there is no application yet: alive, but 503 for everything else. Gives what ends it. */
export async function openWaitingRoom({ port, host }: Config): Promise<() => Promise<void>> {
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/health/live') {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ status: 'ok' }));
    return;
  }
  const refusal = new ProblemError(503, 'starting', 'This server is starting: its database is not ready.', {
    headers: { 'Retry-After': '1' },
  });
  const { problem, headers } = problemFor(refusal, '');
  response
    .writeHead(503, { ...headers, 'Content-Type': 'application/problem+json' })
    .end(JSON.stringify(problem));
}
