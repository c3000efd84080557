import { randomUUID } from 'node:crypto';
import { ConformanceServer } from '../support/conformance-server.js';

/** docs/protocol.md, sections 1 and 2. */
jest.setTimeout(60_000);

let chat: ConformanceServer;

beforeAll(async () => {
  chat = await ConformanceServer.start();
});

afterAll(() => chat?.stop());

/** Sends these characters as a body. */
const post = (body: string, chunked = false) =>
  chat.api.send({ method: 'POST', path: '/api/conversations', body, chunked });

describe('general', () => {
  it('1.1 takes JSON alone; a Content-Type without a body is no body', async () => {
    const type = { 'content-type': 'text/plain' };
    const refused = await chat.api.post('/api/conversations', 'x', type);
    expect([refused.status, refused.json.code]).toEqual([415, 'unsupported_media_type']);
    const id = await chat.conversation();
    const removed = await chat.api.delete(`/api/conversations/${id}`, { 'content-type': 'application/json' });
    expect([removed.status, removed.text]).toEqual([204, '']);
    const restored = await chat.api.post(`/api/conversations/${id}/restore`, undefined, {
      'content-type': 'application/json',
    });
    expect(restored.status).toBe(200);
  });

  it('1.2 writes times as ISO 8601 with milliseconds and ids in lower case, and takes ids in any case', async () => {
    const projectId = randomUUID();
    const { json } = await chat.api.post('/api/conversations', { projectId: projectId.toUpperCase() });
    expect(json.projectId).toBe(projectId);
    expect(json.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const again = await chat.api.get(`/api/conversations/${json.id.toUpperCase()}`);
    expect([again.status, again.json.id]).toEqual([200, json.id]);
  });

  it('1.3 refuses unknown body fields and ignores unknown query parameters', async () => {
    const refused = await chat.api.post('/api/conversations', { titel: 'x' });
    expect([refused.status, refused.json.code, refused.json.field]).toEqual([400, 'unknown_field', 'titel']);
    expect((await chat.api.get('/api/conversations?_=1')).status).toBe(200);
  });

  it('1.4 reads trailing and double slashes as the plain path, and HEAD as GET without a body', async () => {
    const id = await chat.conversation();
    const paths = [`/api/conversations/${id}/`, `//api//conversations/${id}`, `/api/conversations//${id}//`];
    for (const path of paths) expect((await chat.api.get(path)).json.id).toBe(id);
    for (const path of [`/api/conversations/${id}`, `/api/conversations/${id}/stream`, ...paths]) {
      const head = await chat.api.send({ method: 'HEAD', path });
      expect([path, head.status, head.text]).toEqual([path, 200, '']);
    }
    expect((await chat.api.send({ method: 'HEAD', path: `/api/conversations/${randomUUID()}` })).status).toBe(
      404,
    );
  });

  it('1.5 names each request, as the client did where that is a fit name', async () => {
    const name = async (given: string) =>
      (await chat.api.get('/api/health', { 'x-request-id': given })).headers['x-request-id'];
    expect(await name('mine-1')).toBe('mine-1');
    expect(await name('not fit!')).toMatch(/^[0-9a-f-]{36}$/);
    const { headers, json } = await chat.api.get('/api/nothing', { 'x-request-id': 'mine-2' });
    expect([headers['x-request-id'], json.requestId]).toEqual(['mine-2', 'mine-2']);
  });

  it('1.6 bounds bodies in size, depth and keys', async () => {
    const large = JSON.stringify({ title: 'x'.repeat(1_048_577) });
    expect((await post(large)).json.code).toBe('body_too_large');
    expect((await post(large, true)).json.code).toBe('body_too_large');
    expect((await post('['.repeat(65) + ']'.repeat(65))).json.code).toBe('body_too_deep');
    expect((await post('{"__proto__":{}}')).json.code).toBe('forbidden_key');
  });

  it('1.7 refuses texts that cannot be shown, but trims a cut title', async () => {
    expect((await chat.api.post('/api/conversations', { title: 'a\u0000' })).json.code).toBe('invalid_text');
    expect((await chat.api.post('/api/conversations', { title: '\ud83da' })).json.code).toBe('invalid_text');
    expect((await chat.api.post('/api/conversations', { title: 'a\ud83d' })).json.title).toBe('a');
  });
});

describe('errors', () => {
  it('2.1 2.2 2.3 are problems that name the fault, and leave the log as it was', async () => {
    const id = await chat.conversation();
    const refused = await chat.api.post(`/api/conversations/${id}/messages`, { role: 'robot', content: 1 });
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(refused.json).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: refused.json.message,
      code: 'invalid_field',
      field: 'role',
      errors: [
        { field: 'role', code: 'invalid_field', message: expect.any(String) },
        { field: 'content', code: 'invalid_field', message: expect.any(String) },
      ],
      requestId: refused.headers['x-request-id'],
      error: refused.json.detail,
      message: expect.any(String),
    });
    expect((await chat.api.get(`/api/conversations/${id}`)).json.seq).toBe(1);
  });

  it('2.4 says the same of what is absent and of what is elsewhere', async () => {
    const [one, other] = [await chat.conversation(), await chat.conversation()];
    const { json } = await chat.api.post(`/api/conversations/${one}/messages`, {
      role: 'user',
      content: 'x',
    });
    const absent = await chat.api.get(`/api/conversations/${other}/messages/${randomUUID()}`);
    const elsewhere = await chat.api.get(`/api/conversations/${other}/messages/${json.id}`);
    const told = ({ status, json: { code, message } }: typeof absent) => ({ status, code, message });
    expect(told(elsewhere)).toEqual(told(absent));
    expect(absent.status).toBe(404);
  });
});
