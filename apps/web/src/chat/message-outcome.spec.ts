import { outcomeOf } from './message-outcome.js';

describe('how a message stands', () => {
  it.each(['pending', 'streaming', 'complete'] as const)('says %s as it is', (streamingStatus) => {
    expect(outcomeOf({ streamingStatus, metadata: {} })).toMatchObject({ status: streamingStatus });
    expect(outcomeOf({ streamingStatus, metadata: {} }).note).toBeUndefined();
  });

  it('tells a stopped answer from a complete one, and a cut one from a failed one', () => {
    expect(outcomeOf({ streamingStatus: 'complete', metadata: { outcome: 'cancelled' } }).status).toBe(
      'stopped',
    );
    expect(outcomeOf({ streamingStatus: 'error', metadata: { outcome: 'interrupted' } }).status).toBe(
      'interrupted',
    );
  });

  it('says why an answer failed', () => {
    const metadata = { outcome: 'failed', reason: 'overloaded', error: 'The model is overloaded.' };
    expect(outcomeOf({ streamingStatus: 'error', metadata }).note).toContain('The model is overloaded.');
    expect(outcomeOf({ streamingStatus: 'error', metadata: { reason: 'rate_limit' } }).note).toContain(
      'rate_limit',
    );
    expect(outcomeOf({ streamingStatus: 'error', metadata: {} }).note).toBe('Failed');
  });
});
