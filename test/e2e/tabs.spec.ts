import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { createPrng } from '../support/prng.js';
import { until } from '../support/until.js';
import { expect, test } from './support/chat-test.js';
import { EndlessAnswer } from './support/endless-answer.js';
import type { LogOracle } from './support/log-oracle.js';
import { hidePage } from './support/page-visibility.js';
import { StreamReaders } from './support/stream-readers.js';
import { WatchedChat } from './support/watched-chat.js';

test.use({ trace: 'off' });

async function openTabs(context: BrowserContext, first: Page, oracle: LogOracle, count: number) {
  const tabs: WatchedChat[] = [];
  for (let tab = 0; tab < count; tab += 1)
    tabs.push(await WatchedChat.open(tab === 0 ? first : await context.newPage(), oracle));
  return tabs;
}

const byName = (one: string | null, other: string | null) => String(one).localeCompare(String(other));

/** Of each tab how it gets its events: `live` reads them from the server, `shared` hears them from that one. */
const connections = (tabs: WatchedChat[]) =>
  Promise.all(tabs.map(({ page }) => page.locator('[data-connection]').getAttribute('data-connection')));

async function leaderOf(tabs: WatchedChat[]): Promise<WatchedChat> {
  const others = tabs.slice(1).map(() => 'shared');
  await expect
    .poll(async () => (await connections(tabs)).toSorted(byName), { timeout: 30_000 })
    .toEqual(['live', ...others]);
  const leader = tabs[(await connections(tabs)).indexOf('live')];
  if (!leader) throw new Error('the tab that reads has changed meanwhile');
  return leader;
}

/** The model falls silent, and all tabs must come to show the same words. */
async function compare(tabs: WatchedChat[], answer: EndlessAnswer): Promise<void> {
  answer.hold();
  for (const tab of tabs) await tab.upToDate();
  const [first, ...others] = await Promise.all(tabs.map((tab) => tab.visible()));
  for (const [index, other] of others.entries()) expect(other, `tab ${index + 2}`).toBe(first);
  answer.goOn();
}

for (const count of [2, 8]) {
  test(`${count} tabs show one answer by one stream, and go on when the tab that reads it is closed`, async ({
    page,
    context,
    server,
  }) => {
    test.setTimeout(240_000);
    const chance = createPrng(`${count} tabs`);
    const answer = new EndlessAnswer(20);
    server.script = answer.script;
    const oracle = await WatchedChat.ask(server.api, 'Tell all of us a story.');
    const readers = new StreamReaders(server.api);
    let tabs = await openTabs(context, page, oracle, count);
    let checked = 0;

    await leaderOf(tabs);
    expect(await readers.now()).toBe(1);
    await pause(chance.between(300, 1_500));
    await compare(tabs, answer);

    // the page of the fixture stays to the end
    if ((await leaderOf(tabs)).page === page) await page.reload();
    await tabs[0]?.painted();
    const leader = await leaderOf(tabs);
    if (leader.page === page) throw new Error('a page that is loaded again must wait for its turn');
    checked += await leader.check(await leader.recording());
    await leader.page.close();
    tabs = tabs.filter((tab) => tab !== leader);
    await leaderOf(tabs);
    await pause(chance.between(300, 1_500));
    await compare(tabs, answer);
    expect(await readers.now()).toBe(1);

    answer.finish();
    await until(async () => !(await oracle.isRunning()));
    for (const tab of tabs) await tab.upToDate();
    const [first, ...others] = await Promise.all(tabs.map((tab) => tab.visible()));
    for (const other of others) expect(other).toBe(first);
    for (const tab of tabs) checked += await tab.check(await tab.recording());
    process.stderr.write(
      `${count} tabs: ${await oracle.head()} events, ${await readers.now()} stream at the server ` +
        `(${readers.most} at most), ${checked} painted states against the log\n`,
    );
    for (const tab of tabs) if (tab.page !== page) await tab.page.close();
  });
}

test('a hidden tab that was frozen catches up when it is shown, also when it was the one that read', async ({
  page,
  context,
  server,
}) => {
  test.setTimeout(180_000);
  const answer = new EndlessAnswer(20);
  server.script = answer.script;
  const oracle = await WatchedChat.ask(server.api, 'Tell me a story while I look elsewhere.');
  const tabs = await openTabs(context, page, oracle, 2);
  const leader = await leaderOf(tabs);
  const other = tabs.find((tab) => tab !== leader)!;

  for (const [hidden, seen] of [
    [other, leader],
    [leader, other],
  ] as const) {
    const was = await tabSeq(hidden);
    const show = await hidePage(hidden.page);
    const frozenAt = Date.now();
    await pause(1_000);
    // a tab that reads and is frozen falls silent: the one that is looked at takes over
    await expect.poll(async () => (await tabSeq(seen)) - was, { timeout: 60_000 }).toBeGreaterThan(30);
    answer.hold();
    const head = await seen.upToDate();
    const from = Date.now();
    await show();
    await hidden.upToDate();
    process.stderr.write(
      `a hidden tab: caught up from ${was} to ${head} within ${Date.now() - from} ms, ` +
        `${hidden === leader ? 'it had read the stream' : 'another tab read the stream'}\n`,
    );
    expect(await hidden.visible()).toBe(await seen.visible());
    const { frames } = await hidden.recording();
    const meanwhile = frames.filter(({ paintedAt }) => paintedAt > frozenAt && paintedAt < from);
    expect(meanwhile, 'a frozen tab paints nothing').toEqual([]);
    answer.goOn();
  }
  answer.finish();
  await until(async () => !(await oracle.isRunning()));
  for (const tab of tabs) {
    await tab.upToDate();
    await tab.check(await tab.recording(), 20);
  }
});

const tabSeq = async (tab: WatchedChat): Promise<number> => (await tab.shown())?.seq ?? 0;
