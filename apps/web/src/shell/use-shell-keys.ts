import { useNavigate } from '@tanstack/react-router';
import { useHotkeys } from 'react-hotkeys-hook';
import { newChatLink } from '../history/conversation-link.js';
import { anywhere, byCharacter, keys } from './keys.js';
import { useLayout } from './layout.js';

/** Keys with a modifier work in a field too: there they write nothing. */
/** The keys that every page has. */
export function useShellKeys(): void {
  const layout = useLayout();
  const navigate = useNavigate();
  useHotkeys(keys.palette.press, layout.openPalette, anywhere);
  useHotkeys(keys.help.press, layout.openKeys, byCharacter);
  useHotkeys(keys.toggleHistory.press, layout.toggleHistory, anywhere);
  useHotkeys(keys.toggleProject.press, layout.toggleProject, anywhere);
  useHotkeys(keys.newChat.press, () => void navigate(newChatLink()), anywhere);
}
