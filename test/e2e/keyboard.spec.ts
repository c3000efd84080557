import { expect, test } from './support/chat-test.js';
import { saying, talking } from './support/prompts.js';

test.describe('without a mouse', () => {
  test('the palette opens, finds and runs a command', async ({ chat, page }) => {
    await chat.openNew();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Commands' });
    await expect(palette).toBeVisible();
    await page.keyboard.type('administration');
    await page.keyboard.press('Enter');
    await expect(palette).toBeHidden();
    await expect(page).toHaveURL(/\/admin$/);
  });

  test('? lists the keys, Escape closes the list and gives the focus back', async ({ page }) => {
    await page.goto('/admin');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.keyboard.press('Shift+?');
    const list = page.getByRole('dialog', { name: 'Keys' });
    await expect(list).toContainText('Commands and search');
    await page.keyboard.press('Escape');
    await expect(list).toBeHidden();
  });

  test('? is a character where one writes', async ({ chat, page }) => {
    await chat.openNew();
    await chat.composer.press('?');
    await expect(chat.composer).toHaveValue('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeHidden();
  });

  test('/ leads to the composer', async ({ chat, page, server }) => {
    server.script = saying([{ text: 'Hello.' }]);
    await chat.openNew();
    await chat.ask('Hello');
    await chat.messages.focus();
    await page.keyboard.press('/');
    await expect(chat.composer).toBeFocused();
    await expect(chat.composer).toHaveValue('');
  });

  test('chats are walked through, begun and stopped', async ({ chat, page, server }) => {
    server.script = saying([{ text: 'Hello.' }]);
    for (const title of ['The older one', 'The newer one']) {
      await chat.openNew();
      await chat.ask(title);
    }
    await page.keyboard.press('Alt+ArrowDown');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The older one');
    await page.keyboard.press('Alt+ArrowUp');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The newer one');

    server.script = talking(2_000, 50);
    await chat.send('Talk');
    await chat.streaming();
    await page.keyboard.press('Control+.');
    await expect(chat.rows('assistant').last()).toHaveAttribute('data-status', 'stopped');

    await page.keyboard.press('Control+Shift+O');
    await expect(page).toHaveURL(/conversation=new/);
    await expect(chat.composer).toBeFocused();
  });

  test('Shift + Enter is a new line, Enter sends, and what composes a word does not', async ({
    chat,
    server,
  }) => {
    server.script = saying([{ text: 'Hello.' }]);
    await chat.openNew();
    await chat.composer.pressSequentially('one');
    await chat.composer.press('Shift+Enter');
    await chat.composer.pressSequentially('two');
    await chat.composer.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    await expect(chat.composer).toHaveValue('one\ntwo');
    await chat.composer.press('Enter');
    await expect(chat.rows('user').last()).toContainText('one\ntwo', { useInnerText: true });
  });

  test('the parts of the page are reached by Tab, and each shows that it is', async ({
    chat,
    page,
    server,
  }) => {
    server.script = saying([{ text: 'Hello.' }]);
    await chat.openNew();
    await chat.ask('Reach me');
    await page.reload();
    await expect(chat.rows('assistant').first()).toBeVisible();
    const reached: string[] = [];
    // the server is shared: every chat that was begun on it is in the sidebar, with two stops each
    for (let presses = 0; presses < 200; presses += 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
      });
      reached.push(name);
      if (name === 'Message to Claude') break;
    }
    for (const name of [
      'Skip to the chat',
      'New chat',
      'Search chats and messages',
      'Reach me',
      'Messages',
      'Message to Claude',
    ])
      expect(reached).toContain(name);
  });

  test('an answer is announced once it begins and once it ends', async ({ chat, page, server }) => {
    server.script = talking(40, 40);
    await chat.openNew();
    await chat.ask('first');
    const announcer = page.locator('[role="status"].sr-only').filter({ hasText: /Claude|answer/ });
    await chat.send('second');
    await expect(announcer).toHaveText('Claude is answering.');
    await chat.idle();
    await expect(announcer).toHaveText('Claude has answered.');
  });
});
