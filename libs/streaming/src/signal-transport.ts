/** How signals reach the other processes. Every method may lose what it is given; none may block the caller's commits. */
export interface SignalTransport {
  /** Resolves when the payloads are handed over. Rejects when they are lost: the poll finds what they would have said. */
  publish(payloads: string[]): Promise<void>;
  /** Calls `onPayload` for each payload; `onGap` each time that some may have been missed (every new connection). */
  subscribe(onPayload: (payload: string) => void, onGap: () => void): Promise<void>;
  close(): Promise<void>;
}
