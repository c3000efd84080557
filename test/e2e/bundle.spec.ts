import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { builtRoot } from '../support/server.js';
import { expect, test } from './support/chat-test.js';

type Chunk = { file: string; src?: string; isEntry?: boolean; imports?: string[]; css?: string[] };

const LIMIT = 200_000;

async function manifest() {
  const folder = join(await builtRoot(), 'dist', 'web');
  const chunks = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Record<
    string,
    Chunk
  >;
  return { folder, chunks };
}

/** The entry, with all that it imports at once, and their styles. */
function firstLoad(chunks: Record<string, Chunk>): string[] {
  const files = new Set<string>();
  const add = (name: string): void => {
    const chunk = chunks[name];
    if (!chunk || files.has(chunk.file)) return;
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    chunk.imports?.forEach(add);
  };
  Object.keys(chunks)
    .filter((name) => chunks[name]?.isEntry)
    .forEach(add);
  return [...files];
}

test('the first load is under 200 KB gzipped, styles included', async () => {
  const { folder, chunks } = await manifest();
  const sizes = firstLoad(chunks).map((file) => gzipSync(readFileSync(join(folder, file))).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`first load: ${total} bytes gzipped in ${sizes.length} files`);
  expect(sizes.length).toBeGreaterThan(1);
  expect(total).toBeLessThan(LIMIT);
});

test('markdown and diff are not in it', async () => {
  const { folder, chunks } = await manifest();
  const text = firstLoad(chunks)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  // names that these libraries keep when they are minified
  expect(text).not.toContain('data-streamdown');
  expect(text).not.toContain('micromark');
  expect(text).not.toContain('diffLines');
  const lazy = Object.values(chunks).map(({ src }) => src);
  expect(lazy).toContain('src/markdown/rich-text.tsx');
  expect(lazy).toContain('src/tools/line-diff.tsx');
});

test('an empty page loads nothing more than that, and what was fetched once is kept', async ({
  page,
  chat,
}) => {
  const { chunks } = await manifest();
  const fetched: string[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/assets/')) return;
    fetched.push(pathname.slice(1));
    expect(response.headers()['cache-control']).toContain('immutable');
  });
  await chat.openNew();
  await page.waitForLoadState('networkidle');
  expect(fetched.toSorted()).toEqual(firstLoad(chunks).toSorted());
});
