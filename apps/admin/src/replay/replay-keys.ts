import type { ReadStream } from 'node:tty';

/** What a person at the terminal can ask of a replay. */
export type ReplayKey = 'pause' | 'quit' | 'back' | 'forward';

const keys: Record<string, ReplayKey> = {
  ' ': 'pause',
  q: 'quit',
  '\u0003': 'quit',
  '\u001b[D': 'back',
  '\u001b[C': 'forward',
};

/** Hears single keys of a terminal until the function that it gives is called. */
export function listenToKeys(input: ReadStream, onKey: (key: ReplayKey) => void): () => void {
  const onData = (data: Buffer): void => {
    const key = keys[data.toString()];
    if (key) onKey(key);
  };
  input.setRawMode(true);
  input.resume();
  input.on('data', onData);
  return () => {
    input.off('data', onData);
    input.setRawMode(false);
    input.pause();
  };
}
