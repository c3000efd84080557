import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Config } from '#platform';
import { requireScope } from './require-scope.js';

/** Largest body that carries a whole project, in bytes: 20 MiB of text in which JSON escapes every character by another. */
export const PROJECT_BODY_LIMIT = 42 * 1024 * 1024;

const projectRoutes = ['POST /api/projects', 'PUT /api/projects/:id'];

const carriesProject = ({ method, url }: RouteOptions): boolean =>
  [method].flat().some((one) => projectRoutes.includes(`${one} ${url}`));

/**
 * Lets the bodies of the routes that take a whole project be larger, for those who may come in alone: guards run after a
 * body was read and parsed, and nobody unknown may have that much read. So the guards' questions are asked here, of the
 * header, as well.
 */
export function admitProjectBodies(fastify: FastifyInstance, config: Config): void {
  fastify.addHook('onRoute', (route) => {
    if (!carriesProject(route)) return;
    route.bodyLimit = PROJECT_BODY_LIMIT;
    route.onRequest = (request, _reply, done) => {
      try {
        requireScope(config, request, 'write');
        done();
      } catch (error) {
        done(error as Error);
      }
    };
  });
}
