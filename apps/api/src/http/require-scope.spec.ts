import type { FastifyRequest } from 'fastify';
import { loadConfig } from '#platform';
import { principalFor } from './access.js';
import { requireScope, type RouteScope } from './require-scope.js';

const token = 'token-of-everyone';
const adminToken = 'token-of-admins';
const adminReadToken = 'token-of-watchers';
const env = { CHATLOG_TOKEN: token };
const allTokens = { ...env, CHATLOG_ADMIN_TOKEN: adminToken, CHATLOG_ADMIN_READ_TOKEN: adminReadToken };

function request(authorization?: string, more: Partial<FastifyRequest['headers']> = {}, method = 'GET') {
  return { method, headers: { host: 'localhost:3001', authorization, ...more } } as FastifyRequest;
}
const bearer = (value: string) => request(`Bearer ${value}`);
const basic = (value: string) => `Basic ${Buffer.from(`someone:${value}`).toString('base64')}`;

/** The code of the refusal; 'ok' when there is none. */
function verdict(use: () => unknown): string {
  try {
    use();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const scopes: RouteScope[] = ['read', 'write', 'admin:read', 'admin:write'];
const held = (given: NodeJS.ProcessEnv, who: FastifyRequest) =>
  scopes.filter((scope) => verdict(() => requireScope(loadConfig(given), who, scope)) === 'ok');

it('gives every scope where no token is configured', () => {
  expect(held({}, request())).toEqual(scopes);
});

it('gives every scope to the one token that there is', () => {
  expect(held(env, bearer(token))).toEqual(scopes);
});

it('keeps the scopes of administrators for their tokens, once they have one', () => {
  expect(held(allTokens, bearer(token))).toEqual(['read', 'write']);
  expect(held(allTokens, bearer(adminToken))).toEqual(scopes);
  expect(held(allTokens, bearer(adminReadToken))).toEqual(['admin:read']);
});

it('tells a missing token from a wrong one, and from one that may not', () => {
  const config = loadConfig(allTokens);
  const code = (who: FastifyRequest) => verdict(() => requireScope(config, who, 'admin:write'));
  expect(code(request())).toBe('token_required');
  expect(code(bearer('other'))).toBe('token_invalid');
  expect(code(bearer(token.slice(0, -1)))).toBe('token_invalid');
  expect(code(bearer(token))).toBe('forbidden_scope');
});

it('says which credential was shown, and nothing of the token', () => {
  const principal = principalFor(loadConfig(allTokens), bearer(adminReadToken));
  expect(principal).toMatchObject({ userId: 'owner', credential: 'CHATLOG_ADMIN_READ_TOKEN' });
  expect(JSON.stringify(principal)).not.toContain(adminReadToken);
});

it('takes a token as a password too, and asks a browser for it on pages alone', () => {
  const config = loadConfig(allTokens);
  const page = request(basic(adminToken));
  expect(verdict(() => requireScope(config, page, 'admin:write', { page: true }))).toBe('ok');
  expect(verdict(() => requireScope(config, page, 'admin:write'))).toBe('ok');
  const foreign = request(basic(adminToken), { origin: 'https://evil.example' }, 'PUT');
  expect(verdict(() => requireScope(config, foreign, 'admin:write'))).toBe('origin_not_allowed');
  expect(() => requireScope(config, request(), 'admin:read')).toThrow(
    expect.objectContaining({ headers: { 'WWW-Authenticate': expect.stringMatching(/^Bearer/) } }),
  );
  const wrong = request(basic('other'));
  expect(verdict(() => requireScope(config, wrong, 'admin:read', { page: true }))).toBe('token_invalid');
  expect(() => requireScope(config, request(), 'admin:read', { page: true })).toThrow(
    expect.objectContaining({ headers: { 'WWW-Authenticate': expect.stringMatching(/^Basic/) } }),
  );
});

it("refuses foreign pages' writes to a page whatever they carry, as a browser sends its passwords with them", () => {
  const config = loadConfig(allTokens);
  const foreign = request(basic(adminToken), { origin: 'https://evil.example' }, 'PUT');
  expect(verdict(() => requireScope(config, foreign, 'admin:write', { page: true }))).toBe(
    'origin_not_allowed',
  );
  const own = request(basic(adminToken), { origin: 'http://localhost:3001' }, 'PUT');
  expect(verdict(() => requireScope(config, own, 'admin:write', { page: true }))).toBe('ok');
});
