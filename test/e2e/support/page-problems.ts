import type { Page } from '@playwright/test';

/** A server that is killed, or a request that is refused, is told by the browser itself: that is no fault of the page. */
const told = /Failed to load resource|net::ERR_|the server responded with a status/;

/** What the page did that it never should: uncaught errors, refusals by its content security policy, errors that it logged. */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !told.test(message.text())) problems.push(message.text());
  });
  return problems;
}
