import { z } from 'zod';

/** `GET /api/health` */
export const healthSchema = z.object({ status: z.literal('ok'), timestamp: z.iso.datetime() });
export type Health = z.infer<typeof healthSchema>;

/** `GET /health/live` */
export const livenessSchema = z.object({ status: z.literal('ok') });
export type Liveness = z.infer<typeof livenessSchema>;

const partSchema = z.looseObject({ status: z.enum(['up', 'degraded', 'down']) });

/** `GET /health/ready`: 200 when `ready`, else 503. A part that is degraded makes nothing unready. */
export const readinessSchema = z.object({
  status: z.enum(['ready', 'starting', 'unavailable', 'lagging', 'draining']),
  details: z.record(z.string(), partSchema).optional(),
});
export type ReadinessReport = z.infer<typeof readinessSchema>;
