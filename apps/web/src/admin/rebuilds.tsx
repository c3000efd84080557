import { words } from '../words/all-words.js';
import { RebuildCard } from './rebuild-card.js';
import { Section } from './section.js';
import { useAdminQuery } from './use-admin-query.js';

/** Rebuilds that are shown: those that run, and the last ones that ended. */
const SHOWN = 6;
const OFTEN_MS = 4_000;

/** How rebuilds get on, live, and how the last ones ended. */
export function Rebuilds() {
  const { admin } = words;
  const { data: rebuilds = [], error } = useAdminQuery(
    ['rebuilds'],
    (client, options) => client.admin.rebuilds({ limit: SHOWN }, options),
    OFTEN_MS,
  );
  return (
    <Section title={admin.rebuilds}>
      {error && <p className="text-sm text-danger">{admin.failed(error.message)}</p>}
      {rebuilds.length === 0 && <p className="text-sm text-soft">{admin.none}</p>}
      <ul className="grid gap-2">
        {rebuilds.map((rebuild) => (
          <li key={rebuild.id}>
            <RebuildCard known={rebuild} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
