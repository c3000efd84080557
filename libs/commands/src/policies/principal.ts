/** What a principal may do at all: `*` is everything. */
export type Scope = 'read' | 'write' | 'admin' | '*';

/** Whom a request, a job or a share acts for. */
export type Principal = {
  tenantId: string;
  userId: string;
  scopes: readonly Scope[];
};
