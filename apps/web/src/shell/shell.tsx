import { Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { words } from '../words/words.js';
import { LayoutProvider, useLayout } from './layout.js';
import { useShellKeys } from './use-shell-keys.js';
import { lazyPart } from './lazy-part.js';

const CommandPalette = lazyPart(() =>
  import('../palette/command-palette.js').then((module) => ({ default: module.CommandPalette })),
);

const KeysDialog = lazyPart(() =>
  import('./keys-dialog.js').then((module) => ({ default: module.KeysDialog })),
);

/** What stands around every page: its keys, the palette, the list of keys. */
export function Shell() {
  return (
    <LayoutProvider>
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-lg bg-raised px-3 py-2 focus:translate-y-0 focus:shadow-float"
      >
        {words.app.skip}
      </a>
      <Outlet />
      <Overlays />
    </LayoutProvider>
  );
}

function Overlays() {
  const { overlay, closeOverlay } = useLayout();
  useShellKeys();
  return (
    <>
      {overlay === 'keys' && (
        <Suspense>
          <KeysDialog onClose={closeOverlay} />
        </Suspense>
      )}
      {overlay === 'palette' && (
        <Suspense>
          <CommandPalette onClose={closeOverlay} />
        </Suspense>
      )}
    </>
  );
}
