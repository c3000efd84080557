import type { Page } from '@playwright/test';

/**
 * Hides a page as a browser does with a tab in the background that it wants to save power on: it is told so, and then stands
 * still, with no timer, no frame and no message handled. Gives what shows it again.
 */
export async function hidePage(page: Page): Promise<() => Promise<void>> {
  await tell(page, false);
  // a headless browser shows all its pages and freezes none, so the page is halted as by a debugger
  const session = await page.context().newCDPSession(page);
  await session.send('Debugger.enable');
  const halted = new Promise((resolve) => session.once('Debugger.paused', resolve));
  await session.send('Debugger.pause');
  await halted;
  return async () => {
    await session.send('Debugger.resume');
    await session.send('Debugger.disable');
    await session.detach();
    await tell(page, true);
  };
}

/** What a page is told has to be put in its place too. */
function tell(page: Page, isVisible: boolean): Promise<void> {
  return page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    },
    isVisible ? 'visible' : 'hidden',
  );
}
