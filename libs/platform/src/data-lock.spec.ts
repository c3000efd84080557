import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUse, lockFolder } from './data-lock.js';

/** A process that takes the lock, says so, and keeps it until it is killed. */
const HOLDER = `
  import { lockFolder } from ${JSON.stringify(join(__dirname, 'data-lock.js'))};
  lockFolder(process.argv[1], { note: 'a test' }).then(
    () => process.send('held'),
    (error) => process.send(error.name),
  );
  setInterval(() => undefined, 1000);
`;

// each test starts processes, and the machine may be busy
jest.setTimeout(60_000);

describe('lockFolder', () => {
  let root: string;
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lock '));
    folder = join(root, 'data');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  function start(target = folder): ChildProcess {
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, target], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.push(child);
    return child;
  }

  it('is taken once a process, and left free', async () => {
    const lock = await lockFolder(folder);
    expect(await lockFolder(folder)).toBe(lock);
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused while another process holds it, with what that one says', async () => {
    const child = start();
    expect(await says(child)).toBe('held');
    await expect(lockFolder(folder)).rejects.toThrow(`is in use by process ${child.pid}: a test`);
  });

  it('is free again after kill -9', async () => {
    const child = start();
    expect(await says(child)).toBe('held');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const lock = await lockFolder(folder);
    await lock.release();
  });

  it('is kept by a process that is stopped', async () => {
    const child = start();
    expect(await says(child)).toBe('held');
    child.kill('SIGSTOP');
    await expect(lockFolder(folder)).rejects.toThrow(FolderInUse);
  });

  it('is given to exactly one of many that ask at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const target = join(root, `round ${round}`);
      const answers = await Promise.all(Array.from({ length: 6 }, () => says(start(target))));
      expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
      for (const child of children.splice(0)) child.kill('SIGKILL');
    }
  });

  it('works in a folder with a very long name', async () => {
    const long = join(root, 'x'.repeat(120));
    const lock = await lockFolder(long);
    const child = start(long);
    expect(await says(child)).toBe('FolderInUse');
    await lock.release();
  });
});

function says(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('message', resolve));
}
