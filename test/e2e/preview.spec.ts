import { expect, test } from './support/chat-test.js';

/** What a page tries that wants to get out of its frame; it writes what came of it into its own body. */
const attempts = `
<!doctype html><body><pre id="log"></pre><script>
const log = document.getElementById('log');
const say = (name, what) => { log.textContent += name + '=' + what + '\\n'; };
const attempt = (name, run) => { try { const value = run(); say(name, 'open:' + value); } catch (error) { say(name, 'closed'); } };
attempt('parent', () => parent.document.title);
attempt('storage', () => localStorage.length);
attempt('cookie', () => document.cookie);
if (parent !== self) attempt('top', () => { top.location.href = 'about:blank'; return 'moved'; });
const call = (name, url, options) => fetch(url, options).then((r) => say(name, 'open:' + r.status), () => say(name, 'closed'));
Promise.all([
  call('read', '/api/conversations'),
  call('write', '/api/conversations', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
]).then(() => say('script', 'ran'));
</script></body>`;

test('a page that was built runs, and reaches nothing of ours', async ({
  page,
  server,
  expectedProblems,
}) => {
  expectedProblems.push(/Content Security Policy|Unsafe attempt|sandbox/i);
  const project = await server.api.post('/api/projects', {
    title: 'A page that wants out',
    files: { 'index.html': { content: attempts } },
  });
  const count = async () => (await server.api.get('/api/conversations?limit=1000')).json.length;
  const before = await count();
  await page.goto(`/projects/${project.json.id}`);
  const log = page.frameLocator('iframe[title^="Preview"]').locator('#log');
  await expect(log).toContainText('script=ran');
  const text = await log.innerText();
  for (const name of ['parent', 'storage', 'cookie', 'top', 'read', 'write'])
    expect(text).toContain(`${name}=closed`);
  expect(await count()).toBe(before);
  await expect(page.locator('#main')).toBeVisible();
});

test('opened alone, it is an origin of its own too', async ({ page, server, expectedProblems }) => {
  expectedProblems.push(/Content Security Policy|Unsafe attempt|sandbox/i);
  const files = { 'index.html': { content: attempts } };
  const project = await server.api.post('/api/projects', { title: 'Alone', files });
  await page.goto(`/preview/${project.json.id}/1`);
  await expect(page.locator('#log')).toContainText('script=ran');
  expect(await page.locator('#log').innerText()).toContain('read=closed');
  expect(await page.evaluate(() => origin)).toBe('null');
});

const filesOf = (content: string) => ({ 'index.html': { content } });

test('each version has its page', async ({ server }) => {
  const { json } = await server.api.post('/api/projects', { title: 'Twice', files: filesOf('<p>one</p>') });
  await server.api.send({
    method: 'PUT',
    path: `/api/projects/${json.id}`,
    body: { files: filesOf('<p>two</p>') },
  });
  expect((await server.api.get(`/preview/${json.id}/1`)).text).toContain('one');
  expect((await server.api.get(`/preview/${json.id}`)).text).toContain('two');
  expect((await server.api.get(`/preview/${json.id}/3`)).status).toBe(404);
  expect((await server.api.get('/preview/no-uuid')).status).toBe(400);
});
