import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/chat-test.js';
import { saying } from './support/prompts.js';

const markdown = `# A heading

A [link](https://example.com), \`code\`, **bold** and a list:

- one
- two

> A quote

| a | b |
| - | - |
| 1 | 2 |

\`\`\`js
const answer = 42;
\`\`\`

![an image](https://example.com/i.png)`;

/** What axe finds serious or critical, with the elements. */
async function problems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // what a model built is its own
    .exclude('iframe')
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

const phone = { width: 390, height: 844 };
const desk = { width: 1_280, height: 800 };
const looks = [
  { name: 'light', colorScheme: 'light', viewport: desk },
  { name: 'dark', colorScheme: 'dark', viewport: desk },
  { name: 'phone, light', colorScheme: 'light', viewport: phone },
  { name: 'phone, dark', colorScheme: 'dark', viewport: phone },
] as const;

for (const { name, ...look } of looks) {
  test.describe(name, () => {
    test.use({ ...look, contextOptions: { reducedMotion: 'reduce' } });

    test('axe finds nothing serious on the pages', async ({ page, chat, server }) => {
      test.setTimeout(120_000);
      await page.goto('/');
      await expect(chat.composer).toBeVisible();
      expect(await problems(page)).toEqual([]);
      await page.goto('/admin');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await problems(page)).toEqual([]);

      server.script = saying([
        { thinking: 'Let me see.' },
        { text: markdown },
        { tool: 'Write', input: { file_path: 'index.html', content: '<h1>Hi</h1>' } },
        { tool: 'Read', input: { file_path: 'nothing.txt' } },
      ]);
      await chat.openNew();
      await chat.ask('Show me everything that there is');
      await expect(page.locator('.prose h1')).toBeVisible();
      expect(await problems(page)).toEqual([]);
      const calls = chat.rows('tool').getByRole('button', { expanded: false });
      for (let left = await calls.count(); left > 0; left -= 1) await calls.first().click();
      await page.getByText('Thought about it').click();
      expect(await problems(page)).toEqual([]);
    });

    test('axe finds nothing serious in what lies over the pages', async ({ page, chat, server }) => {
      server.script = saying([{ text: 'Hello.' }]);
      await chat.openNew();
      await chat.ask('Hello');
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
      expect(await problems(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await chat.messages.focus();
      await page.keyboard.press('Shift+?');
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
      expect(await problems(page)).toEqual([]);
      await page.keyboard.press('Escape');
      const open = page.getByRole('button', { name: 'Show the chats' });
      if (await open.isVisible()) await open.click();
      await page.getByRole('textbox', { name: 'Search chats and messages' }).fill('Hello');
      await expect(page.getByText('In titles')).toBeVisible();
      expect(await problems(page)).toEqual([]);
    });

    test('nothing is wider than the page', async ({ page, chat, server }) => {
      server.script = saying([{ text: `${markdown}\n\n${'averylongword'.repeat(40)}` }]);
      await chat.openNew();
      await chat.ask('x'.repeat(400));
      await expect(page.locator('.prose h1')).toBeVisible();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    });
  });
}

test('nothing moves for those who asked for it', async ({ page, chat, server }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  server.script = saying([{ text: 'Hello.' }]);
  await chat.openNew();
  await chat.ask('Hello');
  const longest = await page.evaluate(() =>
    Math.max(
      ...document.getAnimations().map((one) => Number(one.effect?.getComputedTiming().duration ?? 0)),
      0,
    ),
  );
  expect(longest).toBeLessThanOrEqual(1);
});
