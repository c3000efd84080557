import type { Page } from '@playwright/test';
import { answerWith, hasToolResult, promptOf, type Script } from '#assistant';
import { Chat } from './support/chat.js';
import { expect, test } from './support/chat-test.js';
import type { ServedChat } from './support/served-chat.js';

/** The slider as a person uses it: slid, played, compared, restored, forked, linked to. */

const page1 = '<!doctype html><p>one</p>';
const page2 = '<!doctype html><p>two</p>';
const long = 'Every word of this answer is a moment that one can go back to. '.repeat(8);

const write = (content: string) => ({ tool: 'Write', input: { file_path: 'index.html', content } });

const script: Script = (request) => {
  const prompt = promptOf(request);
  // a file that is there is read before it is written
  if (hasToolResult(request) && JSON.stringify(request.messages.at(-2)).includes('"Read"'))
    return answerWith([write(page2)]);
  if (hasToolResult(request)) return answerWith([{ text: 'That is done.' }]);
  // a note on the project may follow the prompt
  if (/^build$/m.test(prompt)) return answerWith([{ text: long }, write(page1)]);
  if (/^change$/m.test(prompt))
    return answerWith([{ text: 'Now two.' }, { tool: 'Read', input: { file_path: 'index.html' } }]);
  return answerWith([{ text: long }]);
};

type Story = { id: string; projectId: string; head: number };

/** A project of two versions, made in one conversation. */
async function story({ api }: ServedChat): Promise<Story> {
  const projectId = (await api.post('/api/projects', { title: 'Page' })).json.id;
  const { id } = (await api.post('/api/conversations', { projectId })).json;
  for (const prompt of ['build', 'change', 'talk'])
    await api.post(`/api/conversations/${id}/turns`, { prompt }, { accept: 'text/event-stream' });
  const { seq: head } = (await api.get(`/api/conversations/${id}`)).json;
  return { id, projectId, head };
}

const thumb = (page: Page) => page.getByRole('slider', { name: 'Position in the conversation' });
const past = (page: Page) => page.getByRole('region', { name: 'You are looking at the past' });
const file = async ({ api }: ServedChat, projectId: string) =>
  (await api.get(`/api/projects/${projectId}`)).json.files['index.html'].content;

let told: Story;
test.beforeEach(async ({ server }) => {
  server.script = script;
  told = await story(server);
});

/** A moment in the midst of the first answer. */
async function midAnswer({ api }: ServedChat): Promise<{ seq: number; text: string }> {
  const events = (await api.get(`/api/conversations/${told.id}/events?limit=1000`)).json as {
    seq: number;
    type: string;
  }[];
  const begun = events.find(({ type }) => type === 'AssistantMessageStarted')!.seq;
  const ended = events.find(({ type }) => type === 'AssistantMessageCompleted')!.seq;
  const seq = Math.round((begun + ended) / 2);
  const state = (await api.get(`/api/conversations/${told.id}/state?at=${seq}`)).json;
  return { seq, text: state.halfWritten.content };
}

test('an address leads into the middle of an answer, to the letter, and back to now', async ({
  page,
  server,
}) => {
  const { seq, text } = await midAnswer(server);
  const chat = new Chat(page);
  await chat.open(told.id, told.projectId, `&at=${seq}`);
  await expect(past(page)).toBeVisible();
  await expect(chat.rows('assistant').locator('[data-text]')).toHaveText(text.trim());
  await expect(chat.composer).toBeDisabled();
  await expect(thumb(page)).toHaveAttribute('aria-valuenow', String(seq));
  await expect(thumb(page)).toHaveAttribute('aria-valuetext', /^message 2 of \d+, .*answering$/);

  await past(page).getByRole('button', { name: 'Back to now' }).click();
  await expect(past(page)).toHaveCount(0);
  await expect(chat.composer).toBeEnabled();
  await expect(page).not.toHaveURL(/[?&]at=/);
});

test('the preview between two versions runs the file that was just written', async ({ page, server }) => {
  const events = (await server.api.get(`/api/conversations/${told.id}/events?limit=1000`)).json as {
    seq: number;
    type: string;
  }[];
  const writes = events.filter(({ type }) => type === 'ToolCallSucceeded').map(({ seq }) => seq);
  const preview = page.frameLocator('iframe[title^="Preview"]').locator('p');
  // the first is in the turn that makes version 1, the last in the one that makes version 2
  for (const [seq, text] of [
    [writes[0], 'one'],
    [writes.at(-1), 'two'],
  ]) {
    await new Chat(page).open(told.id, told.projectId, `&at=${seq}`);
    await expect(past(page)).toBeVisible();
    await expect(preview).toHaveText(String(text));
  }
});

