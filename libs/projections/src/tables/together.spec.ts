import { setTimeout as pause } from 'node:timers/promises';
import { together } from './together.js';

const failure = (code: string) => Object.assign(new Error(code), { code });
const after = async (ms: number, error: Error) => {
  await pause(ms);
  throw error;
};

describe('what is begun together', () => {
  it('gives what each of them gives, in their order', async () => {
    expect(await together([pause(5, 'a'), Promise.resolve('b')])).toEqual(['a', 'b']);
  });

  it('fails once all have settled, so that none is still on its way', async () => {
    let settled = 0;
    const slow = pause(30).then(() => (settled += 1));
    await expect(together([Promise.reject(failure('23505')), slow])).rejects.toThrow('23505');
    expect(settled).toBe(1);
  });

  it('fails with what broke the transaction, not with what found it broken', async () => {
    await expect(together([after(1, failure('25P02')), after(9, failure('23514'))])).rejects.toThrow('23514');
    await expect(together([after(1, failure('25P02'))])).rejects.toThrow('25P02');
  });
});
