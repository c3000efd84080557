import type { FastifyReply, FastifyRequest } from 'fastify';
import { inContext, RequestSpan } from '#platform';

type Scope = { span: RequestSpan; fields: { requestId: string; conversationId?: string; seq?: number } };

const scopes = new WeakMap<FastifyRequest, Scope>();
const untimed = new WeakSet<FastifyRequest>();

/** What is logged and traced for a request names it, from here on. Called again where Fastify waited for the body. */
export function enterRequest(request: FastifyRequest, go: () => void): void {
  const { span, fields } = scopes.get(request) ?? open(request);
  inContext(fields, () => span.run(go));
}

/** Runs what comes after the answer as a part of the request, with what became known on its way, and ends its span. */
export function leaveRequest(request: FastifyRequest, reply: FastifyReply, last: () => void): void {
  enterRequest(request, last);
  scopes.get(request)?.span.end(request.method, routeOf(request), reply.statusCode);
}

/** The path with names instead of values: there are as many as routes. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

/** The answer takes as long as a turn or a reader does: how long says nothing about this server. */
export function leaveUntimed(request: FastifyRequest): void {
  untimed.add(request);
}

export function isUntimed(request: FastifyRequest): boolean {
  return untimed.has(request);
}

function open(request: FastifyRequest): Scope {
  const fields: Scope['fields'] = { requestId: request.id };
  const conversationId = conversationOf(request);
  if (conversationId !== undefined) fields.conversationId = conversationId;
  const scope = { span: new RequestSpan(request.method, request.headers, request.id), fields };
  scopes.set(request, scope);
  return scope;
}

function conversationOf(request: FastifyRequest): string | undefined {
  const { id } = request.params as { id?: string };
  return routeOf(request).startsWith('/api/conversations/:id') ? id : undefined;
}
