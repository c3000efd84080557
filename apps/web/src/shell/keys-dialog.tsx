import { words } from '../words/words.js';
import { Dialog } from './dialog.js';
import { keyCaps, keys, ownKeys } from './keys.js';

/** All keys, as a list. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={words.keys.title} open onClose={onClose}>
      <dl className="grid gap-1 px-5 pt-2 pb-5">
        {[...Object.values(keys), ...ownKeys].map(({ press, label }) => (
          <div
            key={press}
            className="flex items-center justify-between gap-6 border-b border-line py-2 text-sm last:border-0"
          >
            <dt className="text-soft">{label}</dt>
            <dd className="flex shrink-0 flex-wrap justify-end gap-1">
              {keyCaps(press).map((cap, index) => (
                // the same key may stand there twice
                <kbd key={`${cap}${index}`} className="key">
                  {cap}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
