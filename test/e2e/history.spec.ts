import { expect, test } from './support/chat-test.js';
import { saying } from './support/prompts.js';

test.describe('the history', () => {
  test.beforeEach(({ server }) => {
    server.script = saying([{ text: 'I hear you.' }]);
  });

  test('renames, archives, trashes and restores; each can be taken back', async ({ chat, page }) => {
    const title = `Chat of ${Date.now()}`;
    await chat.openNew();
    await chat.ask(title);
    await expect(chat.history.getByRole('link', { name: title })).toBeVisible();

    await chat.chooseInHistory(title, 'Rename');
    const renamed = `${title}, renamed`;
    await page.getByRole('textbox', { name: 'New title' }).fill(renamed);
    await page.keyboard.press('Enter');
    const link = chat.history.getByRole('link', { name: renamed });
    await expect(link).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(renamed);

    await chat.chooseInHistory(renamed, 'Archive');
    await expect(link).toHaveCount(0);
    await chat.history.getByRole('button', { name: 'Archive', exact: true }).click();
    await expect(link).toBeVisible();
    await chat.chooseInHistory(renamed, 'Back to the chats');
    await chat.history.getByRole('button', { name: 'All', exact: true }).click();
    await expect(link).toBeVisible();

    await chat.chooseInHistory(renamed, 'Move to the trash');
    await expect(link).toHaveCount(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(link).toBeVisible();
    await chat.chooseInHistory(renamed, 'Move to the trash');
    await chat.history.getByRole('button', { name: 'Trash', exact: true }).click();
    await chat.chooseInHistory(renamed, 'Restore');
    await chat.history.getByRole('button', { name: 'All', exact: true }).click();
    await expect(link).toBeVisible();
  });

  test('groups chats by their day', async ({ chat }) => {
    await chat.openNew();
    await chat.ask('Hello of today');
    await expect(chat.history.getByRole('region', { name: 'Today' }).getByRole('link').first()).toBeVisible();
  });

  test('finds a message, and opens its chat right there', async ({ chat, page, server }) => {
    const word = `needle${Date.now()}`;
    const { json } = await server.api.post('/api/conversations', { title: 'A haystack' });
    for (let index = 0; index < 60; index += 1) {
      const content = index === 20 ? `Here is the ${word} itself` : `Straw number ${index}`;
      await server.api.post(`/api/conversations/${json.id}/messages`, { role: 'user', content });
    }
    await page.goto('/');
    await page.getByRole('textbox', { name: 'Search chats and messages' }).fill(word);
    const hit = page.locator('[data-hit]').filter({ hasText: word });
    await expect(hit).toBeVisible({ timeout: 20_000 });
    await hit.click();
    await expect(chat.rows('user').filter({ hasText: word })).toBeInViewport();
  });

  test('a chat in the trash says so, and is restored there', async ({ chat, page, server }) => {
    await chat.openNew();
    await chat.ask('Throw me away');
    const id = await chat.named();
    await server.api.delete(`/api/conversations/${id}`);
    await page.evaluate(() => localStorage.clear());
    await page.goto(`/projects/new?conversation=${id}`);
    await page.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(chat.rows('user').first()).toContainText('Throw me away');
    await expect(chat.composer).toBeEnabled();
  });
});
