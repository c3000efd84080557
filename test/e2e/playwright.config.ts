import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const root = join(import.meta.dirname, '..', '..');

/** Nothing is fetched but from the server under test, and nothing runs beside it. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A real Chromium against the built server and a scripted model. Started by `npm run test:e2e`, which finds the browser and
 * builds; each worker has a server and a database of its own.
 */
export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: join(root, '.data', 'e2e'),
  globalSetup: join(import.meta.dirname, 'support', 'run-setup.ts'),
  globalTeardown: join(import.meta.dirname, 'support', 'run-teardown.ts'),
  // a server, a database and a browser each: more at once measure the machine
  workers: Number(process.env.CHATLOG_TEST_WORKERS ?? 1),
  timeout: 90_000,
  // one that fails among many on a shared machine is tried once more, and said to be flaky
  retries: process.env.CHATLOG_TEST_REQUIRE_ALL === '1' ? 1 : 0,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CHATLOG_TEST_REQUIRE_ALL === '1',
  reporter: 'list',
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1_280, height: 800 },
    // to record one makes a page several times as slow, so only what failed once is recorded
    trace: 'on-first-retry',
    launchOptions: { executablePath: process.env.CHATLOG_TEST_CHROMIUM, args: flags },
  },
  projects: [
    { name: 'chromium', testMatch: '**/*.spec.ts' },
    { name: 'pictures', testMatch: '**/*.pictures.ts' },
  ],
});
