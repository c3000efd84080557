import type { ParkedKey } from '#projections';

/** Names a parked stream in paths: `projection.generation.streamId`. */
export function parkedIdOf({ projection, generation, streamId }: ParkedKey): string {
  return `${projection}.${generation}.${streamId}`;
}

/** The key that an id means; the id has the form of one. */
export function parkedKeyOf(id: string): ParkedKey {
  const [projection = '', generation, streamId = ''] = id.split('.');
  return { projection, generation: Number(generation), streamId: streamId.toLowerCase() };
}
