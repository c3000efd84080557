import { answerWith, hasToolResult, promptOf } from '#assistant';
import { expect, test } from './support/chat-test.js';
import { saying, talking } from './support/prompts.js';

test.describe('a chat', () => {
  test('begins with its first message, and is there after a reload', async ({ chat, page }) => {
    await chat.openNew();
    await chat.ask('Build a page that waves');
    const id = await chat.named();
    await expect(page).toHaveURL(new RegExp(`/projects/[\\da-f-]{36}\\?conversation=${id}`));
    await expect(chat.rows('tool').filter({ hasText: 'index.html' }).first()).toContainText('Wrote');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Build a page that waves');

    const before = await chat.visibleText();
    expect(before.at(-1)).toMatch(/^assistant complete: “Build a page that waves” is done/);
    await page.reload();
    await expect.poll(() => chat.visibleText()).toEqual(before);
  });

  test('runs the page that was built, in a frame that cannot reach the server', async ({
    chat,
    page,
    server,
  }) => {
    await chat.openNew();
    await chat.ask('Build a page that waves');
    await chat.named();
    const frame = page.frameLocator('iframe[title^="Preview"]');
    await frame.getByRole('button', { name: 'Wave' }).click();
    await expect(frame.getByRole('button')).toHaveText('👋');
    const element = page.locator('iframe[title^="Preview"]');
    await expect(element).toHaveAttribute('sandbox', 'allow-scripts');
    const policy = (await server.api.get(new URL((await element.getAttribute('src'))!, server.url).pathname))
      .headers;
    expect(policy['content-security-policy']).toMatch(/^sandbox allow-scripts;/);
  });

  test('opens a call to its input, result and diff', async ({ chat }) => {
    await chat.openNew();
    await chat.ask('Build a page that waves');
    const edit = chat.rows('tool').filter({ hasText: 'Edited' });
    await edit.getByRole('button').click();
    await expect(edit.getByRole('region', { name: 'Changes' })).toContainText('border-radius: 1em');
    await expect(edit).toContainText('Edited style.css: 1 replacement.');
  });

  test('shows the files, and one of them', async ({ chat, page }) => {
    await chat.openNew();
    await chat.ask('Build a page that waves');
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('list', { name: 'Files' }).getByRole('button', { name: 'script.js' }).click();
    await expect(page.getByLabel('script.js', { exact: true })).toContainText('let waves = 0;');
  });

  test('streams: the text grows where it stands', async ({ chat, server }) => {
    server.script = talking(240, 20);
    await chat.openNew();
    await chat.send('Count');
    await chat.streaming();
    const text = chat.rows('assistant').last().locator('[data-text]');
    const early = await text.innerText();
    await expect.poll(async () => (await text.innerText()).length).toBeGreaterThan(early.trim().length);
    await chat.idle();
    expect((await text.innerText()).startsWith(early.trim())).toBe(true);
    await expect(text).toContainText('239 word');
  });

  test('stops: what had come stays, and it says so', async ({ chat, server }) => {
    server.script = talking(2_000, 50);
    await chat.openNew();
    await chat.send('Talk for long');
    await chat.streaming();
    await chat.stopButton().click();
    await chat.idle();
    const answer = chat.rows('assistant').last();
    await expect(answer).toHaveAttribute('data-status', 'stopped');
    await expect(answer).toContainText('You stopped the answer here.');
    await expect(answer.locator('[data-text]')).toContainText('1 word');
  });

  test('is edited and sent again: both versions stay, one step apart', async ({ chat, server }) => {
    server.script = (request) => answerWith([{ text: `You said: ${promptOf(request)}` }]);
    await chat.openNew();
    await chat.ask('the first');
    const question = chat.rows('user').last();
    await question.hover();
    await question.getByRole('button', { name: 'Edit and send again' }).click();
    await chat.page.getByRole('textbox', { name: 'Edit the message' }).fill('the second');
    await chat.page.getByRole('button', { name: 'Send again' }).click();
    await expect(chat.rows('assistant').last()).toContainText('You said: the second');
    await chat.idle();
    await expect(question.getByRole('group', { name: 'Version 2 of 2' })).toBeVisible();

    await question.getByRole('button', { name: 'The version before' }).click();
    await expect(chat.rows('assistant').last()).toContainText('You said: the first');
    await expect(question.getByRole('group', { name: 'Version 1 of 2' })).toBeVisible();
    await chat.page.reload();
    await expect(chat.rows('assistant').last()).toContainText('You said: the first');
    await question.getByRole('button', { name: 'The version after' }).click();
    await expect(chat.rows('assistant').last()).toContainText('You said: the second');
  });

  test('is answered once more: the old answer stays beside the new one', async ({ chat, server }) => {
    let answers = 0;
    server.script = () => {
      answers += 1;
      return answerWith([{ text: `Answer number ${answers}` }]);
    };
    await chat.openNew();
    await chat.ask('Say something');
    const answer = chat.rows('assistant').last();
    await answer.hover();
    await answer.getByRole('button', { name: 'Another answer' }).click();
    await expect(answer).toContainText('Answer number 2');
    await chat.idle();
    await answer.getByRole('button', { name: 'The version before' }).click();
    await expect(answer).toContainText('Answer number 1');
  });

  test('folds what was thought, and opens it', async ({ chat, server }) => {
    server.script = saying([{ thinking: 'Let me consider the sea.' }, { text: 'The sea is wide.' }]);
    await chat.openNew();
    await chat.ask('Tell me of the sea');
    const answer = chat.rows('assistant').last();
    await expect(answer.getByText('Let me consider the sea.')).toBeHidden();
    await answer.getByText('Thought about it').click();
    await expect(answer.getByText('Let me consider the sea.')).toBeVisible();
  });

  test('says why an answer failed, and tries again', async ({ chat, server }) => {
    let isBroken = true;
    server.script = () =>
      isBroken
        ? { kind: 'refusal', status: 400, errorType: 'invalid_request_error', message: 'no such model' }
        : answerWith([{ text: 'Now it works.' }]);
    await chat.openNew();
    await chat.send('Try');
    await expect(chat.page.getByText(/The answer failed/)).toBeVisible();
    await chat.idle();
    isBroken = false;
    await chat.page.getByRole('button', { name: 'Try again' }).click();
    await expect(chat.rows('assistant').last()).toContainText('Now it works.');
  });

  test('keeps a draft through a reload', async ({ chat, server }) => {
    server.script = saying([{ text: 'Hello.' }]);
    await chat.openNew();
    await chat.ask('Hello');
    await chat.named();
    await chat.composer.fill('not yet sent');
    await chat.page.reload();
    await expect(chat.composer).toHaveValue('not yet sent');
  });

  test('keeps what was sent while the server is away, and sends it once', async ({ chat, server }) => {
    server.script = (request) =>
      hasToolResult(request)
        ? answerWith([{ text: 'Done.' }])
        : answerWith([{ text: `Heard: ${promptOf(request)}` }]);
    await chat.openNew();
    await chat.ask('first');
    const id = await chat.named();
    await server.kill9();
    await chat.composer.fill('sent into the dark');
    await chat.composer.press('Enter');
    await expect(chat.page.locator('[data-outbox]')).toContainText('sent into the dark');
    await server.up();
    await expect(chat.rows('assistant').last()).toContainText('Heard: sent into the dark', {
      timeout: 30_000,
    });
    await chat.idle();
    const { json } = await server.api.get(`/api/conversations/${id}/messages`);
    expect((json as { role: string }[]).filter(({ role }) => role === 'user')).toHaveLength(2);
  });
});
