import { join } from 'node:path';
import { answerWith, hasToolResult } from '#assistant';
import { projectRoot } from '#platform';
import type { Page } from '@playwright/test';
import { expect, test } from './support/chat-test.js';

/** `npm run pictures`: docs/pictures, as the README shows them. */
const folder = join(projectRoot(), 'docs', 'pictures');
const save = (page: Page, name: string) =>
  page.screenshot({ path: join(folder, `${name}.png`), scale: 'css', animations: 'disabled' });

test.use({ viewport: { width: 1_280, height: 760 }, contextOptions: { reducedMotion: 'reduce' } });

test('the chat, the slider, the palette, a phone', async ({ page, chat, server }) => {
  for (const title of [
    'A clock for three cities',
    'Draw a small garden in SVG',
    'Explain event sourcing to a child',
  ]) {
    await chat.openNew();
    await chat.ask(title);
  }
  await chat.openNew();
  await chat.ask('Build a page that waves');
  await chat.ask('Make it about the sea');
  const call = chat.rows('tool').filter({ hasText: 'Edited' }).last();
  await call.getByRole('button').click();
  await expect(call.getByRole('region', { name: 'Changes' })).toBeVisible();
  await expect(page.frameLocator('iframe').getByRole('button', { name: 'Wave' })).toBeVisible();
  await page.mouse.move(0, 0);
  await save(page, 'chat');

  await page.getByRole('slider').first().focus();
  for (let steps = 0; steps < 8; steps += 1) await page.keyboard.press('Shift+ArrowLeft');
  await expect(chat.composer).toBeDisabled();
  await page.waitForTimeout(1_500);
  await save(page, 'slider');
  await page.goto(page.url().replace(/&at=\d+/, ''));

  await page.emulateMedia({ colorScheme: 'dark' });
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill('sea');
  await expect(page.getByText('Messages', { exact: true })).toBeVisible();
  await page.waitForTimeout(500);
  await save(page, 'palette');
  await page.keyboard.press('Escape');

  server.script = (request) =>
    hasToolResult(request)
      ? answerWith([{ text: 'Done.' }])
      : answerWith([
          { thinking: 'A child knows stories and bank books.' },
          {
            text: '## Like a diary\n\nImagine that you write down **everything that happens**, and never rub anything out:\n\n1. You got three sweets.\n2. You ate one.\n3. A friend gave you two.\n\nHow many do you have? *Read the diary from the start*, and you know. And you know how many you had yesterday, too.\n\n```js\nconst sweets = diary.reduce(count, 0);\n```',
          },
        ]);
  await page.setViewportSize({ width: 390, height: 760 });
  await chat.openNew();
  await chat.ask('Explain event sourcing to a child');
  await save(page, 'phone');
});
