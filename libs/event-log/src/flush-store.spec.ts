import type { Pool, QueryConfig } from 'pg';
import { held } from '../../../test/support/held-units.js';
import { FlushStore } from './flush-store.js';

/** A pool that hands out the connections which it is told to, and notes the heads that each flush brought along. */
function stage() {
  const flushed: (number | null)[][] = [];
  let fails = false;
  const connectionTo = (server: string) => {
    const client = {
      query: async (config: string | QueryConfig) => {
        if (typeof config === 'string') return { rows: [{ server }] };
        flushed.push(config.values![3] as (number | null)[]);
        if (fails) throw Object.assign(new Error('failed'), { code: '40001' });
        return { rows: [{ ats: (config.values![0] as string[]).map(() => 1_000 + flushed.length) }] };
      },
      on: () => client,
      off: () => client,
      release: () => undefined,
    };
    return client;
  };
  let next = connectionTo('one');
  const store = new FlushStore({ connect: async () => next } as unknown as Pool);
  return {
    flushed,
    connectionTo,
    use: (client: ReturnType<typeof connectionTo>) => (next = client),
    fail: (value: boolean) => (fails = value),
    append: (seq: number) => store.send([held({ a: seq })]),
  };
}

describe('the head that a flush goes on from', () => {
  it('is brought along where this process has committed it', async () => {
    const { append, flushed } = stage();
    await append(3);
    await append(4);
    await append(9);
    expect(flushed).toEqual([[null], [1_001], [null]]);
  });

  it('is looked for again after a flush that failed', async () => {
    const { append, flushed, fail } = stage();
    await append(3);
    fail(true);
    await expect(append(4)).rejects.toThrow('failed');
    fail(false);
    await append(5);
    expect(flushed).toEqual([[null], [1_001], [null]]);
  });

  it('is looked for again on a new connection, and on a server that did not commit it', async () => {
    const { append, flushed, connectionTo, use } = stage();
    const [old, other, fresh] = [connectionTo('one'), connectionTo('two'), connectionTo('one')];
    use(old);
    await append(1);
    // the connection was made after the commit: the server may have fallen back meanwhile
    use(fresh);
    await append(2);
    use(old);
    await append(3);
    // both are known by now
    use(other);
    await append(4);
    use(fresh);
    await append(5);
    use(other);
    await append(6);
    expect(flushed).toEqual([[null], [null], [1_002], [null], [null], [null]]);
  });
});
