import { randomUUID } from 'node:crypto';
import { bad, BadInputServer, get, post, write, type BadInputCase } from '../../support/bad-input.js';

/** Bad input, case by case: projects, versions, and the LOL app's routes. Each gets a 4xx problem that names the field, and leaves the log as it was. */
jest.setTimeout(60_000);

let server: BadInputServer;

beforeAll(async () => {
  server = await BadInputServer.start();
});

afterAll(() => server?.stop());

const projects = '/api/projects';
const project = '/api/projects/$project';
const put = (files: object) => write('PUT', project, { files });
const file = (path: string, content = 'x') => ({ [path]: { content } });
const absent = randomUUID();
const gone = (field?: string) => ({ status: 404, code: 'not_found', field });

const expectRefusal: (...each: BadInputCase) => Promise<void> = async (_, request, expected) => {
  await server.expectRefusal(request(server.ids), expected);
};

describe('bodies of projects', () => {
  it.each<BadInputCase>([
    ['no title', post(projects, { files: {} }), bad('missing_field', 'title')],
    ['a blank title', post(projects, { title: ' ' }), bad('blank', 'title')],
    ['a title of 256', post(projects, { title: 'x'.repeat(256) }), bad('too_long', 'title')],
    ['U+0000 in a title', post(projects, { title: '\u0000' }), bad('invalid_text', 'title')],
    [
      'U+0000 in metadata',
      post(projects, { title: 'x', metadata: { a: '\u0000' } }),
      bad('invalid_text', 'metadata.a'),
    ],
    ['files in a list', post(projects, { title: 'x', files: [] }), bad('invalid_field', 'files')],
    ['an unknown field', post(projects, { title: 'x', compiled: 'x' }), bad('unknown_field', 'compiled')],
    ['a change of nothing', write('PUT', project, {}), bad('nothing_to_change', 'body')],
    ['files that are texts', put({ 'a.html': 'x' }), bad('invalid_field', 'files.a.html')],
    ['a file without content', put({ a: {} }), bad('missing_field', 'files.a.content')],
    ['a content that is no text', put({ a: { content: 5 } }), bad('invalid_field', 'files.a.content')],
    ['a type of no kind', put({ a: { content: '', type: 'png' } }), bad('invalid_field', 'files.a.type')],
    ['U+0000 in a content', put(file('a', '\u0000')), bad('invalid_text', 'files.a.content')],
    ['half a pair in a content', put(file('a', '\ud83d')), bad('invalid_text', 'files.a.content')],
    [
      'a path named __proto__',
      write('PUT', project, '{"files":{"__proto__":{"content":""}}}', {
        headers: { 'content-type': 'application/json' },
      }),
      bad('forbidden_key', 'files.__proto__'),
    ],
  ])('%s', expectRefusal);
});

describe('paths of files', () => {
  it.each<BadInputCase>(
    [
      '',
      '/a',
      'a/',
      'a//b',
      '.',
      './a',
      '..',
      'a/../b',
      'a\\b',
      'C:/a',
      'a\u0007b',
      'a\nb',
      'a\u007f',
      'a\u0085',
      'e\u0301',
      'x'.repeat(256),
      'é'.repeat(128),
    ].map((path) => [
      JSON.stringify(path).slice(0, 20),
      put(file(path)),
      bad('invalid_path', `files.${path}`),
    ]),
  )('%s', expectRefusal);

  it('a file that is a folder too', async () => {
    const { ids } = server;
    await server.expectRefusal(put({ ...file('a'), ...file('a/b') })(ids), bad('path_clash', 'files.a/b'));
  });

  it.each(['constructor', 'toString', 'x'.repeat(255), 'a b/ü.html', '.hidden', '...', 'a..b'])(
    'takes %j',
    async (path) => {
      const { json } = await server.api.send(put(file(path))(server.ids));
      expect(Object.keys(json.files)).toEqual([path]);
      const one = `/api/projects/${server.ids.project}/versions/${json.version}?path=${encodeURIComponent(path)}`;
      expect((await server.api.get(one)).json.content).toBe('x');
    },
  );
});

