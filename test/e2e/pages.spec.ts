import { expect, test } from './support/chat-test.js';

test.describe('the pages at their addresses', () => {
  for (const path of ['/', '/projects/new', '/admin']) {
    test(`${path} is served with a strict policy, and shows itself`, async ({ page }) => {
      const response = await page.goto(path);
      const headers = response?.headers() ?? {};
      expect(headers['content-security-policy']).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      );
      expect(headers['cache-control']).toBe('no-cache');
      await expect(page.locator('#main')).toBeVisible();
    });
  }
});
