import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import { defaultClientConditions, defineConfig } from 'vite';

const api = process.env.CHATLOG_DEV_API ?? 'http://localhost:3001';

/** The web app: `npm run build` makes it into dist/web, `npx vite apps/web` serves it beside a running API while it is worked on. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [tailwindcss()],
  // the libs are compiled from their sources, as everywhere else
  resolve: { conditions: ['chatlog-source', ...defaultClientConditions] },
  build: {
    outDir: join(import.meta.dirname, '..', '..', 'dist', 'web'),
    emptyOutDir: true,
    target: 'es2022',
    // the first with `light-dark()`, which the themes are made of
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // which chunk is loaded when: what the test of the first load reads
    manifest: true,
    // a data: URL would need a hole in the content security policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // by itself: fetched and compiled beside the rest, and kept by the browser over our releases
      output: {
        codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] },
      },
      // importing one of ours does nothing by itself: a schema that nobody asks for is left out
      treeshake: {
        moduleSideEffects: (id) =>
          id.includes('/node_modules/') || /(main\.tsx|without-eval\.ts|\.css|\.html)$/.test(id),
      },
      // 'use client' is for servers that render React; there is none here
      onLog: (level, log, tell) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
      },
    },
  },
  // the server must see the page's own Host: it refuses writes of other origins
  server: {
    proxy: Object.fromEntries(
      ['/api', '/preview'].map((path) => [path, { target: api, changeOrigin: false }]),
    ),
  },
});
