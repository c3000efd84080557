// Plain JavaScript, because the launcher needs it before anything is installed or built; the build copies it to dist.
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * @typedef {{ pid: number, state: 'asking' | 'held', note: string }} Holder
 * @typedef {{ setNote(note: string): void, release(): Promise<void> }} DataLock
 */

/**
 * Both copies of this module, the source's and dist's, must know what this process holds.
 * @type {Map<string, DataLock>}
 */
const held = (globalThis[Symbol.for('lol-chat-log.data-locks')] ??= new Map());

/** A process that is stopped, or very busy, does not answer; it is alive, so it keeps what it holds. */
const ANSWER_MS = 2_000;
/** A socket address has room for so many bytes (macOS 104, Linux 108). */
const LONGEST_ADDRESS = 100;

/** Someone else holds the folder, alive. */
export class FolderInUse extends Error {
  /** @param {string} folder @param {Holder | undefined} holder */
  constructor(folder, holder) {
    const who = holder?.pid ? `process ${holder.pid}` : 'a process that does not answer';
    super(`${folder} is in use by ${who}${holder?.note ? `: ${holder.note}` : ''}`);
    this.name = 'FolderInUse';
    this.holder = holder;
  }
}

/**
 * Takes the folder for this process until `release` or its death, however it dies: the lock is a listening socket, which the
 * kernel closes. Taking it again in the same process gives the same lock. The folder is made where it is missing.
 *
 * Everyone who asks opens a socket of its own first and looks at the others' then, so of two at least one sees the other;
 * the one with the greater name gives way, and the lesser waits until it has.
 * @param {string} folder
 * @param {{ note?: string, wait?: boolean }} [options] `wait`: until it is free, instead of failing
 * @returns {Promise<DataLock>}
 * @throws {FolderInUse}
 */
export async function lockFolder(folder, { note = '', wait = false } = {}) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = realpathSync(folder);
  const mine = held.get(path);
  if (mine) return mine;
  for (;;) {
    try {
      return await tryLock(path, note);
    } catch (error) {
      if (!(wait && error instanceof FolderInUse)) throw error;
      await pause(200);
    }
  }
}

/** @param {string} path @param {string} note @returns {Promise<DataLock>} */
async function tryLock(path, note) {
  const claim = await openClaim(path, note);
  try {
    for (const other of claims(claim.folder)) {
      if (other !== claim.name) await giveWayTo(path, claim, other);
    }
  } catch (error) {
    await claim.close();
    throw error;
  }
  claim.settle('held');
  const lock = {
    /** @param {string} text what a second start is told */
    setNote: (text) => claim.setNote(text),
    release: async () => {
      held.delete(path);
      await claim.close();
    },
  };
  held.set(path, lock);
  return lock;
}

/** Resolves when `other` is gone. @param {string} path @param {Awaited<ReturnType<typeof openClaim>>} claim @param {string} other */
async function giveWayTo(path, claim, other) {
  const holder = await ask(join(claim.folder, other), claim.name < other);
  if (holder === 'dead') rmSync(join(claim.folder, other), { force: true });
  else if (holder !== 'gone') throw new FolderInUse(path, holder);
}

/** @param {string} folder */
function claims(folder) {
  return readdirSync(folder).filter((name) => /^lock-[0-9a-f]{24}$/.test(name));
}

/** Opens this process's socket in the folder. @param {string} path @param {string} note */
async function openClaim(path, note) {
  const name = `lock-${randomBytes(12).toString('hex')}`;
  /** @type {Holder} */
  const me = { pid: process.pid, state: 'asking', note };
  const waiting = new Set();
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(`${JSON.stringify(me)}\n`);
    socket.on('close', () => waiting.delete(socket));
    if (me.state === 'held') socket.end();
    else waiting.add(socket);
  });
  const folder = await listen(server, path, name);
  server.unref();
  return {
    folder,
    name,
    /** @param {'held'} state */
    settle(state) {
      me.state = state;
      for (const socket of waiting) socket.end(`${JSON.stringify(me)}\n`);
    },
    /** @param {string} text */
    setNote(text) {
      me.note = text;
    },
    async close() {
      rmSync(join(folder, name), { force: true });
      for (const socket of waiting) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Listens under a passing name and takes the real one afterwards: between bind and listen a socket looks dead to others, who
 * would remove it. Where the folder cannot hold sockets (a mounted share), they are in the temporary folder, named by it.
 * @param {import('node:net').Server} server @param {string} path @param {string} name
 */
async function listen(server, path, name) {
  const elsewhere = join(
    tmpdir(),
    `lol-chat-log-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`,
  );
  for (const folder of [path, elsewhere]) {
    mkdirSync(folder, { recursive: true });
    removeUnfinished(folder);
    try {
      await withShortAddress(folder, `new-${name}`, (address) => listenAt(server, address));
      renameSync(join(folder, `new-${name}`), join(folder, name));
      return folder;
    } catch (error) {
      // a folder that we may not write to is the user's to put right
      if (folder === elsewhere || ['EACCES', 'EROFS', 'ENOSPC'].includes(error.code)) throw error;
    }
  }
  throw new Error('unreachable');
}

/** @param {import('node:net').Server} server @param {string} address @returns {Promise<void>} */
function listenAt(server, address) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What a process left that died between the two names. @param {string} folder */
function removeUnfinished(folder) {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('new-lock-'))) {
    const age = Date.now() - (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 60_000) rmSync(join(folder, name), { force: true });
  }
}

/**
 * Whom the socket belongs to. With `untilSettled` one that still asks is waited for.
 * @param {string} file @param {boolean} untilSettled
 * @returns {Promise<Holder | undefined | 'dead' | 'gone'>} undefined: alive, but does not answer
 */
async function ask(file, untilSettled) {
  const [folder, name] = [join(file, '..'), file.slice(file.lastIndexOf('/') + 1)];
  return withShortAddress(folder, name, (address) => converse(address, untilSettled));
}

/** @param {string} address @param {boolean} untilSettled @returns {Promise<Holder | undefined | 'dead' | 'gone'>} */
function converse(address, untilSettled) {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection(address);
    const timer = setTimeout(() => finish(undefined), ANSWER_MS);
    /** @param {Holder | undefined | 'dead' | 'gone'} answer */
    const finish = (answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const holder = lastLine(text);
      if (holder && (holder.state === 'held' || !untilSettled)) finish(holder);
    });
    // it asked as we do, and gave way
    socket.on('close', () => finish('gone'));
    socket.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'ECONNREFUSED') finish('dead');
      else finish(error.code === 'ENOENT' || error.code === 'ECONNRESET' ? 'gone' : undefined);
    });
  });
}

/** @param {string} text @returns {Holder | undefined} */
function lastLine(text) {
  const line = text.split('\n').slice(0, -1).at(-1);
  return line ? JSON.parse(line) : undefined;
}

/**
 * A long path does not fit into a socket's address; on Linux an open folder has a short name too.
 * @template T @param {string} folder @param {string} name @param {(address: string) => Promise<T>} use @returns {Promise<T>}
 */
async function withShortAddress(folder, name, use) {
  const address = join(folder, name);
  if (Buffer.byteLength(address) <= LONGEST_ADDRESS || process.platform !== 'linux') return use(address);
  const descriptor = openSync(folder, 'r');
  try {
    return await use(`/proc/self/fd/${descriptor}/${name}`);
  } finally {
    closeSync(descriptor);
  }
}
