import { folds as real } from '../../dist/libs/projections/src/folding/folds.js';

/**
 * The real folds, for a fold thread, but a ConversationRenamed titled "poison <how> <fold>" does harm in that fold:
 * throws, hangs, ends the thread, or kills the process.
 */
const harm = {
  throw: () => {
    throw new Error('poisoned');
  },
  hang: () => {
    for (;;);
  },
  exit: () => process.exit(7),
  kill: () => process.kill(process.pid, 'SIGKILL'),
};

function poisoned(name, { fold }) {
  return {
    fold(context, events, options) {
      const begin = (index) => {
        options.begin?.(index);
        const [word, how, where] = String(events[index]?.data?.title).split(' ');
        if (word === 'poison' && where === name) harm[how]?.();
      };
      return fold(context, events, { ...options, begin });
    },
  };
}

export const folds = Object.fromEntries(
  Object.entries(real).map(([name, fold]) => [name, poisoned(name, fold)]),
);
