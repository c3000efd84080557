import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { isPhone, isWide } from './page-width.js';

/** Which parts of the page are open. */
export type Layout = {
  isHistoryOpen: boolean;
  isProjectOpen: boolean;
  /** What lies over the page. */
  overlay: 'palette' | 'keys' | null;
  showHistory(): void;
  hideHistory(): void;
  /** On a phone the chats lie over what was chosen. */
  hideHistoryOnPhone(): void;
  toggleHistory(): void;
  toggleProject(): void;
  openPalette(): void;
  openKeys(): void;
  closeOverlay(): void;
};

const Context = createContext<Layout | null>(null);

/** @throws Error outside of a `LayoutProvider` */
export function useLayout(): Layout {
  const layout = useContext(Context);
  if (!layout) throw new Error('There is no LayoutProvider above this component.');
  return layout;
}

export function LayoutProvider({ children }: { children: ReactNode }) {
  const [isHistoryOpen, setHistory] = useState(() => !isPhone());
  const [isProjectOpen, setProject] = useState(isWide);
  const [overlay, setOverlay] = useState<Layout['overlay']>(null);
  const layout = useMemo(
    () => ({
      isHistoryOpen,
      isProjectOpen,
      overlay,
      showHistory: () => setHistory(true),
      hideHistory: () => setHistory(false),
      hideHistoryOnPhone: () => isPhone() && setHistory(false),
      toggleHistory: () => setHistory((open) => !open),
      toggleProject: () => setProject((open) => !open),
      openPalette: () => setOverlay('palette'),
      openKeys: () => setOverlay('keys'),
      closeOverlay: () => setOverlay(null),
    }),
    [isHistoryOpen, isProjectOpen, overlay],
  );
  return <Context.Provider value={layout}>{children}</Context.Provider>;
}
