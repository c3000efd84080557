import type { StoredCommand } from './types.js';

/** A row of `commands`. */
export type CommandRow = {
  tenant_id: string;
  principal: string;
  command_id: string;
  body_sha256: string;
  stream_id: string;
  seq_from: number | null;
  seq_to: number;
  result: unknown;
};

export function storedCommandFrom(row: CommandRow): StoredCommand {
  return {
    tenantId: row.tenant_id,
    principal: row.principal,
    commandId: row.command_id,
    bodySha256: row.body_sha256,
    streamId: row.stream_id,
    seqFrom: row.seq_from,
    seqTo: row.seq_to,
    result: row.result,
  };
}
