/** Something to be undone, whatever ends the benchmark: the last one first. */
export type Defer = (undo: () => unknown) => void;

/** Runs `work`, then what it deferred: when it is done, when it throws, and at SIGINT or SIGTERM. */
export async function withCleanup(work: (defer: Defer) => Promise<void>): Promise<void> {
  const undos: (() => unknown)[] = [];
  let cleaning: Promise<void> | undefined;
  const clean = async () => {
    for (let undo = undos.pop(); undo; undo = undos.pop()) {
      // one that fails must not leave the others running
      await Promise.resolve()
        .then(undo)
        .catch((error: unknown) => console.error(error));
    }
  };
  const stop = () => {
    // what is on its way fails now, and nobody waits for it
    process.on('uncaughtException', () => undefined).on('unhandledRejection', () => undefined);
    void (cleaning ??= clean()).finally(() => process.exit(130));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await work((undo) => void undos.push(undo));
  } finally {
    await (cleaning ??= clean());
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
