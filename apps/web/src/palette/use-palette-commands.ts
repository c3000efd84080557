import { useNavigate } from '@tanstack/react-router';
import { Activity, Keyboard, PanelLeft, PanelRight, SquarePen, SunMoon, type LucideIcon } from 'lucide-react';
import type { Conversation } from '#contracts';
import type { SearchHit } from '#client';
import { conversationLink, newChatLink } from '../history/conversation-link.js';
import { keys } from '../shell/keys.js';
import { useLayout } from '../shell/layout.js';
import { chooseTheme } from '../shell/theme.js';
import { words } from '../words/words.js';

export type PaletteCommand = { label: string; icon: LucideIcon; press?: string; run: () => void };

/** What the palette can do. Whatever is chosen, it closes first. */
export function usePaletteCommands(onClose: () => void) {
  const navigate = useNavigate();
  const { toggleHistory, toggleProject, openKeys } = useLayout();
  const after = (run: () => void) => () => {
    onClose();
    run();
  };
  const paint = (theme: 'light' | 'dark' | 'system') => ({
    label: words.app.switchTheme(words.app.theme[theme]),
    icon: SunMoon,
    run: after(() => chooseTheme(theme)),
  });
  const commands: PaletteCommand[] = [
    { ...keys.newChat, icon: SquarePen, run: after(() => void navigate(newChatLink())) },
    { ...keys.toggleHistory, icon: PanelLeft, run: after(toggleHistory) },
    { ...keys.toggleProject, icon: PanelRight, run: after(toggleProject) },
    { ...keys.help, icon: Keyboard, run: after(openKeys) },
    { label: words.keys.admin, icon: Activity, run: after(() => void navigate({ to: '/admin' })) },
    paint('light'),
    paint('dark'),
    paint('system'),
  ];
  return {
    commands,
    openConversation: (conversation: Conversation) =>
      after(() => void navigate(conversationLink(conversation)))(),
    openHit: (hit: SearchHit) =>
      after(
        () =>
          void navigate(
            conversationLink({ id: hit.conversationId, projectId: hit.projectId }, hit.messageId),
          ),
      )(),
  };
}
