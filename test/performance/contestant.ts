import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NewEvent } from '#event-log';
import { projectRoot } from '#platform';

/** One way to make a delta durable: `append` resolves when it is committed. */
export type Contestant = {
  name: string;
  /** Whose size is the disk that it takes, with indexes; where it is files, `diskBytes` tells. */
  tables: readonly string[];
  diskBytes?(): Promise<number>;
  /** It breaks beyond so many. */
  mostStreams?: number;
  /** Makes a stream whose head is 1. */
  open(streamId: string, started: NewEvent): Promise<unknown>;
  append(streamId: string, seq: number, delta: NewEvent): Promise<unknown>;
  close?(): Promise<void>;
};

/** Connections that each of them may use. */
export const CONNECTIONS = 12;
export const rivalNames = ['emmett', 'message-db', 'durable-streams'] as const;

/** A rival from the private package beside this file, which is no part of the product: `bench.mjs` has installed it. */
export async function openRival(name: (typeof rivalNames)[number], url: string): Promise<Contestant> {
  const folder = join(projectRoot(), 'test', 'performance', 'rivals');
  const file = createRequire(join(folder, 'package.json')).resolve(`./${name}.mjs`);
  const { open } = (await import(pathToFileURL(file).href)) as {
    open: (options: { url: string; connections: number }) => Promise<Contestant>;
  };
  return open({ url, connections: CONNECTIONS });
}

/** As Claude streams text: some three words, 20 characters, a delta. */
export function deltaOf(turnId: string, seq: number): NewEvent {
  const data = {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: ` a button "${seq}" that` },
  };
  return { eventId: randomUUID(), type: 'StreamDeltaReceived', schemaVersion: 1, data, metadata: { turnId } };
}
