import { useQuery } from '@tanstack/react-query';
import { useChatLog } from '#react';
import { CopyButton } from '../shell/copy-button.js';
import { formatBytes } from '../words/format.js';
import { words } from '../words/words.js';
import type { ShownFile, ShownProject } from './shown-project.js';

type Props = { project: ShownProject; file: ShownFile };

/** One file, line by line. */
export function FileView({ project, file }: Props) {
  const { client, queryClient } = useChatLog();
  const { data, error } = useQuery(
    {
      queryKey: ['chatlog', 'file', project.id, project.version, project.seq, file.path],
      enabled: file.content === undefined,
      staleTime: Infinity,
      queryFn: async ({ signal }) => {
        const { id, seq, version } = project;
        // in the midst of a turn files are in no version yet
        const read =
          seq === undefined
            ? await client.projects.file(id, version, file.path, { signal })
            : await client.projects.fileAt(id, { path: file.path, at: seq }, { signal });
        return read.content;
      },
    },
    queryClient,
  );
  const content = file.content ?? data;
  if (content === undefined)
    return <p className="p-6 text-sm text-faint">{error ? error.message : words.app.loading}</p>;
  const lines = content.replace(/\n$/, '').split('\n');
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <p className="flex items-center justify-between border-b border-line ps-4 pe-2 text-xs text-faint">
        <span className="truncate font-mono">{file.path}</span>
        <span className="flex shrink-0 items-center gap-1">
          {formatBytes(new TextEncoder().encode(content).length)}
          <CopyButton text={content} />
        </span>
      </p>
      <pre
        tabIndex={0}
        dir="ltr"
        aria-label={file.path}
        className="file-lines min-h-0 flex-1 overflow-auto py-2 font-mono text-xs leading-[1.6]"
      >
        {lines.map((line, index) => (
          // lines have no name but their number
          <code key={index} data-line={index + 1}>
            {line || ' '}
          </code>
        ))}
      </pre>
    </div>
  );
}
