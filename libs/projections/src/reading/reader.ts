/**
 * For whom a read model is read: only streams of this tenant, and, where `userId` is given, only that user's own. Whether
 * someone may read at all is decided before (`can()`).
 */
export type Reader = { tenantId: string; userId?: string };

export function mayRead(reader: Reader, stream: { tenantId: string; ownerId: string }): boolean {
  return (
    stream.tenantId === reader.tenantId && (reader.userId === undefined || stream.ownerId === reader.userId)
  );
}
