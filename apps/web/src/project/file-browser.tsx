import { FileCode, FileText, Palette } from 'lucide-react';
import { useState } from 'react';
import { words } from '../words/words.js';
import { FileView } from './file-view.js';
import type { ShownFile, ShownProject } from './shown-project.js';

const icons: Record<string, typeof FileText> = { html: FileText, css: Palette, javascript: FileCode };

/** The files of a project, and the one that is read. */
export function FileBrowser({ project }: { project: ShownProject }) {
  const [path, setPath] = useState<string>();
  const open = project.files.find((file) => file.path === path) ?? project.files[0];
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ul
        aria-label={words.project.files}
        className="max-h-40 shrink-0 overflow-y-auto border-b border-line p-2"
      >
        {project.files.map((file) => (
          <li key={file.path}>
            <FileButton file={file} isOpen={file === open} onOpen={() => setPath(file.path)} />
          </li>
        ))}
      </ul>
      {open ? (
        <FileView key={`${project.version} ${open.path}`} project={project} file={open} />
      ) : (
        <p className="p-6 text-sm text-faint">{words.project.chooseFile}</p>
      )}
    </div>
  );
}

function FileButton({ file, isOpen, onOpen }: { file: ShownFile; isOpen: boolean; onOpen: () => void }) {
  const Icon = icons[file.type] ?? FileText;
  return (
    <button
      type="button"
      aria-current={isOpen}
      onClick={onOpen}
      className="flex w-full items-center gap-2 rounded-md px-2 py-1 text-left font-mono text-xs text-soft hover:bg-sunken aria-current:bg-sunken aria-current:text-ink"
    >
      <Icon size={13} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
      <span className="truncate">{file.path}</span>
    </button>
  );
}
