import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha } from '../../../../../test/support/project-story.js';
import { createPrng, type Prng } from '../../../../../test/support/prng.js';
import { diffFiles, type VersionFiles } from './diff-files.js';
import { unifiedDiff } from './unified-diff.js';

const filesOf = (contents: Record<string, string>): VersionFiles =>
  Object.fromEntries(
    Object.entries(contents).map(([path, content]) => [path, { sha256: sha(content), content }]),
  );
const diff = (from: Record<string, string>, to: Record<string, string>) =>
  diffFiles(filesOf(from), filesOf(to));
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n}\n`).join('');

describe('diffFiles', () => {
  it('shows what changed in each file, in path order, and leaves equal ones out', async () => {
    const from = { 'a.txt': lines(1, 10), 'b.txt': 'gone\n', 'same.txt': 'same' };
    const to = { 'a.txt': lines(1, 4) + 'new\n' + lines(6, 10), 'c.txt': 'one\ntwo', 'same.txt': 'same' };
    expect(await diff(from, to)).toEqual([
      {
        path: 'a.txt',
        status: 'modified',
        additions: 1,
        deletions: 1,
        hunks: [
          {
            oldStart: 2,
            oldLines: 7,
            newStart: 2,
            newLines: 7,
            lines: [' line 2', ' line 3', ' line 4', '-line 5', '+new', ' line 6', ' line 7', ' line 8'],
          },
        ],
      },
      {
        path: 'b.txt',
        status: 'deleted',
        additions: 0,
        deletions: 1,
        hunks: [{ oldStart: 1, oldLines: 1, newStart: 0, newLines: 0, lines: ['-gone'] }],
      },
      {
        path: 'c.txt',
        status: 'added',
        additions: 2,
        deletions: 0,
        hunks: [
          {
            oldStart: 0,
            oldLines: 0,
            newStart: 1,
            newLines: 2,
            lines: ['+one', '+two', '\\ No newline at end of file'],
          },
        ],
      },
    ]);
  });

  it('finds equal and similar files under other names', async () => {
    const from = { 'old/a.js': lines(1, 20), 'b.js': lines(100, 120), 'c.js': 'nothing of it stays\n' };
    const to = { 'new/a.js': lines(1, 20), 'd.js': lines(100, 118) + 'end\n', 'e.js': 'other\n' };
    const found = (await diff(from, to)).map(({ path, oldPath, status, similarity }) => ({
      path,
      oldPath,
      status,
      similarity: similarity && Math.round(similarity * 10) / 10,
    }));
    expect(found).toEqual([
      { path: 'c.js', status: 'deleted' },
      { path: 'd.js', oldPath: 'b.js', status: 'renamed', similarity: 0.9 },
      { path: 'e.js', status: 'added' },
      { path: 'new/a.js', oldPath: 'old/a.js', status: 'renamed', similarity: 1 },
    ]);
  });

  it('keeps a name for its own among equal files', async () => {
    const found = await diff(
      { 'a/x.css': 'x', 'a/y.css': 'x' },
      { 'b/y.css': 'x', 'b/x.css': 'x', 'c/z.css': 'x' },
    );
    expect(found.map(({ oldPath, path }) => [oldPath, path])).toEqual([
      ['a/x.css', 'b/x.css'],
      ['a/y.css', 'b/y.css'],
      [undefined, 'c/z.css'],
    ]);
  });

  it('shows contents with too little in common as replaced, between what they share', async () => {
    const from = lines(1, 10) + lines(101, 3_000) + lines(11, 20);
    const to = lines(1, 10) + lines(10_101, 13_000) + lines(11, 20);
    const [change] = await diff({ a: from }, { a: to });
    expect(change).toMatchObject({ additions: 2_900, deletions: 2_900 });
    const [hunk, ...more] = change!.hunks;
    expect(more).toEqual([]);
    expect(hunk).toMatchObject({ oldStart: 8, oldLines: 2_906, newStart: 8, newLines: 2_906 });
    expect(hunk!.lines.slice(0, 4)).toEqual([' line 8', ' line 9', ' line 10', '-line 101']);
    expect(hunk!.lines.slice(-4)).toEqual(['+line 13000', ' line 11', ' line 12', ' line 13']);
  });
});

describe('unifiedDiff', () => {
  it('is a patch that git applies, whatever changed', async () => {
    const prng = createPrng('patches');
    const folder = mkdtempSync(join(tmpdir(), 'chatlog-patch-'));
    try {
      for (let round = 0; round < 25; round += 1) {
        const [from, to] = [randomFiles(prng), randomFiles(prng)];
        const patch = unifiedDiff(await diff(from, to));
        const place = join(folder, String(round));
        for (const [path, content] of Object.entries(from)) write(place, path, content);
        mkdirSync(place, { recursive: true });
        if (patch !== '')
          execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: place, input: patch });
        expect(readAll(place)).toEqual(to);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

const names = ['a.txt', 'b c.txt', 'dir/é.txt', 'dir/"q".txt', 'e.txt'];

function randomFiles(prng: Prng): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of names) {
    if (prng.next() < 0.35) continue;
    const start = prng.between(1, 5);
    const body = lines(start, start + prng.between(0, 30)).replace(
      /line (\d)\n/,
      () => `changed ${prng.between(1, 3)}\n`,
    );
    files[name] = prng.next() < 0.3 ? body.slice(0, -1) : body;
  }
  // of these two the diff has more edits than it counts
  if (prng.next() < 0.6) {
    const far = prng.pick([1_000, 5_000]);
    const ends = [lines(1, prng.between(0, 5)), lines(20, 20 + prng.between(0, 5))];
    const body = ends[0] + lines(far, far + 800) + ends[1];
    files['far.txt'] = prng.next() < 0.3 ? body.slice(0, -1) : body;
  }
  return files;
}

function write(place: string, path: string, content: string): void {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), content);
}

function readAll(place: string): Record<string, string> {
  const entries = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(place.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}
