import { useInfiniteQuery } from '@tanstack/react-query';
import { useChatLog } from '#react';
import { formatMoment } from '../words/format.js';
import { words } from '../words/all-words.js';
import { QuietButton } from './quiet-button.js';
import { Section } from './section.js';

const PAGE = 20;
const OFTEN_MS = 10_000;

/** What administrators did, newest first, here and at the command line. */
export function AuditList() {
  const { admin } = words;
  const { client, queryClient } = useChatLog();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    {
      queryKey: ['admin', 'audit'],
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam, signal }) => client.admin.audit({ before: pageParam, limit: PAGE }, { signal }),
      getNextPageParam: ({ next }) => next,
      refetchInterval: OFTEN_MS,
    },
    queryClient,
  );
  const entries = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={admin.audit}>
      {error && <p className="text-sm text-danger">{admin.failed(error.message)}</p>}
      {data && entries.length === 0 && <p className="text-sm text-soft">{admin.auditNone}</p>}
      {entries.length > 0 && (
        <div className="overflow-x-auto rounded-2xl border border-line bg-raised" tabIndex={0}>
          <table className="w-full text-sm">
            <thead className="text-left text-xs text-soft">
              <tr className="border-b border-line [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
                <th scope="col">{admin.when}</th>
                <th scope="col">{admin.what}</th>
                <th scope="col">{admin.outcome}</th>
                <th scope="col">{admin.who}</th>
              </tr>
            </thead>
            <tbody>
              {entries.map(({ seq, at, action, target, outcome, by, error: why }) => (
                <tr
                  key={seq}
                  className="border-b border-line align-top last:border-b-0 [&>*]:px-4 [&>*]:py-1.5"
                >
                  <td className="whitespace-nowrap text-soft tabular-nums">{formatMoment(at)}</td>
                  <td>
                    {action?.replaceAll('_', ' ')} <span className="text-soft">{target}</span>
                  </td>
                  <td
                    className={
                      outcome === 'failed' ? 'text-danger' : outcome === 'done' ? 'text-live' : 'text-soft'
                    }
                  >
                    {admin.auditOutcomes[outcome]}
                    {why && <span className="block text-xs">{why}</span>}
                  </td>
                  <td className="text-soft">
                    {by && `${by.userId} · ${admin.via[by.via]}`}
                    {by?.credential && ` · ${by.credential}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <QuietButton
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
          className="justify-self-start"
        >
          {admin.more}
        </QuietButton>
      )}
    </Section>
  );
}
