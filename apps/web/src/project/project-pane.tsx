import { Download, ExternalLink, RotateCw, X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../shell/icon-button.js';
import { useLayout } from '../shell/layout.js';
import { words } from '../words/words.js';
import { FileBrowser } from './file-browser.js';
import { PaneTabs, type PaneTab } from './pane-tabs.js';
import { PreviewFrame } from './preview-frame.js';
import { useShownProject } from './use-shown-project.js';
import type { ProjectAt } from '#contracts';

type Props = {
  projectId: string | undefined;
  /** The project as it was at the moment that is looked at; absent: as it is. */
  past?: ProjectAt;
};

/** The project beside the chat: its page as it runs, and its files. */
export function ProjectPane({ projectId, past }: Props) {
  const [tab, setTab] = useState<PaneTab>('preview');
  const [runs, setRuns] = useState(0);
  const { toggleProject } = useLayout();
  const shown = useShownProject(projectId, past);
  return (
    <aside aria-label={words.project.pane} className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex h-[3.25rem] shrink-0 items-center gap-1 border-b border-line px-3">
        <PaneTabs tab={tab} onChoose={setTab} />
        {shown && (
          <span className="ms-2 truncate text-xs text-faint tabular-nums">
            {words.project.version(shown.version)}
          </span>
        )}
        <span className="flex-1" />
        {shown && (
          <>
            <IconButton
              icon={RotateCw}
              label={words.project.reload}
              onClick={() => setRuns(runs + 1)}
              size={15}
            />
            <a
              href={shown.previewUrl}
              target="_blank"
              rel="noopener noreferrer"
              aria-label={words.project.openAlone}
              title={words.project.openAlone}
              className="inline-grid size-8 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-ink"
            >
              <ExternalLink size={15} strokeWidth={1.75} aria-hidden />
            </a>
            {shown.version > 0 && (
              <a
                href={`/api/projects/${shown.id}/versions/${shown.version}/zip`}
                download
                aria-label={words.project.download}
                title={words.project.download}
                className="inline-grid size-8 place-items-center rounded-lg text-soft hover:bg-sunken hover:text-ink"
              >
                <Download size={15} strokeWidth={1.75} aria-hidden />
              </a>
            )}
          </>
        )}
        <IconButton icon={X} label={words.project.hide} onClick={toggleProject} />
      </header>
      <div className="min-h-0 flex-1" role="tabpanel" id={`pane-${tab}`} aria-labelledby={`tab-${tab}`}>
        {!shown ? (
          <p className="grid h-full place-content-center p-8 text-center text-sm text-faint">
            {words.project.none}
          </p>
        ) : tab === 'preview' ? (
          <PreviewFrame key={`${shown.previewUrl} ${runs}`} project={shown} />
        ) : (
          <FileBrowser project={shown} />
        )}
      </div>
    </aside>
  );
}
