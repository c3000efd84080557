import { useCallback, type KeyboardEvent } from 'react';

/** A handler that runs on Escape, and keeps the key from closing anything around it. */
export function useEscape(run: () => void): (event: KeyboardEvent) => void {
  return useCallback(
    (event) => {
      if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
      event.stopPropagation();
      run();
    },
    [run],
  );
}
