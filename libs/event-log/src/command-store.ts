import type { Database } from '#platform';
import { storedCommandFrom, type CommandRow } from './stored-command.js';
import type { CommandKey, StoredCommand } from './types.js';

const FIND = `select tenant_id, principal, command_id, body_sha256, stream_id, seq_from, seq_to, result
  from commands where tenant_id = $1 and principal = $2 and command_id = $3`;

/** The answers that were given: every committed command's, for ever. */
export class CommandStore {
  constructor(private readonly database: Database) {}

  async find({ tenantId, principal, commandId }: CommandKey): Promise<StoredCommand | null> {
    const { rows } = await this.database.run({
      name: 'event_log_find_command',
      text: FIND,
      values: [tenantId, principal, commandId],
    });
    const [row] = rows as CommandRow[];
    return row ? storedCommandFrom(row) : null;
  }
}
