import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { ConfigInvalid, type ConfigProblem } from './config-invalid.js';
import { configSchema } from './config-schema.js';
import { isLoopback } from './loopback.js';
import { projectRoot } from './project-root.js';

/** Every setting of a process, read once at its start. Times are milliseconds, sizes bytes. */
export type Config = {
  /** What this process does: serve HTTP, run jobs, or both. */
  role: 'all' | 'api' | 'worker';
  /** Of a worker: whether it runs turns alone, or all but turns. */
  work: 'all' | 'turns' | 'projections';
  port: number;
  host: string;
  /** Absent: an embedded PostgreSQL in `dataDir`. */
  databaseUrl?: string;
  /** Absent: jobs and signals go over PostgreSQL. */
  redisUrl?: string;
  /** Absolute. */
  dataDir: string;
  /** All scopes, until there is an `adminToken`: then those of reading and writing. */
  token?: string;
  /** All scopes. */
  adminToken?: string;
  /** The scope `admin:read` alone. */
  adminReadToken?: string;
  unsafeNoAuth: boolean;
  contextTokens: number;
  /** Absent: the scripted model answers. */
  anthropicApiKey?: string;
  anthropicBaseUrl?: string;
  model: string;
  clientUrl: string;
  logLevel: 'fatal' | 'error' | 'warn' | 'log' | 'debug' | 'verbose';
  systemPrompt: string;
  maxTokens: number;
  maxSteps: number;
  upstreamIdleMs: number;
  leaseMs: number;
  heartbeatMs: number;
  turnStartTimeoutMs: number;
  sweepMs: number;
  /** Work that the auditor may do in a minute; 0 = it does none. */
  auditMsPerMinute: number;
  /** 0 = a command never projects its own stream before it answers. */
  projectInPlaceMs: number;
  /** How long a generation that was live is kept to roll back to, in hours. */
  keepGenerationHours: number;
  drainMs: number;
  pollMs: number;
  pingMs: number;
  flushMaxBytes: number;
  flushMaxMs: number;
  streamBufferBytes: number;
  /** An oldest unprojected event above this age makes a process not ready; 0 = never. */
  readyMaxLagMs: number;
  /** Where a worker alone serves its metrics; absent: nowhere. */
  metricsPort?: number;
  metricsHost: string;
  /** Where spans are sent; absent: nothing is traced. */
  tracesUrl?: string;
  /** Absent: the log is not sealed. It is in no table. */
  chainKey?: string;
  sealMs: number;
  /** Absolute. Absent: no backups are made by themselves. */
  backupDir?: string;
  backupEveryHours: number;
  backupKeep: number;
};

/** Nest injection token of the process's `Config`. */
export const CONFIG = Symbol('CONFIG');

/** Settings whose values are shown to nobody. */
export const SECRETS: ReadonlySet<string> = new Set([
  'CHATLOG_TOKEN',
  'CHATLOG_ADMIN_TOKEN',
  'CHATLOG_ADMIN_READ_TOKEN',
  'ANTHROPIC_API_KEY',
  'CHATLOG_CHAIN_KEY',
  'DATABASE_URL',
  'REDIS_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
]);

/**
 * Reads the whole configuration from environment variables; an empty value counts as absent.
 * @throws ConfigInvalid naming every bad value at once.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(configSchema.shape).map((name) => [name, env[name]?.trim() || undefined]),
  );
  const parsed = configSchema.safeParse(given);
  const problems: ConfigProblem[] = parsed.success
    ? contradictions(parsed.data)
    : uniqueByName(parsed.error.issues).map(({ path, message }) => ({
        name: String(path[0]),
        value: shown(String(path[0]), given[String(path[0])]),
        problem: message,
      }));
  if (!parsed.success || problems.length > 0) throw new ConfigInvalid(problems);
  return toConfig(parsed.data);
}

function uniqueByName<T extends { path: PropertyKey[] }>(issues: T[]): T[] {
  return [...new Map(issues.toReversed().map((issue) => [issue.path[0], issue])).values()].toReversed();
}

function shown(name: string, value: string | undefined): string {
  if (SECRETS.has(name)) return '(hidden)';
  const text = JSON.stringify(value ?? null);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** What is wrong with values that are each fine alone. */
function contradictions(values: z.infer<typeof configSchema>): ConfigProblem[] {
  const problems: ConfigProblem[] = tokenContradictions(values);
  if (
    values.CHATLOG_ROLE !== 'worker' &&
    !isLoopback(values.HOST) &&
    !values.CHATLOG_TOKEN &&
    !values.CHATLOG_UNSAFE_NO_AUTH
  ) {
    const problem =
      'is reachable from other machines: set CHATLOG_TOKEN (or CHATLOG_UNSAFE_NO_AUTH=1, and mean it)';
    problems.push({ name: 'HOST', value: shown('HOST', values.HOST), problem });
  }
  if (values.CHATLOG_METRICS_PORT && !isLoopback(values.CHATLOG_METRICS_HOST) && !values.CHATLOG_TOKEN) {
    const problem = 'is reachable from other machines: set CHATLOG_TOKEN, and give it to the scraper';
    problems.push({ name: 'CHATLOG_METRICS_HOST', value: values.CHATLOG_METRICS_HOST, problem });
  }
  if (values.CHATLOG_HEARTBEAT_MS * 2 > values.CHATLOG_LEASE_MS) {
    const problem = `must be at most half of CHATLOG_LEASE_MS (${values.CHATLOG_LEASE_MS}), or leases run out between heartbeats`;
    problems.push({ name: 'CHATLOG_HEARTBEAT_MS', value: String(values.CHATLOG_HEARTBEAT_MS), problem });
  }
  if (values.CHATLOG_ROLE === 'all' && values.CHATLOG_WORK !== 'all') {
    const problem = 'is for workers of their own (CHATLOG_ROLE=worker): the combined process does everything';
    problems.push({ name: 'CHATLOG_WORK', value: shown('CHATLOG_WORK', values.CHATLOG_WORK), problem });
  }
  if (values.CHATLOG_ROLE !== 'all' && !values.DATABASE_URL) {
    const problem = `is needed when CHATLOG_ROLE is ${values.CHATLOG_ROLE}: only the combined process has an embedded PostgreSQL`;
    problems.push({ name: 'DATABASE_URL', value: '(absent)', problem });
  }
  return problems;
}

