import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.js';
import { isRunning } from '../../support/is-running.js';
import { launch, untilReady, type Launched } from '../../support/launched.js';

describe('npm start', () => {
  let root: string;
  let dataDir: string;
  let port: string;
  let url: string;
  const started: Launched[] = [];

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'chatlog start '));
    dataDir = join(root, 'data');
    port = String(await freePort());
    url = `http://127.0.0.1:${port}`;
  });
  afterEach(async () => {
    for (const launched of started.splice(0)) {
      launched.signal('SIGTERM');
      await launched.ended;
    }
    rmSync(root, { recursive: true, force: true });
  });

  function start(env: Record<string, string> = {}): Launched {
    const launched = launch({ CHATLOG_DATA_DIR: dataDir, PORT: port, ...env });
    started.push(launched);
    return launched;
  }

  it('says where it is, what runs and how to use a real key; Ctrl-C leaves nothing running', async () => {
    const launched = start();
    await untilReady(launched, url);
    const server = postmaster();
    for (const text of [`http://localhost:${port}`, dataDir, 'ANTHROPIC_API_KEY', 'scripted', 'embedded']) {
      expect(launched.output()).toContain(text);
    }
    launched.signal('SIGINT');
    expect(await launched.ended).toBe(0);
    expect(isRunning(server)).toBe(false);
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('leaves a first start on the same folder alone, and says so', async () => {
    await untilReady(start(), url);
    const second = start({ PORT: String(await freePort()) });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`${dataDir} is in use by process`);
    expect(second.output()).toContain(`http://localhost:${port}`);
    expect((await fetch(`${url}/health/ready`)).ok).toBe(true);
  });

  it('keeps everything through a kill -9, and goes on with the server that survived', async () => {
    const first = start();
    await untilReady(first, url);
    const created = await createConversation();
    const server = postmaster();
    first.signal('SIGKILL');
    await first.ended;
    expect(isRunning(server)).toBe(true);
    await untilReady(start(), url);
    expect(postmaster()).toBe(server);
    expect(await (await fetch(`${url}/api/conversations/${created.id}`)).json()).toMatchObject({
      title: 'kept',
    });
  });

  it('names PORT when the port is taken, before it touches anything', async () => {
    const other = await listen(Number(port));
    const launched = start();
    expect(await launched.ended).toBe(1);
    expect(launched.output()).toContain(`Port ${port} is taken`);
    expect(launched.output()).toContain(`PORT=${Number(port) + 1}`);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    other.close();
  });

  it('stops at a bad value with a table of what is wrong', async () => {
    const launched = start({ LOG_LEVEL: 'loud', CHATLOG_CONTEXT_TOKENS: 'many' });
    expect(await launched.ended).toBe(1);
    expect(launched.output()).toMatch(/CHATLOG_CONTEXT_TOKENS +"many" +must be/);
    expect(launched.output()).toMatch(/LOG_LEVEL +"loud" +must be/);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  });

  it('refuses a role that there is not', async () => {
    const launched = launch({ CHATLOG_DATA_DIR: dataDir }, ['everything']);
    expect(await launched.ended).toBe(1);
    expect(launched.output()).toContain('unknown role everything');
  });

  async function createConversation(): Promise<{ id: string }> {
    const response = await fetch(`${url}/api/conversations`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ title: 'kept' }),
    });
    expect(response.status).toBe(201);
    return (await response.json()) as { id: string };
  }

  function postmaster(): number {
    return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });
}
