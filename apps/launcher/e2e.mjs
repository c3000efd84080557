import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { findChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { root } from './paths.mjs';
import { run, StepFailed } from './run.mjs';

/**
 * `npm run test:e2e` and `npm run pictures`: installs, builds, then Playwright, on the Chromium of this machine. The first argument is
 * the project of test/e2e/playwright.config.ts; the rest goes to Playwright.
 */
const [project = 'chromium', ...args] = process.argv.slice(2);
const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
const config = join(root, 'test', 'e2e', 'playwright.config.ts');

try {
  requireNode();
  const chromium = findChromium();
  if (!chromium) throw Object.assign(new Error(howToInstall()), { plain: true });
  await ensureInstalled();
  await ensureBuilt();
  await run(process.execPath, [playwright, 'test', `--config=${config}`, `--project=${project}`, ...args], {
    cwd: root,
    env: { ...process.env, CHATLOG_TEST_CHROMIUM: chromium },
    show: true,
  });
} catch (error) {
  const byPlaywright = error instanceof StepFailed && error.message.includes(playwright);
  if (!byPlaywright) process.stderr.write(`${error.plain ? error.message : (error.stack ?? error)}\n`);
  process.exit(1);
}

function howToInstall() {
  return `These tests need Chromium, and there is none on this machine.
  Debian, Ubuntu   sudo apt-get install chromium
  macOS            brew install --cask chromium
  elsewhere        CHATLOG_TEST_CHROMIUM=/path/to/chrome npm run test:e2e`;
}
