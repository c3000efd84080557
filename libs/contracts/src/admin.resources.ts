import { z } from 'zod';

const time = z.iso.datetime();
const count = z.number().int().min(0);
const whole = z.number().int().min(1);
const projection = z.string();

/** A built copy of a projection's rows. */
export const generationSchema = z.object({
  generation: whole,
  version: whole,
  status: z.enum(['building', 'live', 'retained']),
  /** When a process last said that it feeds it. */
  fedAt: time,
  /** Counted to 10,000, which means so many or more. */
  streams: count,
});

/** `GET /api/admin/projections`: lag and parked streams are those of the live generation. */
export const projectionReportSchema = z
  .object({
    projection,
    kind: z.enum(['conversation', 'project', 'admin']),
    generations: z.array(generationSchema),
    /** Events that its rows lack, deltas counted, without those of parked streams. */
    lagEvents: count,
    /** More than 10,000 streams are behind: there is more lag than the figures say. */
    atLeast: z.boolean(),
    lagSeconds: z.number().min(0),
    parked: count,
    /** Of the rebuild that is not over. */
    rebuildId: z.guid().nullable(),
  })
  .meta({ id: 'ProjectionReport' });
export type ProjectionReportResource = z.infer<typeof projectionReportSchema>;

/** A rebuild as it stands. */
export const rebuildSchema = z
  .object({
    id: z.guid(),
    projection,
    generation: whole,
    version: whole,
    liveGeneration: whole.nullable(),
    status: z.enum(['running', 'paused', 'awaiting_acceptance', 'done', 'cancelled', 'failed']),
    phase: z.enum(['copying', 'reconciling', 'comparing', 'flipping', 'over']),
    dryRun: z.boolean(),
    acceptDiff: z.boolean(),
    requestedBy: z.string(),
    streamsTotal: count,
    streamsDone: count,
    /** Events of the copied streams, deltas counted. */
    events: count,
    rows: count,
    compared: count,
    /** Streams whose rows differ; null: not compared yet. */
    differing: count.nullable(),
    error: z.string().nullable(),
    /** Events a second, while streams were copied. */
    rate: z.number().min(0),
    /** Of the phase that runs; null: not known. */
    etaSeconds: z.number().min(0).nullable(),
    startedAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Rebuild' });
export type RebuildResource = z.infer<typeof rebuildSchema>;

/** One stream that the comparison found to differ. */
export const rebuildDifferenceSchema = z
  .object({ streamId: z.guid(), against: z.enum(['live', 'fold']), difference: z.json() })
  .meta({ id: 'RebuildDifference' });

/** 200 of `POST …/rollback`. `rebuild`: the one that must first bring up a generation that was not fed for long. */
export const rolledBackSchema = z
  .object({ projection, from: whole, to: whole, rebuild: rebuildSchema.nullable() })
  .meta({ id: 'RolledBack' });

/** 200 of `POST /api/admin/conversations/:id/rebuild`: one a generation. */
export const rebuiltStreamSchema = z
  .object({ projection, generation: whole, changed: z.boolean() })
  .meta({ id: 'RebuiltStream' });

const rowDifferenceSchema = z.object({
  table: z.string(),
  key: z.string(),
  column: z.string().nullable(),
  stored: z.string().nullable(),
  expected: z.string().nullable(),
});

const findingSchema = z.object({
  streamId: z.guid(),
  projection: projection.nullable(),
  generation: whole.nullable(),
  kind: z.string(),
  seq: count,
  detail: z.string().nullable(),
  differences: z.array(rowDifferenceSchema),
});

/** 200 of `POST …/verify`, at its end. */
export const verifyReportSchema = z
  .object({
    streams: count,
    compared: count,
    events: count,
    /** How many findings of each kind. */
    found: z.record(z.string(), count),
    /** Nothing was found but parked streams. */
    clean: z.boolean(),
    notReadable: z.array(projection),
    /** Time was up before all was looked at. */
    aborted: z.boolean(),
    durationMs: count,
    /** The first 100. */
    findings: z.array(findingSchema),
  })
  .meta({ id: 'VerifyReport' });
export type VerifyReportResource = z.infer<typeof verifyReportSchema>;

/** A stream that one generation of one projection has given up. */
export const parkedStreamSchema = z
  .object({
    /** `projection.generation.streamId` */
    id: z.string(),
    projection,
    generation: whole,
    streamId: z.guid(),
    /** The event that it stands before, and its type. */
    seq: count,
    eventType: z.string(),
    error: z.string(),
    /** Shared by all that failed of the same fault. */
    fingerprint: z.string(),
    attempts: count,
    parkedAt: time,
  })
  .meta({ id: 'ParkedStream' });
export type ParkedStreamResource = z.infer<typeof parkedStreamSchema>;

/** Streams that failed of the same fault; `example` is the one that was parked last. */
export const parkedGroupSchema = z
  .object({
    fingerprint: z.string(),
    projection,
    eventType: z.string(),
    count: whole,
    oldestAt: time,
    newestAt: time,
    example: parkedStreamSchema.pick({
      id: true,
      streamId: true,
      generation: true,
      seq: true,
      error: true,
    }),
  })
  .meta({ id: 'ParkedGroup' });
export type ParkedGroupResource = z.infer<typeof parkedGroupSchema>;

/** 200 of `POST /api/admin/parked/…/retry`: how many are at work again. */
export const retriedSchema = z.object({ retried: count }).meta({ id: 'Retried' });
export type Retried = z.infer<typeof retriedSchema>;

/** One line of the audit. An action is `requested` before it is done; one that never was `done` or `failed` was cut off. */
export const auditEntrySchema = z
  .object({
    seq: whole,
    at: time,
    requestId: z.string().optional(),
    outcome: z.enum(['requested', 'done', 'failed', 'unreadable']),
    actionId: z.guid().optional(),
    action: z.string().optional(),
    target: z.string().optional(),
    by: z
      .object({
        userId: z.string(),
        via: z.enum(['api', 'command_line']),
        credential: z.string().optional(),
      })
      .optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    result: z.record(z.string(), z.unknown()).optional(),
    error: z.string().optional(),
  })
  .meta({ id: 'AuditEntry' });

const milliseconds = z.number().min(0).nullable();

/** What a process last said of itself, within 5 s. Times are the 95th percentile of the last seconds; null: nothing was measured. */
export const processReportSchema = z
  .object({
    processId: z.guid(),
    role: z.string(),
    host: z.string(),
    pid: whole,
    release: z.string(),
    startedAt: time,
    at: time,
    requestMs: milliseconds,
    commitMs: milliseconds,
    loopMs: milliseconds,
  })
  .meta({ id: 'ProcessReport' });
