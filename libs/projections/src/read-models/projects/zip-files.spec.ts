import { strFromU8, unzipSync } from 'fflate';
import { zipFiles } from './zip-files.js';

const at = '2026-03-04T05:06:07.890Z';
const file = (content: string) => ({ content, type: 'html' as const });
const files = {
  'index.html': file('<p>é😀'),
  'dir/a.js': file(''),
  'large.txt': file('many words '.repeat(50_000)),
};

test('a zip holds every file, byte for byte', async () => {
  const entries = unzipSync(await zipFiles(files, at));
  const contents = Object.entries(entries).map(([path, bytes]) => [path, strFromU8(bytes)]);
  expect(contents).toEqual(Object.entries(files).map(([path, { content }]) => [path, content]));
});

test('the same files and time are the same bytes', async () => {
  const [one, two] = [await zipFiles(files, at), await zipFiles(files, at)];
  expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
  // local header of the first file: date and time of day as DOS writes them, in UTC
  const header = Buffer.from(one);
  expect(header.readUInt16LE(10)).toBe((5 << 11) | (6 << 5) | Math.floor(7 / 2));
  expect(header.readUInt16LE(12)).toBe(((2026 - 1980) << 9) | (3 << 5) | 4);
});

test('an empty project is an empty archive', async () =>
  expect(unzipSync(await zipFiles({}, at))).toEqual({}));
