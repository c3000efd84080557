import { timingSafeEqual, createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Config, ConfigInvalid, type MetricSources } from '#platform';

/** A scraper that says nothing more keeps no connection of ours. */
const PATIENCE_MS = 10_000;

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/**
 * Serves `GET /metrics` of a process without an API, where a port is configured. Where tokens are, a scrape carries one that
 * may see how the service stands. Gives what ends it.
 */
export async function serveMetrics(config: Config, sources: MetricSources): Promise<() => Promise<void>> {
  const { metricsPort: port, metricsHost: host } = config;
  if (port === undefined) return async () => undefined;
  const server = createServer((request, response) => void answer(config, sources, request, response));
  server.requestTimeout = PATIENCE_MS;
  await new Promise<void>((resolve, reject) => {
    const refuse = ({ message }: Error) => reject(portUnusable(port, message));
    server.once('error', refuse).listen(port, host, resolve);
  });
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

async function answer(
  config: Config,
  sources: MetricSources,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' || request.url !== '/metrics') {
    response.writeHead(404).end();
  } else if (!mayScrape(config, request.headers.authorization)) {
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="lol-chat-log"' }).end();
  } else {
    const { contentType, text } = await sources.page();
    response.writeHead(200, { 'Content-Type': contentType }).end(text);
  }
}

/** By the rule of the API: whoever has all scopes may, and whoever has but that of seeing. */
function mayScrape(config: Config, authorization = ''): boolean {
  const { token, adminToken, adminReadToken } = config;
  if (token === undefined) return true;
  const given = sha256(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
  return [adminToken ?? token, adminReadToken].some(
    (one) => one !== undefined && timingSafeEqual(given, sha256(one)),
  );
}

function portUnusable(port: number, problem: string): ConfigInvalid {
  return new ConfigInvalid([{ name: 'CHATLOG_METRICS_PORT', value: String(port), problem }]);
}
