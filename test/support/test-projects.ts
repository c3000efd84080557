import type { ApiAnswer } from './api-client.js';
import type { ConformanceServer } from './conformance-server.js';

/** The files of the two versions that a project has here. */
export const first = { 'index.html': '<h1>One</h1>\n', 'style.css': 'h1 {}\n', 'gone.js': 'bye()\n' };
export const second = { 'index.html': '<h1>Two</h1>\n', 'main.css': 'h1 {}\n', 'new.js': 'hi()\n' };

/** Files as a request holds them. */
export function filesOf(texts: Record<string, string>): Record<string, { content: string }> {
  return Object.fromEntries(Object.entries(texts).map(([path, content]) => [path, { content }]));
}

/** Replaces all files of a project. */
export function putFiles(
  { api }: ConformanceServer,
  id: string,
  texts: Record<string, string>,
  headers?: Record<string, string>,
): Promise<ApiAnswer> {
  return api.send({ method: 'PUT', path: `/api/projects/${id}`, body: { files: filesOf(texts) }, headers });
}

/** A new project with two versions: its id. */
export async function projectOfTwoVersions(server: ConformanceServer): Promise<string> {
  const { json } = await server.api.post('/api/projects', { title: 'Page', files: filesOf(first) });
  expect((await putFiles(server, json.id, second)).json.version).toBe(2);
  return json.id;
}

/** The address of the next page. */
export function nextPage(headers: Record<string, unknown>): string | undefined {
  return /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1];
}