test('each key of the slider leads where it says, and the address follows', async ({ page, server }) => {
  const { seq } = await midAnswer(server);
  const chat = new Chat(page);
  await chat.open(told.id, told.projectId);
  await thumb(page).focus();
  const at = () => thumb(page).getAttribute('aria-valuenow').then(Number);
  await page.keyboard.press('ArrowLeft');
  expect(await at()).toBe(told.head - 1);
  await page.keyboard.press('Shift+ArrowLeft');
  expect(await at()).toBe(told.head - 11);
  await page.keyboard.press('Home');
  expect(await at()).toBe(1);
  const { marks } = (await server.api.get(`/api/conversations/${told.id}/timeline`)).json;
  const seqs: number[] = marks.map((mark: { seq: number }) => mark.seq);
  await page.keyboard.press('.');
  expect(await at()).toBe(seqs.find((mark) => mark > 1));
  await page.keyboard.press(',');
  expect(await at()).toBe(1);
  await expect(page).toHaveURL(/[?&]at=1(&|$)/);
  await page.keyboard.press('End');
  await expect(past(page)).toHaveCount(0);

  // sliding by hand, step by step: each moment is the server's
  await page.goto(`/projects/${told.projectId}?conversation=${told.id}&at=${seq}`);
  await expect(past(page)).not.toContainText('Loading');
  await thumb(page).focus();
  for (let step = 1; step <= 5; step += 1) {
    await page.keyboard.press('ArrowRight');
    const { halfWritten } = (await server.api.get(`/api/conversations/${told.id}/state?at=${seq + step}`))
      .json;
    await expect(chat.rows('assistant').locator('[data-text]')).toHaveText(halfWritten.content.trim());
  }
});

test('back leads from the past to now', async ({ page }) => {
  const chat = new Chat(page);
  await chat.open(told.id, told.projectId);
  await thumb(page).focus();
  await page.keyboard.press('Home');
  await expect(page).toHaveURL(/at=1/);
  await page.keyboard.press('PageUp');
  await expect(page).not.toHaveURL(/at=1(&|$)/);
  await page.goBack();
  await expect(past(page)).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`conversation=${told.id}`));
});

