import { randomUUID } from 'node:crypto';
import { bad, BadInputServer } from '../../support/bad-input.js';

/** Bad input, case by case: requests that the state refuses. Each gets a 4xx problem that names the field, and leaves the log as it was. */
jest.setTimeout(60_000);

let server: BadInputServer;

beforeAll(async () => {
  server = await BadInputServer.start();
});

afterAll(() => server?.stop());

describe('conflicts', () => {
  it('a second turn while one runs, and a message behind its back', async () => {
    const conflict = { status: 409, code: 'turn_in_progress' };
    const turns = `/api/conversations/${server.ids.other}/turns`;
    const { json } = await server.expectRefusal(
      { method: 'POST', path: turns, body: { prompt: 'again' } },
      conflict,
    );
    expect(json.turnId).toBe(server.ids.turn);
    const messages = `/api/conversations/${server.ids.other}/messages`;
    await server.expectRefusal(
      { method: 'POST', path: messages, body: { role: 'user', content: 'x' } },
      conflict,
    );
  });

  it('cancel of a finished turn, and of one that never was', async () => {
    const { id } = (await server.api.post('/api/conversations', {})).json;
    const { turnId } = (await server.api.post(`/api/conversations/${id}/turns`, { prompt: 'go' })).json;
    expect((await server.api.post(`/api/turns/${turnId}/cancel`)).status).toBe(200);
    await server.expectRefusal(
      { method: 'POST', path: `/api/turns/${turnId}/cancel` },
      { status: 409, code: 'turn_finished', field: 'turnId' },
    );
    await server.expectRefusal(
      { method: 'POST', path: `/api/turns/${randomUUID()}/cancel` },
      { status: 404, code: 'not_found' },
    );
  });

  it('the same idempotency key with another body, path or method', async () => {
    const headers = { 'idempotency-key': 'bad-input-1' };
    const first = await server.api.post('/api/conversations', { title: 'k' }, headers);
    expect(first.status).toBe(201);
    const reused = { status: 422, code: 'idempotency_key_reused', field: 'Idempotency-Key' };
    await server.expectRefusal(
      { method: 'POST', path: '/api/conversations', body: { title: 'other' }, headers },
      reused,
    );
    await server.expectRefusal(
      { method: 'POST', path: `/api/conversations/${first.json.id}/restore`, headers },
      reused,
    );
    await server.expectRefusal(
      {
        method: 'POST',
        path: '/api/conversations',
        body: { title: 'x' },
        headers: { 'idempotency-key': 'a b' },
      },
      bad('invalid_idempotency_key', 'Idempotency-Key'),
    );
  });

  it('what is not there', async () => {
    const absent = { status: 404, code: 'not_found' };
    const id = randomUUID();
    await server.expectRefusal({ path: `/api/conversations/${id}` }, absent);
    await server.expectRefusal({ path: `/api/conversations/${id}/messages` }, absent);
    await server.expectRefusal({ path: `/api/conversations/${id}/stream` }, absent);
    await server.expectRefusal({ path: `/api/conversations/${id}/events` }, absent);
    await server.expectRefusal({ path: `/api/conversations/${id}/state` }, absent);
    await server.expectRefusal(
      { method: 'PATCH', path: `/api/conversations/${id}`, body: { title: 'x' } },
      absent,
    );
    await server.expectRefusal({ method: 'DELETE', path: `/api/messages/${id}` }, absent);
    await server.expectRefusal(
      { path: `/api/conversations/${server.ids.other}/messages/${server.ids.message}` },
      absent,
    );
    await server.expectRefusal(
      { path: '/api/nothing' },
      { status: 404, code: 'path_not_found', field: 'path' },
    );
    await server.expectRefusal(
      { method: 'PUT', path: '/api/conversations' },
      { status: 404, code: 'path_not_found', field: 'path' },
    );
  });
});
