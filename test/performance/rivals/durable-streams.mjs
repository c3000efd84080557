import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DurableStreamTestServer } from '@durable-streams/server';

/** A POST a delta over kept connections to its file-backed server, in this process as the others' clients are. */
export async function open() {
  const dataDir = await mkdtemp(join(tmpdir(), 'chatlog-bench-streams-'));
  const server = new DurableStreamTestServer({ port: 0, dataDir });
  await server.start();
  const agent = new http.Agent({ keepAlive: true });
  const send = async (method, streamId, body) => {
    const request = http.request(`${server.url}/chat/${streamId}`, {
      method,
      agent,
      headers: { 'content-type': 'application/json' },
    });
    request.end(body);
    const [response] = await once(request, 'response');
    response.resume();
    await once(response, 'end');
    if (response.statusCode >= 300) throw new Error(`durable-streams answered ${response.statusCode}`);
  };
  return {
    name: 'durable-streams',
    tables: [],
    // with 100 at once its pool of file handles closes some that are in use, and it answers 404
    mostStreams: 20,
    diskBytes: () => bytesIn(dataDir),
    open: (streamId) => send('PUT', streamId),
    append: (streamId, _seq, { type, data, metadata }) =>
      send('POST', streamId, JSON.stringify([{ type, data, metadata }])),
    close: async () => {
      agent.destroy();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function bytesIn(folder) {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).blocks * 512),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
