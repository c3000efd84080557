import type { RefObject } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import { byCharacter, keys } from '../shell/keys.js';

/** The key that leads to where one writes. */
export function useComposerKeys(field: RefObject<HTMLTextAreaElement | null>): void {
  useHotkeys(keys.focusComposer.press, () => field.current?.focus(), byCharacter);
}
