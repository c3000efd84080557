import { createLogger } from './logger.js';

function lines(use: (logger: ReturnType<typeof createLogger>) => void, options = {}): string[] {
  const written: string[] = [];
  use(createLogger({ pretty: false, write: (line) => written.push(line), ...options }));
  return written;
}

describe('createLogger', () => {
  it('writes one JSON object a line, with the context that Nest passes last', () => {
    const [line] = lines((logger) => logger.log('started\nnow', 'Api'));
    expect(line?.trimEnd()).not.toContain('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ level: 'log', context: 'Api', message: 'started\nnow' });
  });

  it('keeps the stack of an error', () => {
    const [line] = lines((logger) => logger.error(new Error('no disk'), 'Api'));
    expect(JSON.parse(line ?? '')).toMatchObject({
      message: 'Error: no disk',
      stack: expect.stringContaining('spec'),
    });
  });

  it('shows nothing below its level', () => {
    const all = lines((logger) => (logger.debug?.('d'), logger.log('l'), logger.warn('w')), {
      logLevel: 'warn',
    });
    expect(all).toHaveLength(1);
  });

  it('takes secrets out, also those in URLs', () => {
    const secrets = { token: 'a-token-of-ours', anthropicApiKey: 'sk-ant-123456' };
    const [line] = lines(
      (logger) => logger.log('a-token-of-ours sk-ant-123456 postgres://u:hunter2@db/x redis://:pw@r'),
      secrets,
    );
    for (const secret of ['a-token-of-ours', 'sk-ant', 'hunter2', 'pw@']) expect(line).not.toContain(secret);
    expect(line).toContain('postgres://u:[redacted]@db/x');
  });

  it('survives a value that cannot be written as JSON', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(lines((logger) => logger.log(cycle, 'Api'))).toHaveLength(1);
  });
});
