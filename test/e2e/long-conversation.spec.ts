import type { Page } from '@playwright/test';
import { answerEvents } from '#assistant';
import { words } from '../../apps/web/src/words/all-words.js';
import { drillSize } from '../support/drill-size.js';
import { ROWS_A_TURN } from '../support/long-conversation.js';
import { expect, test } from './support/chat-test.js';
import { LongChat } from './support/long-chat.js';
import { keepTime } from './support/page-clock.js';
import { scrollToTop } from './support/scrolled-list.js';
import { judge, tell, tellFrames } from './support/told-times.js';

/** A chat as long as any that was recorded, and then some: every way in, through it and out of it. */

const MESSAGES = 12_000;
const TITLE = 'The long chat';
const OTHER = 'The other chat';
const NEEDLE = 'sesquipedalian';
const NEEDLE_TURN = 40;
const CLICK_MS = 500;
const COLD_MS = 1_000;
/** What feels immediate. */
const KEY_MS = 100;
/** An answer that goes on for longer than anybody types. */
const PARAGRAPHS = Array.from({ length: 10_000 }, (_, n) => `word${n}${n % 50 === 49 ? '.\n\n' : ' '}`).join(
  '',
);
/** All of it, where there is time for that. */
const SCROLLED = drillSize(2_000, MESSAGES);

let long: LongChat;
let scrolled: LongChat;
let short: LongChat;

test.beforeAll(async ({ workerServer }) => {
  test.setTimeout(180_000);
  await workerServer.up();
  const began = performance.now();
  long = await LongChat.append(workerServer, {
    title: TITLE,
    messages: MESSAGES,
    needles: { [NEEDLE_TURN]: NEEDLE },
  });
  scrolled =
    SCROLLED === MESSAGES
      ? long
      : await LongChat.append(workerServer, { title: 'The scrolled chat', messages: SCROLLED });
  short = await LongChat.append(workerServer, { title: OTHER, messages: 40 });
  console.log(`${MESSAGES} messages appended and listed in ${(performance.now() - began).toFixed(0)} ms`);
});

test.beforeEach(({ page }) => page.addInitScript(keepTime));

const chatWords = words.chat;
const seen = (page: Page, id: string, from: 'load' | 'click') =>
  page.evaluate(([message, since]) => window.chatlogSeen(message, since), [id, from] as const);
const message = (page: Page, id = '') => page.locator(`[data-message-id="${id}"]`);

test('a click shows the newest of 12,000 messages', async ({ page, chat }) => {
  const [times, control]: [number[], number[]] = [[], []];
  for (let click = 0; click < 5; click += 1) {
    // nothing is remembered of it, as when it is opened for the first time
    await page.goto('/admin');
    await page.evaluate(() => localStorage.clear());
    await page.goto('/');
    await chat.history.getByRole('link', { name: OTHER }).click();
    control.push(await seen(page, short.newest, 'click'));
    // the page has come to rest
    await page.waitForTimeout(300);
    await chat.history.getByRole('link', { name: TITLE }).click();
    times.push(await seen(page, long.newest, 'click'));
    await expect(message(page, long.newest)).toBeInViewport();
  }
  judge('a click on a long chat', times, { limit: CLICK_MS, control });
});

test('its address shows the newest of 12,000 messages, from cold', async ({ browser, baseURL }) => {
  const cold = async ({ id, newest }: LongChat): Promise<number> => {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    await page.addInitScript(keepTime);
    await page.goto(`/projects/new?conversation=${id}`, { waitUntil: 'commit' });
    const time = await seen(page, newest, 'load');
    await expect(message(page, newest)).toBeInViewport();
    await context.close();
    return time;
  };
  const [times, control]: [number[], number[]] = [[], []];
  for (let load = 0; load < 3; load += 1) {
    control.push(await cold(short));
    times.push(await cold(long));
  }
  judge('a long chat from cold', times, { limit: COLD_MS, control });
});