describe('versions', () => {
  it.each<BadInputCase>([
    ['a project that is no uuid', get('/api/projects/default/versions'), bad('invalid_id', 'id')],
    ['a project that is not there', get(`/api/projects/${absent}`), gone()],
    ['version 0', get(`${project}/versions/0`), bad('invalid_version', 'n')],
    ['version x', get(`${project}/versions/x/zip`), bad('invalid_version', 'n')],
    ['a version that is not there', get(`${project}/versions/999`), gone()],
    ['its archive', get(`${project}/versions/999/zip`), gone()],
    ['an empty path', get(`${project}/versions/1?path=`), bad('invalid_path', 'path')],
    ['two paths', get(`${project}/versions/1?path=a&path=b`), bad('invalid_path', 'path')],
    ['a file that is not there', get(`${project}/versions/1?path=__proto__`), gone()],
    ['before 0', get(`${project}/versions?before=0`), bad('invalid_version', 'before')],
    ['no more than 1,000', get(`${project}/versions?limit=1001`), bad('invalid_limit', 'limit')],
    ['a comparison with nothing', get(`${project}/diff?from=1`), bad('invalid_version', 'to')],
    ['a comparison with -1', get(`${project}/diff?from=-1&to=1`), bad('invalid_version', 'from')],
    ['a comparison with what is not there', get(`${project}/diff?from=1&to=999`), gone()],
    ['a cursor of no list', get(`${projects}?after=xyz`), bad('invalid_cursor', 'after')],
    ['two pages at once', get(`${projects}?offset=1&before=x`), bad('ambiguous_page', 'query')],
    ['no name and no star', write('PATCH', `${project}/versions/1`, {}), bad('nothing_to_change', 'body')],
    ['a blank name', write('PATCH', `${project}/versions/1`, { name: '' }), bad('blank', 'name')],
    [
      'a star of no kind',
      write('PATCH', `${project}/versions/1`, { starred: 1 }),
      bad('invalid_field', 'starred'),
    ],
    ['a restore of nothing', post(`${project}/restore`, {}), bad('missing_field', 'version')],
    ['a restore of version 0', post(`${project}/restore`, { version: 0 }), bad('too_small', 'version')],
    ['a restore of a half', post(`${project}/restore`, { version: 1.5 }), bad('invalid_field', 'version')],
    ['a fork of a text', post(`${project}/fork`, { version: '1' }), bad('invalid_field', 'version')],
    ['a fork with a blank title', post(`${project}/fork`, { title: ' ' }), bad('blank', 'title')],
  ])('%s', expectRefusal);

  it.each(['restore', 'fork'])('a %s of a version that is not there', async (what) => {
    const { status, json } = await server.api.post(`/api/projects/${server.ids.project}/${what}`, {
      version: 999,
    });
    expect([status, json.code]).toEqual([404, 'not_found']);
  });
});

describe('the LOL app', () => {
  const stream = '/api/iterate/claude/stream';
  it.each<BadInputCase>([
    ['no prompt', post(stream, {}), bad('missing_field', 'prompt')],
    ['a prompt of white space', post(stream, { prompt: ' \n' }), bad('blank', 'prompt')],
    ['a prompt of 5,001', post(stream, { prompt: 'x'.repeat(5_001) }), bad('too_long', 'prompt')],
    ['U+0000 in a prompt', post(stream, { prompt: '\u0000' }), bad('invalid_text', 'prompt')],
    ['an unknown field', post(stream, { prompt: 'x', model: 'y' }), bad('unknown_field', 'model')],
    [
      'a project that is no text',
      post(stream, { prompt: 'x', projectId: 7 }),
      bad('invalid_id', 'projectId'),
    ],
    ['a project that is not there', post(stream, { prompt: 'x', projectId: absent }), gone('projectId')],
    ['iterating on nothing', post('/api/iterate/claude', { prompt: 'x' }), bad('invalid_id', 'projectId')],
    [
      'iterating on what is not there',
      post('/api/iterate/claude', { prompt: 'x', projectId: absent }),
      gone('projectId'),
    ],
    ['generating from nothing', post('/api/ai/generate-claude', { prompt: '' }), bad('blank', 'prompt')],
  ])('%s', expectRefusal);

  it('takes no conversation for a project, and no project for a conversation', async () => {
    const { conversation, project: own } = server.ids;
    for (const body of [{ projectId: conversation }, { conversationId: own }]) {
      const { status, json } = await server.api.post(stream, { prompt: 'x', ...body });
      expect([status, json.code]).toEqual([404, 'not_found']);
    }
    expect((await server.api.get(`/api/projects/${conversation}`)).status).toBe(404);
    expect((await server.api.get(`/api/conversations/${own}`)).status).toBe(404);
    expect((await server.api.get(`/api/conversations/${own}/events`)).status).toBe(404);
  });
});
