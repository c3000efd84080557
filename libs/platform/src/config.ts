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
  port: number;
  host: string;
  /** Absent: an embedded PostgreSQL in `dataDir`. */
  databaseUrl?: string;
  /** Absent: jobs and signals go over PostgreSQL. */
  redisUrl?: string;
  /** Absolute. */
  dataDir: string;
  token?: string;
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
  /** 0 = a command never projects its own stream before it answers. */
  projectInPlaceMs: number;
  drainMs: number;
  pollMs: number;
  pingMs: number;
  flushMaxBytes: number;
  flushMaxMs: number;
  streamBufferBytes: number;
};

/** Nest injection token of the process's `Config`. */
export const CONFIG = Symbol('CONFIG');

const SECRETS = new Set(['CHATLOG_TOKEN', 'ANTHROPIC_API_KEY', 'DATABASE_URL', 'REDIS_URL']);

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
  const problems: ConfigProblem[] = [];
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
  if (values.CHATLOG_HEARTBEAT_MS * 2 > values.CHATLOG_LEASE_MS) {
    const problem = `must be at most half of CHATLOG_LEASE_MS (${values.CHATLOG_LEASE_MS}), or leases run out between heartbeats`;
    problems.push({ name: 'CHATLOG_HEARTBEAT_MS', value: String(values.CHATLOG_HEARTBEAT_MS), problem });
  }
  if (values.CHATLOG_ROLE !== 'all' && !values.DATABASE_URL) {
    const problem = `is needed when CHATLOG_ROLE is ${values.CHATLOG_ROLE}: only the combined process has an embedded PostgreSQL`;
    problems.push({ name: 'DATABASE_URL', value: '(absent)', problem });
  }
  return problems;
}

function toConfig(values: z.infer<typeof configSchema>): Config {
  return {
    role: values.CHATLOG_ROLE,
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    dataDir: values.CHATLOG_DATA_DIR ? resolve(values.CHATLOG_DATA_DIR) : join(projectRoot(), '.data'),
    token: values.CHATLOG_TOKEN,
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
    projectInPlaceMs: values.CHATLOG_PROJECT_IN_PLACE_MS,
    drainMs: values.CHATLOG_DRAIN_MS,
    pollMs: values.CHATLOG_POLL_MS,
    pingMs: values.CHATLOG_PING_MS,
    flushMaxBytes: values.CHATLOG_FLUSH_MAX_BYTES,
    flushMaxMs: values.CHATLOG_FLUSH_MAX_MS,
    streamBufferBytes: values.CHATLOG_STREAM_BUFFER_BYTES,
  };
}
