import { test as base, expect } from '@playwright/test';
import { defaultScript } from '#assistant';
import { watchProblems } from './page-problems.js';
import { Chat } from './chat.js';
import { ServedChat } from './served-chat.js';

type Fixtures = {
  /** The chat page. */
  chat: Chat;
  /** Problems of the page that a test brings about on purpose. */
  expectedProblems: RegExp[];
  /** The worker's server, up, and with the script that `npm start` has. */
  server: ServedChat;
};

/** A test with `server`, a real one of this worker, and `page`, which fails the test if it logs an error or throws. */
export const test = base.extend<Fixtures, { workerServer: ServedChat }>({
  expectedProblems: [[], { option: true }],
  workerServer: [
    async ({}, use) => {
      const server = await ServedChat.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  // for each test, also one that does not name it: none gets the script, or the dead server, of the one before
  server: [
    async ({ workerServer }, use) => {
      workerServer.script = defaultScript;
      await workerServer.up();
      await use(workerServer);
    },
    { auto: true },
  ],
  chat: async ({ page }, use) => use(new Chat(page)),
  baseURL: async ({ workerServer }, use) => use(workerServer.url),
  page: async ({ page, expectedProblems }, use) => {
    const problems = watchProblems(page);
    await use(page);
    const unexpected = problems.filter((problem) => !expectedProblems.some((one) => one.test(problem)));
    expect(unexpected, 'the page logged errors').toEqual([]);
  },
});

export { expect };
