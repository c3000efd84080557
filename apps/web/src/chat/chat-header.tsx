import { PanelLeftOpen, PanelRight, PencilLine, SquarePen } from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { newChatLink } from '../history/conversation-link.js';
import { RenameForm } from '../history/rename-form.js';
import { IconButton } from '../shell/icon-button.js';
import { useLayout } from '../shell/layout.js';
import { words } from '../words/words.js';

type Props = {
  title: string;
  /** Absent: it cannot be named. */
  onRename?: (title: string) => Promise<void>;
  projectId?: string;
  /** There is a project to show. */
  withProject?: boolean;
  children?: ReactNode;
};

/** Above a chat: what it is called, how the connection stands, and the parts beside it. */
export function ChatHeader({ title, onRename, projectId, withProject = false, children }: Props) {
  const [isRenaming, setIsRenaming] = useState(false);
  const { isHistoryOpen, showHistory, isProjectOpen, toggleProject } = useLayout();
  const navigate = useNavigate();
  return (
    <header className="flex h-[3.25rem] shrink-0 items-center gap-1 border-b border-line px-3">
      {!isHistoryOpen && (
        <>
          <IconButton icon={PanelLeftOpen} label={words.history.open} onClick={showHistory} />
          <IconButton
            icon={SquarePen}
            label={words.history.newChat}
            onClick={() => void navigate(newChatLink(projectId))}
          />
        </>
      )}
      <div className="group/title flex min-w-0 flex-1 items-center gap-1 px-1">
        {isRenaming && onRename ? (
          <RenameForm title={title} onDone={() => setIsRenaming(false)} onRename={onRename} />
        ) : (
          <>
            <h1 className="truncate text-[0.9rem] font-medium" dir="auto">
              {title}
            </h1>
            {onRename && (
              <IconButton
                icon={PencilLine}
                size={14}
                label={words.history.rename}
                onClick={() => setIsRenaming(true)}
                className="opacity-0 group-hover/title:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
              />
            )}
          </>
        )}
      </div>
      {children}
      {withProject && (
        <IconButton
          icon={PanelRight}
          label={isProjectOpen ? words.project.hide : words.project.show}
          aria-pressed={isProjectOpen}
          onClick={toggleProject}
        />
      )}
    </header>
  );
}
