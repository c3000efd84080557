import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform';
import { ApiClient } from '../support/api-client.js';
import { startMode } from '../support/mode.js';
import { startServer } from '../support/server.js';

jest.setTimeout(60_000);

const docs = join(projectRoot(), 'docs');
/** What section 12 says of running the service is tested with the rest of that. */
const suites = ['conformance', 'integration/observability'].map((suite) =>
  join(projectRoot(), 'test', suite),
);

it('names every clause of docs/protocol.md in a test', () => {
  const clauses = [
    ...readFileSync(join(docs, 'protocol.md'), 'utf8').matchAll(/^- \*\*(\d+\.\d+)\*\*/gm),
  ].map(([, clause]) => clause);
  const named = suites
    .flatMap((suite) => readdirSync(suite).map((file) => readFileSync(join(suite, file), 'utf8')))
    .flatMap((text) =>
      [...text.matchAll(/'((?:\d+\.\d+ )+)/g)].flatMap(([, names]) => names!.trim().split(' ')),
    );
  expect(clauses.length).toBeGreaterThan(40);
  expect(clauses.filter((clause) => !named.includes(clause!))).toEqual([]);
});

it('has the served description in docs/openapi.json', async () => {
  const mode = await startMode();
  const server = await startServer({ role: 'api', env: mode.env });
  try {
    const { json } = await new ApiClient(server.url).get('/openapi.json');
    const written = JSON.parse(readFileSync(join(docs, 'openapi.json'), 'utf8'));
    expect(written).toEqual(json);
  } finally {
    await server.stop();
    await mode.stop();
  }
});
