import { isAbsolute, join } from 'node:path';
import { ConfigInvalid } from './config-invalid.js';
import { loadConfig } from './config.js';
import { projectRoot } from './project-root.js';

function problems(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems.map(({ name }) => name);
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('needs nothing', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      role: 'all',
      port: 3001,
      host: '127.0.0.1',
      contextTokens: 150_000,
      leaseMs: 15_000,
    });
    expect(config.dataDir).toBe(join(projectRoot(), '.data'));
    expect(config.databaseUrl).toBeUndefined();
  });

  it('takes an empty value, or one of spaces, as absent', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ', CHATLOG_TOKEN: '' })).toEqual(loadConfig({}));
  });

  it('reads every kind of value', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      CHATLOG_TOKEN: 'a-token-of-ours',
      DATABASE_URL: 'postgres://user:pass@db:5432/chatlog',
      REDIS_URL: 'rediss://cache:6380',
      CHATLOG_DATA_DIR: 'some/folder',
      CHATLOG_UNSAFE_NO_AUTH: '1',
      CLIENT_URL: 'https://lol.example/',
      LOG_LEVEL: 'info',
      CHATLOG_PROJECT_IN_PLACE_MS: '0',
    });
    expect(config).toMatchObject({
      port: 0,
      unsafeNoAuth: true,
      clientUrl: 'https://lol.example',
      logLevel: 'log',
    });
    expect(config.projectInPlaceMs).toBe(0);
    expect(isAbsolute(config.dataDir)).toBe(true);
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '30.5'],
    ['PORT', '1e3'],
    ['PORT', '0x10'],
    ['HOST', 'two words'],
    ['HOST', 'http://localhost'],
    ['DATABASE_URL', 'mysql://db/x'],
    ['DATABASE_URL', 'db:5432'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['CHATLOG_DATA_DIR', 'a\0b'],
    ['CHATLOG_TOKEN', 'changeme'],
    ['CHATLOG_TOKEN', 'two words'],
    ['CHATLOG_TOKEN', 'tökèn'],
    ['CHATLOG_UNSAFE_NO_AUTH', 'yes'],
    ['CHATLOG_CONTEXT_TOKENS', '999'],
    ['CHATLOG_CONTEXT_TOKENS', 'NaN'],
    ['ANTHROPIC_API_KEY', 'key with\nline'],
    ['ANTHROPIC_BASE_URL', 'api.anthropic.com'],
    ['CHATLOG_MODEL', 'm'.repeat(256)],
    ['CLIENT_URL', 'http://localhost:5173/app'],
    ['CLIENT_URL', '*'],
    ['LOG_LEVEL', 'loud'],
    ['CHATLOG_MAX_STEPS', '0'],
    ['CHATLOG_HEARTBEAT_MS', '15000'],
    ['CHATLOG_ROLE', 'both'],
    ['CHATLOG_WORK', 'rebuilds'],
    ['CHATLOG_WORK', 'turns'],
    ['CHATLOG_FLUSH_MAX_MS', '1001'],
  ])('refuses %s=%j, naming it', (name, value) => {
    expect(problems({ [name]: value })).toEqual([name]);
  });

  it('names everything that is wrong at once, and no secret', () => {
    const env = { PORT: 'x', DATABASE_URL: 'mysql://user:hunter2@db/x', LOG_LEVEL: 'loud' };
    expect(problems(env)).toEqual(['PORT', 'DATABASE_URL', 'LOG_LEVEL']);
    expect(() => loadConfig(env)).toThrow(/PORT +"x" +must be a whole number from 0 to 65535/);
    expect(() => loadConfig(env)).not.toThrow(/hunter2/);
  });

  it('refuses to be reachable from other machines without authentication', () => {
    expect(problems({ HOST: '0.0.0.0' })).toEqual(['HOST']);
    expect(problems({ HOST: '0.0.0.0', CHATLOG_TOKEN: 'a-token-of-ours' })).toEqual([]);
    expect(problems({ HOST: '::', CHATLOG_UNSAFE_NO_AUTH: '1' })).toEqual([]);
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1'])
      expect(problems({ HOST: host })).toEqual([]);
  });

  it('refuses tokens for administrators that are one with another, or that nobody asks for', () => {
    const CHATLOG_TOKEN = 'a-token-of-ours';
    const CHATLOG_ADMIN_TOKEN = 'a-token-of-admins';
    const CHATLOG_ADMIN_READ_TOKEN = 'a-token-of-watchers';
    const all = { CHATLOG_TOKEN, CHATLOG_ADMIN_TOKEN, CHATLOG_ADMIN_READ_TOKEN };
    expect(problems(all)).toEqual([]);
    expect(loadConfig(all)).toMatchObject({
      adminToken: CHATLOG_ADMIN_TOKEN,
      adminReadToken: CHATLOG_ADMIN_READ_TOKEN,
    });
    expect(problems({ ...all, CHATLOG_ADMIN_TOKEN: CHATLOG_TOKEN })).toEqual(['CHATLOG_ADMIN_TOKEN']);
    expect(problems({ ...all, CHATLOG_ADMIN_READ_TOKEN: CHATLOG_ADMIN_TOKEN })).toEqual([
      'CHATLOG_ADMIN_READ_TOKEN',
    ]);
    expect(problems({ CHATLOG_ADMIN_TOKEN })).toEqual(['CHATLOG_ADMIN_TOKEN']);
    expect(() => loadConfig({ ...all, CHATLOG_ADMIN_TOKEN: CHATLOG_TOKEN })).not.toThrow(/a-token/);
  });

  it('shows metrics to other machines only with a token', () => {
    const open = { CHATLOG_METRICS_PORT: '9464', CHATLOG_METRICS_HOST: '0.0.0.0' };
    expect(problems(open)).toEqual(['CHATLOG_METRICS_HOST']);
    expect(problems({ ...open, CHATLOG_TOKEN: 'a-token-of-ours' })).toEqual([]);
    expect(problems({ ...open, CHATLOG_METRICS_PORT: '' })).toEqual([]);
  });

  it('sends traces where the usual variables say', () => {
    const general = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
    expect(loadConfig({}).tracesUrl).toBeUndefined();
    expect(loadConfig(general).tracesUrl).toBe('http://collector:4318/v1/traces');
    const own = { ...general, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/own' };
    expect(loadConfig(own).tracesUrl).toBe('http://collector:4318/own');
    expect(problems({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toEqual([
      'OTEL_EXPORTER_OTLP_ENDPOINT',
    ]);
  });

  it('lets only the combined process go without DATABASE_URL', () => {
    expect(problems({ CHATLOG_ROLE: 'api' })).toEqual(['DATABASE_URL']);
    expect(problems({ CHATLOG_ROLE: 'worker' })).toEqual(['DATABASE_URL']);
  });
});
