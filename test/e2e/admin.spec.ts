import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { Client } from 'pg';
import { expect, test } from './support/chat-test.js';
import { ServedChat } from './support/served-chat.js';

/** The page for whoever runs the service, against the real service and its worker. */

test.beforeEach(async ({ server }) => {
  const { api } = server;
  for (let i = 0; i < 5; i += 1) {
    const { id } = (await api.post('/api/conversations', { title: `Talk ${i}` })).json;
    await api.post(`/api/conversations/${id}/messages`, { role: 'user', content: 'A note' });
  }
});

test('a rebuild is started, followed and accepted into the list, and the new rows are live', async ({
  page,
}) => {
  await page.goto('/admin');
  const row = page.getByRole('row', { name: /^moments/ });
  await expect(row).toContainText('live');
  await page.getByRole('button', { name: 'What to do with moments' }).click();
  await page.getByRole('button', { name: 'Rebuild', exact: true }).click();
  const card = page.getByRole('article', { name: 'Rebuild of moments' }).first();
  await expect(card).toHaveAttribute('data-status', 'done', { timeout: 30_000 });
  await expect(card).toContainText(/[1-9][\d,]* of [\d,]+ streams/);
  await expect(card).toContainText('no difference');
  await expect(row).toContainText('#2 · v1 · live', { timeout: 15_000 });
  await expect(page.getByRole('region', { name: 'What administrators did' })).toContainText(
    /rebuild moments/,
    {
      timeout: 15_000,
    },
  );

  await page.getByRole('button', { name: 'What to do with moments' }).click();
  await page.getByRole('button', { name: 'Roll back to the kept generation' }).click();
  await expect(row).toContainText('#1 · v1 · live', { timeout: 15_000 });
});

test('what is read is verified against the log', async ({ page, server }) => {
  await page.goto('/admin');
  await page.getByRole('button', { name: 'Verify', exact: true }).click();
  const status = page.getByRole('region', { name: 'Projections' }).getByRole('status');
  await expect(status).toContainText(/compared with the log: all equal/, { timeout: 40_000 });

  const { id } = (await server.api.post('/api/conversations', { title: 'Altered' })).json;
  await sql(
    server,
    `update conversations set title = to_jsonb('Other'::text) where conversation_id = '${id}'`,
  );
  await page.getByRole('button', { name: 'What to do with conversations' }).click();
  await page.getByRole('button', { name: 'Verify 100 at random' }).click();
  await expect(status).toContainText(id, { timeout: 40_000 });
  await server.api.post(`/api/admin/conversations/${id}/rebuild`, {});
});

test('what a projection could not take is shown, and tried again', async ({ page, server }) => {
  const { id } = (await server.api.post('/api/conversations', { title: 'Parked' })).json;
  await park(server, id);
  await page.goto('/admin');
  const parked = page.getByRole('region', { name: 'Parked', exact: true });
  await expect(parked).toContainText('planted by a test', { timeout: 15_000 });
  await parked.getByText('Show the streams').click();
  await expect(parked).toContainText(id);
  await parked.getByRole('button', { name: 'Try again', exact: true }).click();
  await expect(page.getByText('1 stream is tried again.')).toBeVisible();
  await expect(parked).toContainText('Nothing is parked.', { timeout: 20_000 });
});

test('figures and charts show what happens', async ({ page }) => {
  await page.goto('/admin');
  await expect(page.getByRole('region', { name: 'The last minutes' }).locator('canvas')).toHaveCount(2, {
    timeout: 20_000,
  });
  await expect(page.getByRole('region', { name: 'Processes' }).getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('link', { name: 'Queues' })).toHaveAttribute('href', '/admin/queues');
});

test.describe('with a token', () => {
  let guarded: ServedChat;
  test.beforeAll(async () => {
    guarded = await ServedChat.start({
      CHATLOG_TOKEN: 'token-of-everyone',
      CHATLOG_ADMIN_TOKEN: 'token-of-admins',
    });
  });
  test.afterAll(() => guarded?.stop());

  test.use({ httpCredentials: { username: 'anyone', password: 'token-of-everyone' } });
  /** As a link within the app does: the page that is shown may not administer. */
  const toAdmin = async (page: Page) => {
    await page.goto(guarded.url);
    await page.evaluate(() => {
      history.pushState({}, '', '/admin');
      dispatchEvent(new PopStateEvent('popstate'));
    });
  };

  test('the page asks for it, keeps it in this tab alone, and forgets it', async ({ page }) => {
    await toAdmin(page);
    const field = page.getByLabel('Token');
    await field.fill('wrong');
    await page.getByRole('button', { name: 'Enter' }).click();
    await expect(page.getByRole('alert')).toContainText('not known');
    await field.fill('token-of-everyone');
    await page.getByRole('button', { name: 'Enter' }).click();
    await expect(page.getByRole('alert')).toContainText('may not administer');
    await field.fill('token-of-admins');
    await page.getByRole('button', { name: 'Enter' }).click();
    await expect(page.getByRole('row', { name: /^messages/ })).toBeVisible();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('token-of-admins');
    await toAdmin(page);
    await expect(page.getByRole('row', { name: /^messages/ })).toBeVisible();
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await expect(field).toBeVisible();
  });
});

async function sql({ mode }: ServedChat, text: string, values: unknown[] = []): Promise<void> {
  const client = new Client({ connectionString: mode.env.DATABASE_URL });
  await client.connect();
  try {
    await client.query(text, values);
  } finally {
    await client.end();
  }
}

/** As the projector leaves a stream that it has given up: what was wrong with it is over, so another try succeeds. */
async function park(server: ServedChat, streamId: string): Promise<void> {
  await sql(
    server,
    `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, event_type, error, fingerprint, attempts)
     select g.projection, g.generation, $1, s.tenant_id, 'of a test', 1, 'ConversationStarted', 'planted by a test', $2, 3
     from projection_generations g cross join streams s
     where g.projection = 'moments' and g.status = 'live' and s.stream_id = $1`,
    [streamId, randomUUID().replaceAll('-', '')],
  );
}
