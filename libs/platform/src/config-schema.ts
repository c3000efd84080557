import { z } from 'zod';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const;

/** Values that stand in examples all over the internet: whoever keeps one has no secret. */
const PUBLISHED_TOKENS = [
  'changeme',
  'change-me',
  'change_me',
  'replace-me',
  'default',
  'password',
  'example',
];

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const url = (...protocols: string[]) =>
  z.string().refine(
    (value) => {
      return URL.canParse(value) && protocols.includes(new URL(value).protocol);
    },
    `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  );

const flag = z
  .enum(['0', '1', 'true', 'false'], 'must be 1 or 0')
  .transform((value) => value === '1' || value === 'true');

const origin = url('http:', 'https:')
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value.replace(/\/$/, ''),
    'must be an origin such as http://localhost:5173, without a path',
  )
  .transform((value) => value.replace(/\/$/, ''));

const token = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
  .refine(
    (value) => !PUBLISHED_TOKENS.includes(value.toLowerCase()),
    'is a published default: choose a secret',
  );

const host = z.string().regex(/^[\w.:%-]+$/, 'must be a host name or an address');

const path = z.string().refine((value) => !value.includes('\0'), 'must be a path');

const MINUTE = 60_000;

/** One row a setting: environment name → how it is read. A setting that is absent or empty gets its default. */
export const configSchema = z.object({
  CHATLOG_ROLE: z.enum(['all', 'api', 'worker'], 'must be all, api or worker').default('all'),
  CHATLOG_WORK: z.enum(['all', 'turns', 'projections'], 'must be all, turns or projections').default('all'),
  PORT: whole(0, 65_535).default(3001),
  HOST: host.default('127.0.0.1'),
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  CHATLOG_DATA_DIR: path.optional(),
  CHATLOG_TOKEN: token.optional(),
  CHATLOG_ADMIN_TOKEN: token.optional(),
  CHATLOG_ADMIN_READ_TOKEN: token.optional(),
  CHATLOG_UNSAFE_NO_AUTH: flag.default(false),
  CHATLOG_CONTEXT_TOKENS: whole(1_000, 10_000_000).default(150_000),
  ANTHROPIC_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .optional(),
  ANTHROPIC_BASE_URL: url('http:', 'https:').optional(),
  CHATLOG_MODEL: z.string().max(255, 'must have at most 255 characters').default('claude-sonnet-5-5'),
  CLIENT_URL: origin.default('http://localhost:5173'),
  LOG_LEVEL: z
    .preprocess(
      (value) => (value === 'info' ? 'log' : value),
      z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`),
    )
    .default('log'),
  CHATLOG_SYSTEM_PROMPT: z
    .string()
    .max(200_000, 'must have at most 200,000 characters')
    .default(
      'You help people to build small HTML, CSS and JavaScript projects. Answer briefly and write complete files.',
    ),
  CHATLOG_MAX_TOKENS: whole(1, 1_000_000).default(8_192),
  CHATLOG_MAX_STEPS: whole(1, 1_000).default(25),
  CHATLOG_UPSTREAM_IDLE_MS: whole(100, 60 * MINUTE).default(MINUTE),
  CHATLOG_LEASE_MS: whole(100, 60 * MINUTE).default(15_000),
  CHATLOG_HEARTBEAT_MS: whole(10, 60 * MINUTE).default(5_000),
  CHATLOG_TURN_START_TIMEOUT_MS: whole(100, 24 * 60 * MINUTE).default(10 * MINUTE),
  CHATLOG_SWEEP_MS: whole(10, 60 * MINUTE).default(1_000),
  CHATLOG_AUDIT_MS_PER_MINUTE: whole(0, MINUTE).default(600),
  CHATLOG_PROJECT_IN_PLACE_MS: whole(0, MINUTE).default(250),
  CHATLOG_KEEP_GENERATION_HOURS: whole(0, 8_760).default(24),
  CHATLOG_DRAIN_MS: whole(0, 60 * MINUTE).default(10 * MINUTE),
  CHATLOG_POLL_MS: whole(10, 60 * MINUTE).default(1_000),
  CHATLOG_PING_MS: whole(10, 60 * MINUTE).default(10_000),
  CHATLOG_FLUSH_MAX_BYTES: whole(1_024, 16_777_216).default(131_072),
  CHATLOG_FLUSH_MAX_MS: whole(0, 1_000).default(25),
  CHATLOG_CHAIN_KEY: token.min(32, 'must have at least 32 characters, or it can be guessed').optional(),
  CHATLOG_SEAL_MS: whole(10, 60 * MINUTE).default(5_000),
  CHATLOG_BACKUP_DIR: path.optional(),
  CHATLOG_BACKUP_EVERY_HOURS: whole(1, 24 * 366).default(24),
  CHATLOG_BACKUP_KEEP: whole(1, 10_000).default(7),
  CHATLOG_READY_MAX_LAG_MS: whole(0, 24 * 60 * MINUTE).default(MINUTE),
  CHATLOG_METRICS_PORT: whole(1, 65_535).optional(),
  CHATLOG_METRICS_HOST: host.default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:').optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url('http:', 'https:').optional(),
  CHATLOG_STREAM_BUFFER_BYTES: whole(1_024, 1_073_741_824).default(1_048_576),
});
