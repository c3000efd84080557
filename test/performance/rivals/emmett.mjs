import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';

/** `appendToStream` of one event a call, with the expected version, on its own pool. */
export async function open({ url }) {
  const store = getPostgreSQLEventStore(url);
  await store.schema.migrate();
  const append = (streamId, version, { type, data, metadata }) =>
    store.appendToStream(`chat-${streamId}`, [{ type, data, metadata }], { expectedStreamVersion: version });
  return {
    name: 'emmett-postgresql',
    tables: ['emt_messages', 'emt_streams'],
    // a stream that there is not is at 0
    open: (streamId, started) => append(streamId, 0n, started),
    append: (streamId, seq, delta) => append(streamId, BigInt(seq - 1), delta),
    close: () => store.close(),
  };
}
