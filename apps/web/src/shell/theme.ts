/** What a person chose; `system` follows the machine. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'chatlog-theme';
const themes: readonly Theme[] = ['system', 'light', 'dark'];
const listeners = new Set<() => void>();

let chosen = stored();

/** What was chosen on an earlier visit. */
function stored(): Theme {
  try {
    const text = localStorage.getItem(KEY);
    return themes.find((theme) => theme === text) ?? 'system';
  } catch {
    // storage is forbidden: the system's it is
    return 'system';
  }
}

/** The theme that is on. */
export const currentTheme = (): Theme => chosen;

/** Calls after each change; gives what ends that. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Paints the page so: the colours themselves follow the element's `color-scheme` (styles/theme.css). */
export function paintTheme(): void {
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

/** Paints the page so, and remembers it. */
export function chooseTheme(theme: Theme): void {
  chosen = theme;
  paintTheme();
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // it holds for this page alone
  }
  for (const listener of listeners) listener();
}

/** The one after it in the round that the button goes. */
export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
}