/** Each token has scopes of its own, so that no two may be one; and without CHATLOG_TOKEN nobody is asked for any. */
function tokenContradictions(values: z.infer<typeof configSchema>): ConfigProblem[] {
  const tokens = ['CHATLOG_TOKEN', 'CHATLOG_ADMIN_TOKEN', 'CHATLOG_ADMIN_READ_TOKEN'] as const;
  return tokens.slice(1).flatMap((name, index) => {
    const value = values[name];
    if (value === undefined) return [];
    const twin = tokens.slice(0, index + 1).find((other) => values[other] === value);
    const problem =
      values.CHATLOG_TOKEN === undefined
        ? 'means nothing without CHATLOG_TOKEN: set both'
        : twin && `must not be the value of ${twin}: each has scopes of its own`;
    return problem ? [{ name, value: shown(name, value), problem }] : [];
  });
}

function toConfig(values: z.infer<typeof configSchema>): Config {
  return {
    role: values.CHATLOG_ROLE,
    work: values.CHATLOG_WORK,
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    dataDir: values.CHATLOG_DATA_DIR ? resolve(values.CHATLOG_DATA_DIR) : join(projectRoot(), '.data'),
    token: values.CHATLOG_TOKEN,
    adminToken: values.CHATLOG_ADMIN_TOKEN,
    adminReadToken: values.CHATLOG_ADMIN_READ_TOKEN,
    unsafeNoAuth: values.CHATLOG_UNSAFE_NO_AUTH,
    contextTokens: values.CHATLOG_CONTEXT_TOKENS,
    anthropicApiKey: values.ANTHROPIC_API_KEY,
    anthropicBaseUrl: values.ANTHROPIC_BASE_URL,
    model: values.CHATLOG_MODEL,
    clientUrl: values.CLIENT_URL,
    logLevel: values.LOG_LEVEL,
    systemPrompt: values.CHATLOG_SYSTEM_PROMPT,
    maxTokens: values.CHATLOG_MAX_TOKENS,
    maxSteps: values.CHATLOG_MAX_STEPS,
    upstreamIdleMs: values.CHATLOG_UPSTREAM_IDLE_MS,
    leaseMs: values.CHATLOG_LEASE_MS,
    heartbeatMs: values.CHATLOG_HEARTBEAT_MS,
    turnStartTimeoutMs: values.CHATLOG_TURN_START_TIMEOUT_MS,
    sweepMs: values.CHATLOG_SWEEP_MS,
    auditMsPerMinute: values.CHATLOG_AUDIT_MS_PER_MINUTE,
    projectInPlaceMs: values.CHATLOG_PROJECT_IN_PLACE_MS,
    keepGenerationHours: values.CHATLOG_KEEP_GENERATION_HOURS,
    drainMs: values.CHATLOG_DRAIN_MS,
    pollMs: values.CHATLOG_POLL_MS,
    pingMs: values.CHATLOG_PING_MS,
    flushMaxBytes: values.CHATLOG_FLUSH_MAX_BYTES,
    flushMaxMs: values.CHATLOG_FLUSH_MAX_MS,
    streamBufferBytes: values.CHATLOG_STREAM_BUFFER_BYTES,
    readyMaxLagMs: values.CHATLOG_READY_MAX_LAG_MS,
    metricsPort: values.CHATLOG_METRICS_PORT,
    metricsHost: values.CHATLOG_METRICS_HOST,
    tracesUrl: tracesUrl(values),
    chainKey: values.CHATLOG_CHAIN_KEY,
    sealMs: values.CHATLOG_SEAL_MS,
    backupDir: values.CHATLOG_BACKUP_DIR ? resolve(values.CHATLOG_BACKUP_DIR) : undefined,
    backupEveryHours: values.CHATLOG_BACKUP_EVERY_HOURS,
    backupKeep: values.CHATLOG_BACKUP_KEEP,
  };
}

/** As the OpenTelemetry specification has it: the general endpoint gets the signal's path, the traces' own is taken as it is. */
function tracesUrl(values: z.infer<typeof configSchema>): string | undefined {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own, OTEL_EXPORTER_OTLP_ENDPOINT: general } = values;
  return own ?? (general && `${general.replace(/\/$/, '')}/v1/traces`);
}
