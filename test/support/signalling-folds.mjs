/**
 * Folds that wait for a word before they end, and say by shared memory that they have: for a caller that is too busy to
 * hear of it. `context` holds an Int32Array of two: 1 in the first lets a fold end, 1 in the second says that one has.
 */
const fold = ({ word }) => {
  Atomics.wait(word, 0, 0);
  queueMicrotask(() => {
    Atomics.store(word, 1, 1);
    Atomics.notify(word, 1);
  });
  return { markers: [] };
};

export const folds = { conversations: { fold } };
