import { useState } from 'react';
import { useFileContents, type FileChange } from '#react';
import { words } from '../words/all-words.js';
import { ChangeBadge } from './change-badge.js';
import { TextDiff } from './text-diff.js';

/** The files that are not the same; each opens to its lines. */
export function FileChanges({ files }: { files: readonly FileChange[] }) {
  const { timeTravel } = words;
  return (
    <section aria-label={timeTravel.filesDiffer(files.length)} className="min-w-0">
      <h3 className="pb-1 text-sm font-semibold">{timeTravel.filesDiffer(files.length)}</h3>
      {files.length === 0 && <p className="text-sm text-soft">{timeTravel.noFiles}</p>}
      <ul className="grid gap-1">
        {files.map((file) => (
          <li key={file.path}>
            <FileRow file={file} isOpenFirst={files.length === 1} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function FileRow({ file, isOpenFirst }: { file: FileChange; isOpenFirst: boolean }) {
  const [isOpen, setIsOpen] = useState(isOpenFirst);
  const { contents, error } = useFileContents(isOpen ? file : null);
  const { timeTravel } = words;
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
      className="rounded-lg border border-line"
    >
      <summary className="flex items-center gap-2 rounded-lg px-2 py-1 hover:bg-sunken">
        <ChangeBadge status={file.status} />
        <code dir="ltr" className="min-w-0 truncate text-sm">
          {file.path}
        </code>
      </summary>
      {error && <p className="px-3 py-2 text-sm text-danger">{timeTravel.actionFailed(error.message)}</p>}
      {contents && <TextDiff label={timeTravel.diffOf(file.path)} {...contents} />}
    </details>
  );
}