test('one scrolls up to the first message by pages: nothing jumps, and no message is missing', async ({
  page,
  chat,
}) => {
  test.setTimeout(300_000);
  await chat.open(scrolled.id);
  await seen(page, scrolled.newest, 'load');
  // a text is plain, and another height, until the part that formats it has come
  await expect(chat.messages.locator('.prose').first()).toBeVisible();
  const began = performance.now();
  const { jumps, below, frames } = await page.evaluate(scrollToTop, {
    stepPx: 420,
    end: chatWords.beginning,
    mostFrames: 2_000 + scrolled.messageIds.length,
  });
  const took = (performance.now() - began) / 1_000;
  console.log(`${scrolled.messageIds.length} messages scrolled through in ${took.toFixed(1)} s`);
  tellFrames('scrolling to the top', frames);
  const ids = scrolled.messageIds;
  expect(
    ids.filter((id) => !(id in below)),
    'messages that were never in sight',
  ).toEqual([]);
  const misplaced = ids.filter((id, index) => below[id] != null && below[id] !== ids[index + 1]);
  expect(misplaced, 'messages above another one than in the log').toEqual([]);
  expect(jumps, 'rows that moved by something else than the step').toEqual([]);
});

test('Home leads to the first message and End to the newest, whatever is loaded', async ({ page, chat }) => {
  await chat.open(long.id);
  await seen(page, long.newest, 'load');
  await chat.messages.focus();
  for (let times = 0; times < 2; times += 1) {
    await page.keyboard.press('Home');
    await expect(message(page, long.messageIds[0])).toBeInViewport();
    await expect(page.getByText(chatWords.beginning)).toBeInViewport();
    await page.keyboard.press('End');
    await expect(message(page, long.newest)).toBeInViewport();
  }
  // what follows the first messages is read on from there
  await page.keyboard.press('Home');
  await expect(message(page, long.messageIds[0])).toBeInViewport();
  await scrollTo(page, long.messageIds[150], 600);
});

test('a page that cannot be loaded is told of in its place, and asked for again', async ({ page, chat }) => {
  await chat.open(long.id);
  await seen(page, long.newest, 'load');
  let refused = 0;
  await page.route(/[?&]before=/, (route) => {
    refused += 1;
    return route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' });
  });
  const alert = chat.messages.getByRole('alert');
  await chat.messages.hover();
  await expect(async () => {
    await page.mouse.wheel(0, -2_000);
    await expect(alert).toBeInViewport({ timeout: 500 });
  }).toPass();
  const asked = refused;
  await page.waitForTimeout(1_000);
  expect(refused, 'it is not asked for again by itself').toBe(asked);
  await page.unroute(/[?&]before=/);
  await alert.getByRole('button', { name: chatWords.retry }).click();
  await expect(alert).toHaveCount(0);
  await scrollTo(page, long.messageIds.at(-80), -600);
});

test('a rare word of an early message leads right there, from the sidebar and from the palette', async ({
  page,
  chat,
}) => {
  const hitId = long.messageIds[NEEDLE_TURN * ROWS_A_TURN] ?? '';
  await page.goto('/');
  await chat.history.getByRole('textbox', { name: words.history.search }).fill(NEEDLE);
  await page.locator(`[data-hit="${hitId}"]`).click();
  tell('a hit opened from the sidebar', [await seen(page, hitId, 'click')], CLICK_MS);
  await expectTarget(page, hitId);

  await page.goto('/');
  await expect(chat.history).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: words.palette.title });
  await expect(palette).toBeVisible();
  await page.keyboard.type(NEEDLE);
  await palette.getByRole('option').filter({ hasText: NEEDLE }).click();
  tell('a hit opened from the palette', [await seen(page, hitId, 'click')], CLICK_MS);
  await expectTarget(page, hitId);
});

