import { folds as real } from '../../dist/libs/projections/src/folding/folds.js';

/**
 * The real folds, for a fold thread, but a ConversationRenamed titled "poison <how> <fold>" does harm in that fold:
 * throws, hangs, eats memory, ends the thread, or kills the process. "skip" is the defect that no fold may have: the event is
 * left out, and nobody is told.
 */
const harm = {
  throw: () => {
    throw new Error('poisoned');
  },
  hang: () => {
    for (;;);
  },
  eat: () => {
    for (const eaten = []; ;) eaten.push(Array.from({ length: 100_000 }, () => ({})));
  },
  exit: () => process.exit(7),
  kill: () => process.kill(process.pid, 'SIGKILL'),
};

function poisoned(name, { fold }) {
  return {
    fold(context, all, options) {
      const events = all.filter(({ data }) => data?.title !== `poison skip ${name}`);
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

export const foldNamed = (name) => folds[name];
