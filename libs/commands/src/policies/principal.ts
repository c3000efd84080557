/** What a principal may do at all: `*` is everything. None holds another: an administrator who writes has both `admin:` scopes. */
export type Scope = 'read' | 'write' | 'admin:read' | 'admin:write' | '*';

/** Whom a request, a job or a share acts for. */
export type Principal = {
  tenantId: string;
  userId: string;
  scopes: readonly Scope[];
  /** Which of its credentials it showed, by name, for the record. Decides nothing. */
  credential?: string;
};
