import { words } from '../words/all-words.js';
import { QuietButton } from './quiet-button.js';
import { useAdminAction } from './use-admin-action.js';
import { useAdminQuery } from './use-admin-query.js';

/** Streams that are listed; the whole fault can be tried again at once. */
const SHOWN = 50;

/** The streams that failed of one fault. */
export function ParkedStreams({ fingerprint }: { fingerprint: string }) {
  const { admin } = words;
  const { data, error } = useAdminQuery(['parked', 'streams', fingerprint], (client, options) =>
    client.admin.parked({ fingerprint, limit: SHOWN }, options),
  );
  const { run, isBusy } = useAdminAction();
  if (error) return <p className="text-danger">{admin.failed(error.message)}</p>;
  return (
    <ul className="grid max-h-72 gap-1 overflow-y-auto pt-1" tabIndex={0}>
      {data?.items.map(({ id, streamId, seq, eventType, attempts, projection }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-3 rounded-lg bg-paper px-3 py-1">
          <code className="text-xs">{streamId}</code>
          <span className="grow text-xs text-soft">
            {projection} · {admin.beforeEvent(eventType, seq)} · {admin.attempts(attempts)}
          </span>
          <QuietButton
            disabled={isBusy}
            onClick={() =>
              void run(
                (client, once) => client.admin.retryParked(id, once),
                ({ retried }) => admin.retried(retried),
              )
            }
          >
            {admin.retryOne}
          </QuietButton>
        </li>
      ))}
    </ul>
  );
}
