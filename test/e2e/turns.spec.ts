import { words } from '../../apps/web/src/words/all-words.js';
import { until } from '../support/until.js';
import { expect, test } from './support/chat-test.js';
import { EndlessAnswer } from './support/endless-answer.js';
import { LogOracle } from './support/log-oracle.js';
import { WatchedChat } from './support/watched-chat.js';

/** Where a line breaks is the layout's: a paragraph that is being written has no end yet. */
const solid = (text = '') => text.replaceAll(/\s/g, '');
const ended = (oracle: LogOracle) => until(async () => !(await oracle.isRunning()));

test('an answer that is stopped in the middle stays as far as it had come, and the next message is answered', async ({
  page,
  server,
}) => {
  const answer = new EndlessAnswer();
  server.script = answer.script;
  const oracle = await WatchedChat.ask(server.api, 'Tell me a story that I will stop.');
  const chat = await WatchedChat.open(page, oracle);
  const assistant = page.locator('[data-role=assistant]');
  await expect(assistant.locator('[data-text]').first()).toContainText('wort20');
  const before = (await chat.shown())?.rows.at(-1);
  await page.getByRole('button', { name: words.chat.stop, exact: true }).click();
  await ended(oracle);
  await chat.upToDate();
  await expect(assistant.last()).toHaveAttribute('data-status', 'stopped');
  await expect(assistant.last()).toContainText(words.status.stoppedNote);
  const after = (await chat.shown())?.rows.find(({ id }) => id === before?.id);
  expect(solid(after?.text).startsWith(solid(before?.text).slice(0, -12) || '?'), 'what had come stays').toBe(
    true,
  );

  const stopped = await chat.visible();
  await page.reload();
  await chat.painted();
  await chat.upToDate();
  expect(await chat.visible()).toBe(stopped);

  answer.finish();
  const field = page.getByRole('textbox', { name: words.chat.compose });
  await field.fill('Then tell me another one.');
  await page.getByRole('button', { name: words.chat.send, exact: true }).click();
  await expect(page.locator('[data-role=user]').last()).toContainText('Then tell me another one.');
  await until(async () => (await assistant.last().getAttribute('data-status')) === 'complete');
  await ended(oracle);
  await chat.upToDate();
  await chat.check(await chat.recording(), 30);
});

test('the tab is closed in the middle of an answer, and opened again: the answer has gone on', async ({
  page,
  context,
  server,
}) => {
  const answer = new EndlessAnswer();
  server.script = answer.script;
  const oracle = await WatchedChat.ask(server.api, 'Tell me a story while I am away.');
  const chat = await WatchedChat.open(await context.newPage(), oracle);
  await expect(chat.page.locator('[data-role=assistant] [data-text]').first()).toContainText('wort10');
  const left = await oracle.head();
  await chat.page.close();
  await until(async () => (await oracle.head()) > left + 80);

  const back = await WatchedChat.open(page, oracle);
  answer.hold();
  const seq = await back.upToDate();
  expect(seq).toBeGreaterThan(left + 80);
  answer.goOn();
  answer.finish();
  await ended(oracle);
  await back.upToDate();
  await back.check(await back.recording(), 30);
  await expect(page.locator('[data-role=assistant]').last()).toHaveAttribute('data-status', 'complete');
});

test('an earlier message in other words, and another answer: each stands beside the old one, which is a step away', async ({
  page,
  server,
}) => {
  const oracle = await WatchedChat.ask(server.api, 'What time is it in Asia/Tokyo?');
  const chat = await WatchedChat.open(page, oracle);
  await ended(oracle);
  await WatchedChat.askNext(server.api, oracle, 'And what time is it in Europe/Paris?');
  await ended(oracle);
  await chat.upToDate();
  const old = (await chat.shown())?.rows ?? [];

  const first = page.locator('[data-role=user]').first();
  await first.hover();
  await first.getByRole('button', { name: words.chat.edit }).click();
  await page.getByRole('textbox', { name: words.chat.editing }).fill('What time is it in America/Lima?');
  await page.getByRole('button', { name: words.chat.resend, exact: true }).click();
  await expect(first).toContainText('America/Lima');
  await ended(oracle);
  await chat.upToDate();
  await expect(first.getByRole('group', { name: words.chat.siblingLabel(1, 2) })).toBeVisible();
  await expect(page.locator('[data-role=user]')).toHaveCount(1);

  await first.getByRole('button', { name: words.chat.previousSibling }).click();
  await expect(first).toContainText('Asia/Tokyo');
  await chat.upToDate();
  expect((await chat.shown())?.rows).toEqual(old);

  // the siblings of an answer are told at its first message
  const answers = page.locator('[data-role=assistant]');
  const place = (index: number) => answers.getByRole('group', { name: words.chat.siblingLabel(index, 2) });
  await answers.last().hover();
  await answers.last().getByRole('button', { name: words.chat.regenerate }).click();
  await expect(place(1)).toBeVisible();
  await ended(oracle);
  await chat.upToDate();
  const anew = (await chat.shown())?.rows ?? [];
  await place(1).getByRole('button', { name: words.chat.previousSibling }).click();
  await expect(place(0)).toBeVisible();
  await chat.upToDate();
  // the old answer, which has a sibling now
  expect((await chat.shown())?.rows).toEqual(old);
  await place(0).getByRole('button', { name: words.chat.nextSibling }).click();
  await expect(place(1)).toBeVisible();
  await chat.upToDate();
  expect((await chat.shown())?.rows).toEqual(anew);
  await page.reload();
  await chat.painted();
  await chat.upToDate();
  expect((await chat.shown())?.rows).toEqual(anew);
  await chat.check(await chat.recording());
});

test('a fork in the middle of an answer begins with what had come by then, and goes its own way', async ({
  page,
  server,
}) => {
  const answer = new EndlessAnswer(200);
  server.script = answer.script;
  answer.finish();
  const oracle = await WatchedChat.ask(server.api, 'Tell me a story with two ends.');
  await ended(oracle);
  const at = Math.round((await oracle.head()) / 2);
  await page.goto(`/projects/new?conversation=${oracle.conversationId}&at=${at}`);
  await page.getByRole('button', { name: words.timeTravel.fork }).click();
  await page.waitForURL((url) => {
    const id = url.searchParams.get('conversation');
    return id !== null && id !== oracle.conversationId;
  });
  const forkId = new URL(page.url()).searchParams.get('conversation') ?? '';
  const fork = new LogOracle(server.api, forkId);
  const chat = await WatchedChat.open(page, fork);
  const seq = await chat.upToDate();
  expect(seq).toBeGreaterThan(at);
  await expect(page.locator('[data-role=assistant]').last()).toHaveAttribute('data-status', 'interrupted');

  const field = page.getByRole('textbox', { name: words.chat.compose });
  await field.fill('Go on another way.');
  await field.press('Enter');
  await until(async () => (await fork.head()) > seq && !(await fork.isRunning()));
  await chat.upToDate();
  await expect(page.locator('[data-role=user]')).toHaveCount(2);
  await chat.check(await chat.recording(), 30);
  // nothing of it is in the conversation that it was forked off
  const source = await WatchedChat.open(page, oracle);
  await source.upToDate();
  await expect(page.locator('[data-role=user]')).toHaveCount(1);
});
