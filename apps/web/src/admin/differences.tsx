import { useState } from 'react';
import { words } from '../words/all-words.js';
import { useAdminQuery } from './use-admin-query.js';

/** The first streams that a rebuild found to differ; read once they are opened. */
export function Differences({ rebuildId }: { rebuildId: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary className="text-xs text-live">{words.admin.differences}</summary>
      {isOpen && <DifferenceList rebuildId={rebuildId} />}
    </details>
  );
}

function DifferenceList({ rebuildId }: { rebuildId: string }) {
  const { admin } = words;
  const { data, error } = useAdminQuery(['differences', rebuildId], (client, options) =>
    client.admin.differences(rebuildId, { limit: 20 }, options),
  );
  if (error) return <p className="text-danger">{admin.failed(error.message)}</p>;
  return (
    <ul className="grid max-h-60 gap-1 overflow-y-auto pt-1" tabIndex={0}>
      {data?.map(({ streamId, against, difference }, i) => (
        <li key={i} className="rounded-lg bg-paper px-3 py-1.5">
          <code className="text-xs">{streamId}</code>{' '}
          <span className="text-soft">{admin.against[against]}</span>
          <pre className="text-xs break-all whitespace-pre-wrap text-soft">
            {JSON.stringify(difference, null, 1)}
          </pre>
        </li>
      ))}
    </ul>
  );
}
