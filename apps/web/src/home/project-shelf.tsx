import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useChatLog } from '#react';
import { formatDay } from '../words/format.js';
import { words } from '../words/words.js';

const MOST = 12;

/** The newest projects. */
export function ProjectShelf() {
  const { client, queryClient } = useChatLog();
  const { data } = useQuery(
    {
      queryKey: ['chatlog', 'projects'],
      queryFn: ({ signal }) => client.projects.list({ limit: MOST }, { signal }),
    },
    queryClient,
  );
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-label={words.home.projects} className="shrink-0 border-t border-line px-4 py-4 sm:px-6">
      <div className="mx-auto max-w-[60rem]">
        <h2 className="pb-2 text-xs font-medium text-faint">{words.home.projects}</h2>
        <ul className="flex snap-x gap-3 overflow-x-auto pb-2" tabIndex={0}>
          {data.items.map(({ id, title, version, updatedAt }) => (
            <li key={id} className="w-56 shrink-0 snap-start">
              <Link
                to="/projects/$projectId"
                params={{ projectId: id }}
                className="block rounded-xl border border-line bg-raised p-3 transition-colors hover:border-line-strong"
              >
                <span className="line-clamp-2 min-h-10 text-sm leading-5 font-medium" dir="auto">
                  {title}
                </span>
                <span className="flex justify-between pt-1 text-xs text-faint">
                  <span>{words.home.version(version)}</span>
                  <span>{formatDay(updatedAt)}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
