import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { words } from '../words/words.js';

/** What is said in a corner for a while, and how to take back what it tells of. */
export type Notice = {
  text: string;
  undo?: () => Promise<void>;
  isProblem?: boolean;
  /** The id of what it is about: what was said of the same thing before holds no longer. */
  about?: string;
};

type Shown = Notice & { id: number };
type Notices = {
  tell: (notice: Notice) => void;
  tellProblem: (error: unknown) => void;
  /** Takes back what was said of something. */
  forget: (about: string) => void;
};

/** Long enough to read it, and to reach Undo by keyboard (WCAG 2.2.1 asks for none of it: all can be undone elsewhere). */
const SHOWN_MS = 8_000;

const Context = createContext<Notices>({
  tell: () => undefined,
  tellProblem: () => undefined,
  forget: () => undefined,
});

/** Says what happened where nothing else shows it. */
export const useNotices = (): Notices => useContext(Context);

let lastId = 0;

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const remove = useCallback((id: number) => setShown((all) => all.filter((one) => one.id !== id)), []);
  const forget = useCallback(
    (about: string) => setShown((all) => all.filter((one) => one.about !== about)),
    [],
  );
  const tell = useCallback(
    (notice: Notice) => {
      lastId += 1;
      const id = lastId;
      setShown((all) => [...all.slice(-2), { ...notice, id }]);
      setTimeout(() => remove(id), SHOWN_MS);
    },
    [remove],
  );
  const notices = useMemo(
    () => ({
      tell,
      forget,
      tellProblem: (error: unknown) =>
        tell({ text: error instanceof Error ? error.message : String(error), isProblem: true }),
    }),
    [forget, tell],
  );
  return (
    <Context.Provider value={notices}>
      {children}
      <div
        role="status"
        className="fixed bottom-4 left-1/2 z-40 grid w-max max-w-[calc(100vw-2rem)] -translate-x-1/2 gap-2"
      >
        {shown.map(({ id, text, undo, isProblem }) => (
          <p
            key={id}
            className={`flex items-center gap-4 rounded-xl px-4 py-2.5 text-sm shadow-float ${isProblem ? 'bg-danger-ground text-danger' : 'bg-ink text-paper'}`}
          >
            {text}
            {undo && (
              <button
                type="button"
                className="font-semibold underline underline-offset-2"
                onClick={() => {
                  remove(id);
                  undo().catch(notices.tellProblem);
                }}
              >
                {words.history.undo}
              </button>
            )}
          </p>
        ))}
      </div>
    </Context.Provider>
  );
}
