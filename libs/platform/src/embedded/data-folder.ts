import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { spawnOnFolder } from './server-process.js';
import type { ServerUser } from './server-user.js';

const STAGING = 'postgres.new-';
/** The major version whose binaries package.json names. */
const MAJOR = '18';
const LARGEST_LOG_BYTES = 10_000_000;

/** `<dataDir>/postgres`, its password beside it. */
export class DataFolder {
  readonly path: string;

  constructor(
    private readonly dataDir: string,
    private readonly user: ServerUser | undefined,
  ) {
    this.path = join(dataDir, 'postgres');
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  }

  /** The saved password; made with the folder. @throws when there is a database but no password for it. */
  password(): string {
    const file = join(this.dataDir, 'postgres-password');
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    if (existsSync(this.path))
      throw new Error(`${file} is missing: without it the database in ${this.path} cannot be opened`);
    const password = randomBytes(24).toString('base64url');
    writeFileSync(file, `${password}\n`, { mode: 0o600 });
    return password;
  }

  /** Makes the database where there is none: in a folder of its own first, so that a half-made one is never opened. */
  async prepare(binaries: Binaries): Promise<void> {
    this.removeStaging();
    if (existsSync(this.path)) return this.requireMajor();
    const staging = join(this.dataDir, `${STAGING}${randomBytes(4).toString('hex')}`);
    mkdirSync(staging, { mode: 0o700 });
    const passwordFile = join(staging, 'password');
    writeFileSync(passwordFile, this.password(), { mode: 0o600 });
    if (this.user) for (const path of [staging, passwordFile]) chownSync(path, this.user.uid, this.user.gid);
    await initdb(binaries, staging, this.user);
    renameSync(join(staging, 'data'), this.path);
    this.removeStaging();
  }

  /** A log file that outlives this process: a server that survives us must not write into a broken pipe. One old one is kept. */
  openLog(): number {
    const file = this.logFile();
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG_BYTES)
      renameSync(file, `${file}.old`);
    return openSync(file, 'a', 0o600);
  }

  /** The end of the log, for a person; empty where there is none. */
  lastLines(): string {
    if (!existsSync(this.logFile())) return '';
    return readFileSync(this.logFile(), 'utf8').split('\n').slice(-15).join('\n');
  }

  private logFile(): string {
    return join(this.dataDir, 'postgres.log');
  }

  private removeStaging(): void {
    for (const name of readdirSync(this.dataDir).filter((entry) => entry.startsWith(STAGING))) {
      rmSync(join(this.dataDir, name), { recursive: true, force: true });
    }
  }

  private requireMajor(): void {
    const found = readFileSync(join(this.path, 'PG_VERSION'), 'utf8').trim();
    if (found !== MAJOR)
      throw new Error(`${this.path} belongs to PostgreSQL ${found}, this program brings ${MAJOR}`);
  }
}

/** Makes `data` in the staging folder, which holds the password. */
async function initdb(binaries: Binaries, staging: string, user: ServerUser | undefined): Promise<void> {
  // the collation is built in: with the locale of a bare machine the database would be SQL_ASCII
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const args = (folder: string) => [
    `--pgdata=${folder}/data`,
    `--pwfile=${folder}/password`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--no-instructions',
    ...locale,
  ];
  const child = spawnOnFolder(binaries.initdb, staging, args, { user, output: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  if (code !== 0) throw new Error(`initdb failed (${code}):\n${output}`);
}
