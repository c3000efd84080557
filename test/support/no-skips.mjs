import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Jest reporter of the full run (CHATLOG_TEST_REQUIRE_ALL=1): a test that was skipped fails the run. Only the recorded
 * streams, which are not part of the repository, may be absent.
 */
export default class NoSkips {
  constructor({ rootDir }) {
    this.recordings = existsSync(join(rootDir, '..', 'shared', 'fixtures'));
  }

  onRunComplete(_, { testResults }) {
    const skipped = testResults
      .flatMap(({ testResults: tests }) => tests)
      .filter(({ status }) => ['pending', 'skipped', 'todo', 'disabled'].includes(status))
      .map(({ fullName }) => fullName)
      .filter((name) => this.recordings || !/record|fixtures/i.test(name));
    if (skipped.length === 0) return;
    process.stderr.write(`\nskipped, and nothing may be:\n${skipped.map((name) => `  ${name}\n`).join('')}`);
    this.error = new Error(`${skipped.length} tests were skipped`);
  }

  getLastError() {
    return this.error;
  }
}
