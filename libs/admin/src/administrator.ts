import type { CommandContext } from '#commands';

/** Who administers, for the record: by the API with one of its credentials, or at the command line of a machine. */
export type Administrator = {
  tenantId: string;
  userId: string;
  via: 'api' | 'command_line';
  credential?: string;
  requestId?: string;
};

/** What makes an action the same one when it is asked for again: its idempotency key, and the hash of what was asked for. */
export type AskedOnce = Required<Pick<CommandContext, 'commandId' | 'bodySha256'>>;

/** Whoever may run programs beside the database administers it. `userId`: the name that the machine knows them by. */
export function commandLineAdministrator(userId: string): Administrator {
  return { tenantId: 'local', userId, via: 'command_line' };
}

/** The action as a command: its key is the administrator's own. */
export function contextOf({ tenantId, userId, requestId }: Administrator, once?: AskedOnce): CommandContext {
  return {
    principal: { tenantId, userId, scopes: [] },
    commandId: once?.commandId,
    bodySha256: once?.bodySha256 ?? '',
    requestId,
  };
}
