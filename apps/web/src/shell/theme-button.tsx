import { Monitor, Moon, Sun } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { words } from '../words/words.js';
import { IconButton } from './icon-button.js';
import { chooseTheme, currentTheme, nextTheme, onTheme } from './theme.js';

const icons = { system: Monitor, light: Sun, dark: Moon };

/** The theme that is on, and by a click the next one. */
export function ThemeButton() {
  const theme = useSyncExternalStore(onTheme, currentTheme);
  const next = nextTheme(theme);
  return (
    <IconButton
      icon={icons[theme]}
      label={words.app.switchTheme(words.app.theme[next])}
      onClick={() => chooseTheme(next)}
    />
  );
}
