import { pipeline } from 'node:stream/promises';

/** Resolves when all has passed from the first stream to the last. Aborted, it rejects with the signal's own reason. */
export async function pipe(
  streams: readonly (NodeJS.ReadableStream | NodeJS.WritableStream)[],
  signal?: AbortSignal,
): Promise<void> {
  try {
    await pipeline(streams, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