test('a drag shows moments on its way, and lets go where it ends', async ({ page, server }) => {
  const chat = new Chat(page);
  await chat.open(told.id, told.projectId);
  const box = (await thumb(page).boundingBox())!;
  const track = (await page.getByRole('complementary', { name: 'Time travel' }).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  const seen = new Set<string | null>();
  for (let i = 0; i <= 12; i += 1) {
    await page.mouse.move(box.x - (box.x - track.x) * (i / 24), box.y + box.height / 2);
    seen.add(await thumb(page).getAttribute('aria-valuenow'));
  }
  await page.mouse.up();
  expect(seen.size).toBeGreaterThan(8);
  const seq = Number(await thumb(page).getAttribute('aria-valuenow'));
  const state = (await server.api.get(`/api/conversations/${told.id}/state?at=${seq}`)).json;
  const last = state.messages.findLast(
    ({ role, content }: { role: string; content: string }) => role === 'assistant' && content !== '',
  );
  await expect(chat.rows('assistant').locator('[data-text]').last()).toHaveText(last.content.trim());
});

test('a version is restored, and that is undone', async ({ page, server }) => {
  const { marks } = (await server.api.get(`/api/conversations/${told.id}/timeline`)).json;
  const first = marks.find(({ version }: { version?: number }) => version === 1).seq;
  const chat = new Chat(page);
  await chat.open(told.id, told.projectId, `&at=${first}`);
  expect(await file(server, told.projectId)).toBe(page2);
  await past(page).getByRole('button', { name: 'Restore version 1' }).click();
  await expect(page.getByText('The files of version 1 are back, as version 3.')).toBeVisible();
  expect(await file(server, told.projectId)).toBe(page1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone: the files are as before, as version 4.')).toBeVisible();
  expect(await file(server, told.projectId)).toBe(page2);
});

test('two moments are compared: messages, and files line by line', async ({ page, server }) => {
  const { seq } = await midAnswer(server);
  const chat = new Chat(page);
  await chat.open(told.id, told.projectId, `&at=${seq}`);
  await past(page).getByRole('button', { name: 'Compare with now' }).click();
  await expect(page).toHaveURL(/diff=now/);
  const panel = page.getByRole('region', { name: 'Compare with', exact: true });
  await expect(panel.getByRole('region', { name: '1 file' })).toContainText('index.html');
  await expect(panel.getByText('<p>two</p>')).toBeVisible();
  await expect(panel.getByRole('region', { name: /messages/ })).toContainText('change');

  const { marks } = (await server.api.get(`/api/conversations/${told.id}/timeline`)).json;
  const first = marks.find(({ version }: { version?: number }) => version === 1).seq;
  await page.goto(`/projects/${told.projectId}?conversation=${told.id}&at=${first}&diff=now`);
  await expect(panel.getByText('-<!doctype html><p>one</p>')).toBeVisible();
  await expect(panel.getByText('+<!doctype html><p>two</p>')).toBeVisible();
  await panel.getByRole('button', { name: 'Stop comparing' }).click();
  await expect(panel).toHaveCount(0);
});

test('a fork goes on from the moment that is looked at', async ({ page, server }) => {
  const { seq, text } = await midAnswer(server);
  const chat = new Chat(page);
  await chat.open(told.id, told.projectId, `&at=${seq}`);
  await past(page).getByRole('button', { name: 'Fork here' }).click();
  await expect(page).not.toHaveURL(new RegExp(told.id));
  await expect(past(page)).toHaveCount(0);
  await expect(chat.rows('assistant').locator('[data-text]').first()).toContainText(text.trim());
  const fork = await chat.named();
  const { forkedFrom } = (await server.api.get(`/api/conversations/${fork}`)).json;
  expect(forkedFrom).toEqual({ conversationId: told.id, at: seq });
});

test('it plays what happened, is held, and goes on faster to its end', async ({ page }) => {
  const chat = new Chat(page);
  await page.goto(`/projects/${told.projectId}?conversation=${told.id}&at=2`);
  const speed = page.getByRole('combobox', { name: 'Speed' });
  await speed.selectOption('0.5');
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  const held = await thumb(page).getAttribute('aria-valuenow');
  await expect(page).toHaveURL(new RegExp(`[?&]at=${held}(&|$)`));
  await expect(thumb(page)).toHaveAttribute('aria-valuenow', String(held));

  await speed.selectOption('20');
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(thumb(page)).toHaveAttribute('aria-valuenow', String(told.head), { timeout: 40_000 });
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(chat.rows('assistant').last()).toBeVisible();
});

test('steps may be messages or versions', async ({ page, server }) => {
  const chat = new Chat(page);
  await chat.open(told.id, told.projectId);
  await page.getByText('Versions', { exact: true }).click();
  await thumb(page).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(thumb(page)).toHaveAttribute('aria-valuetext', /version 1/);
  await page.getByText('Messages', { exact: true }).click();
  await page.keyboard.press('Tab');
  await thumb(page).focus();
  await page.keyboard.press('Home');
  await expect(chat.rows('user')).toHaveCount(1);
  await expect(chat.rows('assistant')).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(chat.rows('assistant').locator('[data-text]')).toHaveText(long.trim());
  expect((await server.api.get('/health/live')).status).toBe(200);
});

test.describe('while the server is away', () => {
  test('it says so, and shows the moment once it is back', async ({ page, server }) => {
    const { seq, text } = await midAnswer(server);
    const chat = new Chat(page);
    await chat.open(told.id, told.projectId);
    await expect(thumb(page)).toBeVisible();
    await server.kill9();
    await thumb(page).focus();
    await page.keyboard.press('Home');
    await expect(past(page).getByRole('alert')).toContainText('cannot be read');
    await server.up();
    await past(page).getByRole('button', { name: 'Try again' }).click();
    await expect(past(page).getByRole('alert')).toHaveCount(0);
    await page.goto(`/projects/${told.projectId}?conversation=${told.id}&at=${seq}`);
    await expect(chat.rows('assistant').locator('[data-text]')).toHaveText(text.trim());
  });
});
