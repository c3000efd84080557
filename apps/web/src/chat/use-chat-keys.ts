import type { RefObject } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import { anywhere, keys } from '../shell/keys.js';
import { useComposerKeys } from './use-composer-keys.js';

type Options = {
  field: RefObject<HTMLTextAreaElement | null>;
  /** Null: nothing runs that could be stopped. */
  stop: (() => Promise<void>) | null;
};

/** The keys of an open chat. */
export function useChatKeys({ field, stop }: Options): void {
  useComposerKeys(field);
  useHotkeys(keys.stop.press, () => void stop?.(), anywhere);
}