test('the address of a message in the middle shows it, and pages load both ways from there', async ({
  page,
  chat,
}) => {
  const middle = long.messageIds.length / 2;
  const id = long.messageIds[middle] ?? '';
  await page.goto(`/projects/new?conversation=${long.id}&message=${id}`, { waitUntil: 'commit' });
  tell('a message in the middle from cold', [await seen(page, id, 'load')], COLD_MS);
  await expectTarget(page, id);
  await scrollTo(page, long.messageIds[middle - 120], -600);
  await scrollTo(page, long.messageIds[middle + 120], 600);
  await chat.page.getByRole('button', { name: chatWords.toLatest }).click();
  await expect(message(page, long.newest)).toBeInViewport();
});

test('typing stays smooth while an answer streams into it', async ({ page, chat, server }) => {
  test.setTimeout(180_000);
  server.script = () => ({ kind: 'stream', speed: 100, items: answerEvents([{ text: PARAGRAPHS }]) });
  await chat.open(long.id);
  await seen(page, long.newest, 'load');
  const type = async (text: string) => {
    await page.evaluate(() => {
      window.chatlogKeys = [];
      window.chatlogFrames = [];
    });
    await chat.composer.pressSequentially(text, { delay: 25 });
    const [keys, frames] = await page.evaluate(() => [window.chatlogKeys, window.chatlogFrames] as const);
    expect(keys.length).toBeGreaterThanOrEqual(text.length - 1);
    await expect(chat.composer).toHaveValue(text);
    return { keys, frames };
  };
  const seq = () => page.locator('[data-shown-seq]').getAttribute('data-shown-seq').then(Number);
  const control = (await type('Nothing streams yet, and this is written')).keys;
  await chat.composer.fill('Talk while I write.');
  await chat.composer.press('Enter');
  // the first command folds all of a log that was appended without snapshots
  await expect(chat.rows('user').last()).toContainText('Talk while I write.', { timeout: 60_000 });
  await chat.streaming();
  const [from, began] = [await seq(), performance.now()];
  const { keys, frames } = await type('Whatever is written while an answer streams is there, to the letter.');
  const perSecond = ((await seq()) - from) / ((performance.now() - began) / 1_000);
  await expect(chat.stopButton(), 'it has streamed all the time').toBeVisible();
  console.log(`${perSecond.toFixed(0)} events/s were shown while typing`);
  judge('from key to paint beside a stream', keys, { limit: KEY_MS, control });
  tellFrames('typing beside a stream', frames);
  await chat.stopButton().click();
  await chat.idle();
});

/** Scrolls by the wheel until that message is in sight; all the way no two rows stand in another order than in the log. */
async function scrollTo(page: Page, id: string | undefined, stepPx: number): Promise<void> {
  await page.getByRole('log').hover();
  const order = new Map(long.messageIds.map((one, index) => [one, index]));
  await expect(async () => {
    await page.mouse.wheel(0, stepPx);
    const rows = await page
      .locator('[data-message-id]')
      .evaluateAll((all) =>
        all
          .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((row) => (row as HTMLElement).dataset.messageId ?? ''),
      );
    const places = rows.map((row) => order.get(row) ?? Number.NaN);
    expect(places).toEqual(places.map((_, index) => (places[0] ?? Number.NaN) + index));
    expect(rows).toContain(id);
  }).toPass({ intervals: [50], timeout: 30_000 });
}

/** It is marked, in the middle of the list, and stays there while what is around it is loaded. */
async function expectTarget(page: Page, id: string): Promise<void> {
  const row = message(page, id);
  await expect(page.locator('.is-target').locator(row)).toBeInViewport();
  // pages come in around it
  await page.waitForTimeout(1_000);
  const list = await page.getByRole('log').boundingBox();
  const box = await row.boundingBox();
  if (!list || !box) throw new Error('the message is not in the page any more');
  const offBy = box.y + box.height / 2 - (list.y + list.height / 2);
  expect(Math.abs(offBy), 'how far it is from the middle').toBeLessThan(40);
}
