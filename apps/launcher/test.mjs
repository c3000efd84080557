import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { root } from './paths.mjs';
import { run, StepFailed } from './run.mjs';

/**
 * `npm test`, with nothing but Node: installs, builds, then the unit tests and the integration suites, which start their own
 * servers. What is said after `--` goes to Jest; where it names projects, those alone run. Settings of the person who runs it do not reach the tests.
 */
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');

try {
  requireNode();
  await ensureInstalled();
  await ensureBuilt();
  for (const args of runs(process.argv.slice(2))) {
    await run(process.execPath, [jest, ...args], { cwd: root, env: testEnvironment(), show: true });
  }
  tellSkipped();
} catch (error) {
  if (!(error instanceof StepFailed)) process.stderr.write(`${error.plain ? error.message : error.stack}\n`);
  else if (!error.message.includes('jest.js')) process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

/** Unit tests first: they say in seconds what the others would say in minutes. */
function runs(rest) {
  const common = ['--passWithNoTests', ...reporters(), ...rest];
  if (rest.some((argument) => argument.startsWith('--selectProjects'))) return [common];
  return [
    ['--selectProjects', 'unit', ...common],
    ['--selectProjects', 'integration', ...common],
  ];
}

function reporters() {
  if (process.env.CHATLOG_TEST_REQUIRE_ALL !== '1') return [];
  return ['--reporters=default', `--reporters=${join(root, 'test', 'support', 'no-skips.mjs')}`];
}

function testEnvironment() {
  const foreign =
    /^(PORT|HOST|DATABASE_URL|REDIS_URL|CLIENT_URL|LOG_LEVEL|ANTHROPIC_.*|CHATLOG_(?!TEST_).*|PG[A-Z]+)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function tellSkipped() {
  const { status } = spawnSync('redis-server', ['--version'], { stdio: 'ignore' });
  if (status !== 0)
    process.stdout.write('\nThere is no redis-server on this machine: the Redis suites were skipped.\n');
}
