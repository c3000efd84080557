import { words } from '../words/words.js';

/** Every key of the app: how it is pressed, and what it does. `mod` is Command on a Mac, else Control. */
export const keys = {
  palette: { press: 'mod+k', label: words.keys.palette },
  help: { press: '?', label: words.keys.help },
  newChat: { press: 'mod+shift+o', label: words.keys.newChat },
  previousChat: { press: 'alt+up', label: words.keys.previousChat },
  nextChat: { press: 'alt+down', label: words.keys.nextChat },
  focusComposer: { press: '/', label: words.keys.focusComposer },
  stop: { press: 'mod+period', label: words.keys.stop },
  toggleHistory: { press: 'mod+b', label: words.keys.toggleHistory },
  toggleProject: { press: 'mod+j', label: words.keys.toggleProject },
} as const;

/** For keys that are taken wherever the focus is. */
export const anywhere = { preventDefault: true, enableOnFormTags: true } as const;

/** Keys that the part which has the focus takes by itself. */
export const ownKeys = [
  { press: 'enter', label: words.keys.send },
  { press: 'shift+enter', label: words.keys.newLine },
  { press: 'left right, shift+left right, home, end', label: words.keys.slider },
  { press: 'escape', label: words.keys.close },
] as const;

const names: Record<string, string> = {
  shift: '⇧',
  alt: '⌥',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  period: '.',
  enter: '↵',
  escape: 'Esc',
  home: 'Home',
  end: 'End',
};

const isMac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** How a key is listened for that is known by the character it writes, wherever a keyboard has it. */
export const byCharacter = { useKey: true, ignoreModifiers: true, preventDefault: true } as const;

/** How it stands on the keys of this machine. */
export function keyCaps(press: string): string[] {
  return press
    .split(/[+\s]/)
    .map((key) => key.replace(',', ''))
    .map((key) => {
      if (key === 'mod') return isMac ? '⌘' : 'Ctrl';
      if (key === 'alt' && !isMac) return 'Alt';
      return names[key] ?? key.toUpperCase();
    });
}
