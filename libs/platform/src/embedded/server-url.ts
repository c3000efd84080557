/** The database of ours in an embedded server. */
export const EMBEDDED_DATABASE = 'chatlog';

/** The URL of an embedded server's database, password included. */
export function embeddedUrl(
  server: { port: number; password: string },
  database = EMBEDDED_DATABASE,
): string {
  return `postgres://postgres:${server.password}@127.0.0.1:${server.port}/${database}`;
}
