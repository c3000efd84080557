import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Principal, Scope } from '#commands';
import type { Config } from '#platform';
import { ProblemError } from './problem.error.js';

/** Everyone who may come in at all is the one owner of this installation; what they may do depends on their token. */
const owner = { tenantId: 'local', userId: 'owner' };

type Tokens = Pick<Config, 'token' | 'adminToken' | 'adminReadToken'>;
type Credential = { name: string; token: string; scopes: Scope[] };

function credentialsOf({ token, adminToken, adminReadToken }: Tokens): Credential[] {
  const all: (Omit<Credential, 'token'> & { token: string | undefined })[] = [
    { name: 'CHATLOG_TOKEN', token, scopes: adminToken === undefined ? ['*'] : ['read', 'write'] },
    { name: 'CHATLOG_ADMIN_TOKEN', token: adminToken, scopes: ['*'] },
    { name: 'CHATLOG_ADMIN_READ_TOKEN', token: adminReadToken, scopes: ['admin:read'] },
  ];
  return all.filter((one): one is Credential => one.token !== undefined);
}

const basic = /^Basic +([\w+/=-]+)$/i;
const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** Who is told how to send a token: a program as `bearer`; a browser that opens a `page` asks its user for a password. */
export type AccessKind = 'bearer' | 'page';

/** Whether a browser sent the token by itself, as it does with the requests of foreign pages too. */
export function isSentByBrowser(request: FastifyRequest): boolean {
  return basic.test(request.headers.authorization ?? '');
}

/**
 * Whom the request acts for. Without a configured token that is the owner with all scopes: the rules about `Host` and
 * `Origin` keep others out.
 * @throws ProblemError 401
 */
export function principalFor(
  config: Tokens,
  request: FastifyRequest,
  kind: AccessKind = 'bearer',
): Principal {
  const credentials = credentialsOf(config);
  if (credentials.length === 0) return { ...owner, scopes: ['*'], credential: 'none' };
  const given = givenToken(request.headers.authorization ?? '');
  // All are hashed, and all are compared, so that the time of it tells nothing about a token or its length.
  const matches = credentials.filter(
    ({ token }) => given !== undefined && timingSafeEqual(sha256(given), sha256(token)),
  );
  const [found] = matches;
  if (found) return { ...owner, scopes: found.scopes, credential: found.name };
  const code = given === undefined ? 'token_required' : 'token_invalid';
  const scheme = kind === 'page' ? 'Basic' : 'Bearer';
  throw new ProblemError(401, code, 'This server asks for its token: Authorization: Bearer …', {
    field: 'Authorization',
    headers: { 'WWW-Authenticate': `${scheme} realm="lol-chat-log"` },
  });
}

/** Bearer, or HTTP Basic with the token as the password: all that a browser can send with a page and its frames. */
function givenToken(authorization: string): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const encoded = basic.exec(authorization)?.[1];
  // user:password; any user will do, as a token has none
  return encoded && /^[^:]*:(.+)$/.exec(Buffer.from(encoded, 'base64').toString())?.[1];
}
