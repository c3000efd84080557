const KEY = 'chatlog-admin-token';

/** The token of this tab alone: it is gone when the tab is closed, and no other page of ours reads it. */
export const adminToken = {
  get(): string | null {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      // storage that is turned off: the token is asked for with each load
      return null;
    }
  },
  set(token: string | null): void {
    try {
      if (token === null) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, token);
    } catch {
      // as above
    }
  },
};
