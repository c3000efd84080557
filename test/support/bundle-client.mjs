import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** Bundles libs/client for browsers, and prints what it still imports of Node and how large it is. Jest cannot load Vite. */
const root = join(import.meta.dirname, '..', '..');
const fromNode = [];
const watch = {
  name: 'imports-of-node',
  // before Vite puts something empty in their place
  enforce: 'pre',
  resolveId(name) {
    if (name.startsWith('node:') || builtinModules.includes(name)) fromNode.push(name);
  },
};
const result = await build({
  root,
  configFile: false,
  logLevel: 'silent',
  plugins: [watch],
  resolve: { conditions: ['chatlog-source', 'module', 'browser', 'default'] },
  build: {
    write: false,
    // as an entry of a page, because a library is not made small
    rolldownOptions: { input: join(root, 'libs/client/src/index.ts'), preserveEntrySignatures: 'strict' },
  },
});
const chunks = [result].flat().flatMap(({ output }) => output);
const code = chunks.map((chunk) => chunk.code ?? '').join('');
process.stdout.write(JSON.stringify({ fromNode, gzipped: gzipSync(code).length }));
