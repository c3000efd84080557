import type { StreamStatus } from '#client';

/** How this page stands with the server. */
export type UseConnectionResult = {
  /** Of the stream that is worst off; `closed` while none is read. */
  status: StreamStatus;
  isOnline: boolean;
  /** Tries at once instead of waiting. */
  reconnect: () => void;
};
