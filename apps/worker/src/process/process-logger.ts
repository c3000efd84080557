import type { LoggerService } from '@nestjs/common';
import { type Config, createLogger } from '#platform';

/** What Nest tells of its own start, a line a module and route. */
const WIRING = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** The process's logger; the wiring of modules and routes is told at level debug alone. */
export function processLogger(config: Config): LoggerService {
  const logger = createLogger(config);
  return {
    ...logger,
    log: (message: unknown, ...rest: unknown[]) => {
      if (WIRING.has(String(rest.at(-1)))) logger.debug?.(message, ...rest);
      else logger.log(message, ...rest);
    },
  };
}
