import { formatMoment } from '../words/format.js';
import { words } from '../words/all-words.js';
import { Section } from './section.js';
import { useAdminQuery } from './use-admin-query.js';

const OFTEN_MS = 5_000;

/** The processes of the service, and what each measured in the last seconds. */
export function ProcessTable() {
  const { admin } = words;
  const { data: processes = [] } = useAdminQuery(
    ['processes'],
    (client, options) => client.admin.processes(options),
    OFTEN_MS,
  );
  return (
    <Section title={admin.processes}>
      <div className="overflow-x-auto rounded-2xl border border-line bg-raised" tabIndex={0}>
        <table className="w-full text-sm">
          <thead className="text-left text-xs text-soft">
            <tr className="border-b border-line [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
              <th scope="col">{admin.role}</th>
              <th scope="col">{admin.process}</th>
              <th scope="col">{admin.release}</th>
              <th scope="col">{admin.started}</th>
              <th scope="col">{admin.request}</th>
              <th scope="col">{admin.commit}</th>
              <th scope="col">{admin.loop}</th>
            </tr>
          </thead>
          <tbody>
            {processes.map(
              ({ processId, role, host, pid, release, startedAt, requestMs, commitMs, loopMs }) => (
                <tr
                  key={processId}
                  className="border-b border-line tabular-nums last:border-b-0 [&>*]:px-4 [&>*]:py-2"
                >
                  <th scope="row" className="text-left font-medium">
                    {role}
                  </th>
                  <td>
                    {host} · {pid}
                  </td>
                  <td>
                    <code className="text-xs">{release}</code>
                  </td>
                  <td className="whitespace-nowrap">{formatMoment(startedAt)}</td>
                  <td>{admin.milliseconds(requestMs)}</td>
                  <td>{admin.milliseconds(commitMs)}</td>
                  <td>{admin.milliseconds(loopMs)}</td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
