import type { Page } from '@playwright/test';
import { expect, test } from './support/chat-test.js';

/** What is asked for, and what is made anew, on the way to a chat. */

const listAsked = /\/api\/conversations\?/;

test('the messages of an address are asked for once, and with the page itself', async ({ page, chat }) => {
  await chat.openNew();
  await chat.ask('Build a page');
  const id = await chat.named();
  await page.evaluate(() => localStorage.clear());
  await chat.open(id.toUpperCase());
  const asked = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => new URL(name).pathname.endsWith('/state'))
      .map(({ initiatorType }) => initiatorType),
  );
  expect(asked).toEqual(['link']);
});

test('from chat to chat the list of chats stays as it is', async ({ page, chat, server }) => {
  for (const title of ['The first', 'The second']) await server.api.post('/api/conversations', { title });
  await page.goto('/');
  await expect(chat.history.getByRole('link', { name: 'The first' })).toBeVisible();
  await mark(page);
  const lists: string[] = [];
  page.on('request', (request) => listAsked.test(request.url()) && lists.push(request.url()));
  for (const title of ['The first', 'The second']) {
    await chat.history.getByRole('link', { name: title }).click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(chat.history.locator('[aria-current="page"]')).toHaveText(title);
  }
  expect(await isMarked(page), 'it is the same element').toBe(true);
  expect(lists, 'it is not read again').toEqual([]);
});

const mark = (page: Page) =>
  page.getByRole('navigation', { name: 'Chats' }).evaluate((nav) => nav.setAttribute('data-marked', ''));
const isMarked = (page: Page) => page.locator('nav[data-marked]').isVisible();
