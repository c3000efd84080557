import { loadavg } from 'node:os';
import type { Page } from '@playwright/test';
import { words } from '../../apps/web/src/words/all-words.js';
import { percentile } from '../performance/percentile.js';
import { expect, test } from './support/chat-test.js';
import { LongChat } from './support/long-chat.js';
import { keepTime } from './support/page-clock.js';
import { talking } from './support/prompts.js';
import { scrollToTop } from './support/scrolled-list.js';

/** A chat as long as any that was recorded, and then some: every way in, through it and out of it. */

const MESSAGES = 12_000;
const TITLE = 'The long chat';
const OTHER = 'The other chat';
const NEEDLE = 'sesquipedalian';
const NEEDLE_TURN = 40;
const CLICK_MS = 500;
const COLD_MS = 1_000;
/** A time on a shared machine judges the machine: what is far beyond the limit fails, what is beyond it is told. */
const GENEROUS = 3;

let long: LongChat;

test.beforeAll(async ({ workerServer }) => {
  test.setTimeout(180_000);
  await workerServer.up();
  const began = performance.now();
  long = await LongChat.append(workerServer, {
    title: TITLE,
    messages: MESSAGES,
    needles: { [NEEDLE_TURN]: NEEDLE },
  });
  await LongChat.append(workerServer, { title: OTHER, messages: 40 });
  console.log(`${MESSAGES} messages appended and listed in ${(performance.now() - began).toFixed(0)} ms`);
});

test.beforeEach(({ page }) => page.addInitScript(keepTime));

const p = (times: number[], share: number) => percentile(times, share).toFixed(0);

function tell(what: string, times: number[], limit: number): void {
  const longest = Math.max(...times);
  const judged = longest > limit ? 'BEYOND' : 'within';
  console.log(
    `${what}: p50 ${p(times, 0.5)} ms, longest ${longest.toFixed(0)} ms of ${times.length}, ${judged} the limit of ${limit} ms` +
      ` (load average ${loadavg()[0]?.toFixed(1)})`,
  );
}

function tellFrames(what: string, frames: number[]): void {
  const times = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  console.log(
    `${what}: frames p50 ${p(times, 0.5)} ms, p99 ${p(times, 0.99)} ms, longest ${p(times, 1)} ms of ${times.length}` +
      ` (load average ${loadavg()[0]?.toFixed(1)})`,
  );
}

const seen = (page: Page, id: string, from: 'load' | 'click') =>
  page.evaluate(([message, since]) => window.chatlogSeen(message, since), [id, from] as const);
const message = (page: Page, id: string) => page.locator(`[data-message-id="${id}"]`);

test('a click shows the newest of 12,000 messages', async ({ page, chat }) => {
  const times: number[] = [];
  for (let click = 0; click < 6; click += 1) {
    // nothing is remembered of it, as when it is opened for the first time
    await page.goto('/admin');
    await page.evaluate(() => localStorage.clear());
    await page.goto('/');
    await chat.history.getByRole('link', { name: OTHER }).click();
    await expect(chat.rows('assistant').last()).toBeVisible();
    await page.waitForLoadState('networkidle');
    await chat.history.getByRole('link', { name: TITLE }).click();
    times.push(await seen(page, long.newest, 'click'));
    await expect(message(page, long.newest)).toBeInViewport();
  }
  tell('a click on a long chat', times, CLICK_MS);
  expect(percentile(times, 0.5)).toBeLessThan(CLICK_MS * GENEROUS);
});

test('its address shows the newest of 12,000 messages, from cold', async ({ browser, baseURL }) => {
  const times: number[] = [];
  for (let load = 0; load < 5; load += 1) {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    await page.addInitScript(keepTime);
    await page.goto(`/projects/new?conversation=${long.id}`, { waitUntil: 'commit' });
    times.push(await seen(page, long.newest, 'load'));
    await expect(message(page, long.newest)).toBeInViewport();
    await context.close();
  }
  tell('a long chat from cold', times, COLD_MS);
  expect(percentile(times, 0.5)).toBeLessThan(COLD_MS * GENEROUS);
});

test('one scrolls up to the first message by pages: nothing jumps, and no message is missing', async ({
  page,
  chat,
}) => {
  test.setTimeout(180_000);
  await chat.open(long.id);
  await expect(message(page, long.newest)).toBeInViewport();
  const began = performance.now();
  const { jumps, below, frames } = await page.evaluate(scrollToTop, {
    stepPx: 420,
    end: words.chat.beginning,
  });
  console.log(`scrolled to the top in ${(performance.now() - began).toFixed(0)} ms`);
  tellFrames('scrolling through 12,000 messages', frames);
  console.log(`jumps: ${jumps.length}`, jumps.slice(0, 5));
  expect(
    long.messageIds.filter((id) => !(id in below)),
    'messages that were never in sight',
  ).toEqual([]);
  for (const [index, id] of long.messageIds.entries()) {
    const next = below[id];
    if (next) expect(next, `below message ${index}`).toBe(long.messageIds[index + 1]);
  }
  expect(jumps).toEqual([]);
});
