import { Archive, ArchiveRestore, Download, PencilLine, RotateCcw, Trash2 } from 'lucide-react';
import type { Conversation } from '#contracts';
import type { UseConversationListResult } from '#react';
import type { MenuItem } from '../shell/menu.js';
import { useNotices } from '../shell/notices.js';
import { words } from '../words/words.js';
import { titleOf } from './conversation-link.js';
import { whichOf } from './which.js';

export type ListActions = Pick<UseConversationListResult, 'rename' | 'archive' | 'trash' | 'restore'>;

/** What the menu of a conversation offers, where it is. What takes it out of sight can be taken back at once. */
export function useItemActions(
  conversation: Conversation,
  actions: ListActions,
  rename: () => void,
): MenuItem[] {
  const { tell, tellProblem, forget } = useNotices();
  const { id } = conversation;
  const title = titleOf(conversation, words.history.untitled);
  const run = (work: Promise<void>, text?: string, undo?: () => Promise<void>) => {
    forget(id);
    work.then(() => text !== undefined && tell({ text, undo, about: id })).catch(tellProblem);
  };
  const trash = () => run(actions.trash(id), words.history.trashed(title), () => actions.restore(id));
  const toTrash = { label: words.history.toTrash, icon: Trash2, run: trash, danger: true };
  const common = [
    { label: words.history.rename, icon: PencilLine, run: rename },
    { label: words.history.exportMarkdown, icon: Download, run: () => download(id) },
  ];
  switch (whichOf(conversation)) {
    case 'trash':
      return [{ label: words.history.restore, icon: RotateCcw, run: () => run(actions.restore(id)) }];
    case 'archive':
      return [
        ...common,
        {
          label: words.history.fromArchive,
          icon: ArchiveRestore,
          run: () => run(actions.archive(id, false)),
        },
        toTrash,
      ];
    case 'chats': {
      const archive = () =>
        run(actions.archive(id), words.history.archived(title), () => actions.archive(id, false));
      return [...common, { label: words.history.toArchive, icon: Archive, run: archive }, toTrash];
    }
    default:
      return [];
  }
}

function download(id: string): void {
  const link = document.createElement('a');
  link.href = `/api/conversations/${id}/export?format=markdown`;
  link.download = '';
  link.click();
}
