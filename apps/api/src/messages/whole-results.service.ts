import { Injectable } from '@nestjs/common';
import type { Message } from '#contracts';
import type { Principal } from '#conversations';
import { BlobStore } from '#event-log';

/** Shows a tool result whole that the log holds only the beginning of. */
@Injectable()
export class WholeResults {
  constructor(private readonly blobs: BlobStore) {}

  /** Metadata is anyone's to write: a name that leads nowhere, or to something else, changes nothing. */
  async in(principal: Principal, message: Message): Promise<Message> {
    const sha256 = blobOf(message);
    const json = sha256 === null ? null : await this.blobs.find(principal.tenantId, sha256);
    const toolResult = json === null ? undefined : parsed(json);
    return toolResult === undefined ? message : { ...message, toolResult };
  }
}

function blobOf({ role, metadata }: Message): string | null {
  const { resultBlob } = metadata;
  if (role !== 'tool' || typeof resultBlob !== 'object' || resultBlob === null) return null;
  const sha256 = 'sha256' in resultBlob ? resultBlob.sha256 : null;
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null;
}

function parsed(json: string): Message['toolResult'] {
  try {
    return JSON.parse(json) as Message['toolResult'];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
