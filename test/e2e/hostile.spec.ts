import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './support/chat-test.js';
import { saying } from './support/prompts.js';

/** A server that a hostile answer wants to be fetched from: what it is asked for is what the page gave away. */
let trap: Server;
let trapUrl: string;
const asked: string[] = [];

test.beforeAll(async () => {
  trap = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  trapUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
});
test.afterAll(() => trap.close());
test.beforeEach(() => void (asked.length = 0));

const hostile = (url: string): [string, string][] => [
  ['a script', `<script>window.pwned = 1; fetch('${url}/script')</script>`],
  ['a handler', `<img src=x onerror="window.pwned = 1; fetch('${url}/onerror')">`],
  ['a remote image of HTML', `<img src="${url}/img">`],
  ['a remote image of Markdown', `![a tracker](${url}/markdown.png)`],
  ['an image by reference', `![a tracker][t]\n\n[t]: ${url}/reference.png`],
  ['a frame with a document of its own', `<iframe srcdoc="<script>parent.pwned = 1</script>"></iframe>`],
  ['a remote frame', `<iframe src="${url}/frame"></iframe>`],
  ['an object and an embed', `<object data="${url}/object"></object><embed src="${url}/embed">`],
  ['a drawing', `<svg onload="window.pwned = 1"><image href="${url}/svg"/><use href="${url}/use"/></svg>`],
  [
    'mathematics',
    `<math><mtext><style><img src="${url}/math" onerror="window.pwned = 1"></style></mtext></math>`,
  ],
  ['a style', `<style>@import url(${url}/import); * { display: none }</style>`],
  [
    'a style of one element',
    `<p style="background: url(${url}/style); position: fixed; inset: 0">over all</p>`,
  ],
  ['a remote style sheet', `<link rel="stylesheet" href="${url}/link.css">`],
  ['a base', `<base href="${url}/base/">`],
  ['a refresh', `<meta http-equiv="refresh" content="0; url=${url}/refresh">`],
  [
    'a form',
    `<form action="${url}/form"><input autofocus onfocus="window.pwned = 1"><button>Go</button></form>`,
  ],
  [
    'a film',
    `<video src="${url}/video" poster="${url}/poster" autoplay></video><audio src="${url}/audio" autoplay></audio>`,
  ],
  [
    'links of other protocols',
    '[a](javascript:alert(1)) [b](data:text/html,<script>1</script>) [c](vbscript:x) <javascript:alert(1)>',
  ],
  [
    'a link in disguise',
    '[d](java\nscript:alert(1)) [e](&#x6A;avascript:alert(1)) [f](  javascript:alert(1))',
  ],
  ['a detail that opens itself', `<details open ontoggle="window.pwned = 1">x</details>`],
];

test('nothing of a hostile answer runs, and nothing is fetched for it', async ({ chat, page, server }) => {
  test.setTimeout(240_000);
  await chat.openNew();
  for (const [name, text] of hostile(trapUrl)) {
    await test.step(name, async () => {
      server.script = saying([{ text: `${text}\n\nThe end of ${name}.` }]);
      await chat.ask(`Show me ${name}`);
      const answer = chat.rows('assistant').last();
      await expect(answer.getByText(`The end of ${name}.`)).toBeVisible();
      await expect(answer.locator('.prose')).toBeVisible();
      const found = await answer.evaluate((row) => ({
        elements: [
          ...row.querySelectorAll(
            'script,iframe,object,embed,link,style,base,meta,form,input,video,audio,math,img',
          ),
        ].map(({ outerHTML }) => outerHTML),
        drawings: [...row.querySelectorAll('svg')].filter((svg) => !svg.classList.contains('lucide')).length,
        handlers: [...row.querySelectorAll('*')].filter((one) =>
          [...one.attributes].some(({ name: n }) => n.startsWith('on')),
        ).length,
        links: [...row.querySelectorAll('a')].map(({ protocol, rel }) => `${protocol} ${rel}`),
      }));
      expect(found.elements).toEqual([]);
      expect(found.drawings).toBe(0);
      expect(found.handlers).toBe(0);
      for (const link of found.links) expect(link).toMatch(/^(https?|mailto): noopener noreferrer nofollow$/);
    });
  }
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
  expect(asked).toEqual([]);
});

test('links that lead to the web say nothing of this page, and open elsewhere', async ({ chat, server }) => {
  server.script = saying([{ text: 'See [the web](https://example.com/a) and mail <someone@example.com>.' }]);
  await chat.openNew();
  await chat.ask('Where?');
  const link = chat.rows('assistant').last().getByRole('link', { name: 'the web' });
  await expect(link).toHaveAttribute('href', 'https://example.com/a');
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow');
  await expect(link).toHaveAttribute('target', '_blank');
});

const extremes: [string, string][] = [
  ['10,000 nested quotes', `${'>'.repeat(10_000)} deep`],
  ['10,000 nested quotes with blanks', `${'> '.repeat(10_000)} deep`],
  ['10,000 nested lists', `${'- '.repeat(10_000)} deep`],
  ['10,000 open brackets', '['.repeat(10_000)],
  ['10,000 stars', `x${'*'.repeat(10_000)}`],
  ['10,000 stars with words', '*a '.repeat(10_000)],
  [
    '10,000 back-ticks of growing length',
    Array.from({ length: 140 }, (_, n) => '`'.repeat(n + 1)).join(' x '),
  ],
  ['a line of 150,000 letters', 'a'.repeat(150_000)],
  [
    'a table of 20,000 cells',
    `|${'a|'.repeat(200)}\n|${'-|'.repeat(200)}\n${`|${'b|'.repeat(200)}\n`.repeat(100)}`,
  ],
  [
    'letters that change direction and stack',
    '\u202Eabc\u202C \u0635\u0628\u0627\u062D Z' + '\u0351'.repeat(3_000),
  ],
];

for (const [name, text] of extremes) {
  test(`${name}: the page stays responsive`, async ({ chat, page, server }) => {
    server.script = saying([{ text }]);
    await chat.openNew();
    await chat.ask(`Show me ${name}`);
    const begin = Date.now();
    await chat.composer.fill('still alive');
    await expect(chat.composer).toHaveValue('still alive');
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(Date.now() - begin).toBeLessThan(3_000);
    await expect(chat.rows('assistant').last().locator('[data-text]')).not.toHaveText('');
    // and again from the log, in one piece
    await page.reload();
    await expect(chat.rows('assistant').last().locator('[data-text]')).not.toHaveText('', {
      timeout: 15_000,
    });
    await expect(chat.composer).toHaveValue('still alive');
  });
}

test('hostile titles, file names and results are shown as they are', async ({
  chat,
  page,
  server,
  expectedProblems,
}) => {
  // the page that was built asks for its image, and is refused: that is the preview's own policy
  expectedProblems.push(/\/preview\/([\da-f-]+\/)?x' violates/);
  const evil = `<img src=x onerror="window.pwned=1">`;
  server.script = saying([
    { tool: 'Write', input: { file_path: 'evil.html', content: evil } },
    { tool: 'Read', input: { file_path: evil } },
    { tool: evil, input: { file_path: { toString: evil } } },
  ]);
  await chat.openNew();
  await chat.ask(evil);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(evil);
  for (const row of await chat.rows('tool').all()) await row.getByRole('button').first().click();
  await page.getByRole('tab', { name: 'Files' }).click();
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
});
