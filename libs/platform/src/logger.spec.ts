import { createLogger } from './logger.js';
import { inContext } from './work-context.js';

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

  it('names what the work belongs to', () => {
    const [line, bare] = lines((logger) => {
      inContext({ requestId: 'r1', conversationId: 'c1', seq: 7 }, () => logger.warn('late', 'Api'));
      logger.warn('late', 'Api');
    });
    expect(JSON.parse(line ?? '')).toMatchObject({ requestId: 'r1', conversationId: 'c1', seq: 7 });
    expect(JSON.parse(bare ?? '')).not.toHaveProperty('requestId');
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
    const secrets = {
      token: 'a-token-of-ours',
      adminToken: 'a-token-of-ours-for-admins',
      adminReadToken: 'a-watchers-token',
      anthropicApiKey: 'sk-ant-123456',
      chainKey: 'the-key-of-the-hash-chain-32-long',
    };
    const tokens = 'a-token-of-ours a-token-of-ours-for-admins a-watchers-token';
    const [line] = lines(
      (logger) =>
        logger.log(
          `${tokens} sk-ant-123456 the-key-of-the-hash-chain-32-long postgres://u:hunter2@db/x redis://:pw@r`,
        ),
      secrets,
    );
    for (const secret of [
      'a-token-of-ours',
      '-for-admins',
      'a-watchers',
      'sk-ant',
      'hash-chain',
      'hunter2',
      'pw@',
    ])
      expect(line).not.toContain(secret);
    expect(line).toContain('postgres://u:[redacted]@db/x');
  });

  it('survives a value that cannot be written as JSON', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(lines((logger) => logger.log(cycle, 'Api'))).toHaveLength(1);
  });
});
