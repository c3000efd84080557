import { ListChecks, RefreshCw } from 'lucide-react';
import { words } from '../words/all-words.js';
import { ratesOf } from './history.js';
import { ProjectionRow } from './projection-row.js';
import { QuietButton } from './quiet-button.js';
import { Section } from './section.js';
import { useAdminAction } from './use-admin-action.js';
import { useAdminQuery } from './use-admin-query.js';
import { LOOK_MS, type History } from './use-history.js';
import { useVerification } from './use-verification.js';
import { Verification } from './verification.js';

/** Every projection: how far behind it is, its generations, and what can be done with it. */
export function ProjectionTable({ history: { points } }: { history: History }) {
  const { admin } = words;
  const { data: reports = [], error } = useAdminQuery(
    ['projections'],
    (client, options) => client.admin.projections(options),
    LOOK_MS,
  );
  const { run, isBusy } = useAdminAction();
  const verification = useVerification();
  const { projected } = ratesOf(points);
  const rebuildAll = () =>
    run(
      (client, once) => client.admin.rebuild('all', {}, once),
      () => admin.allStarted,
    );
  const actions = (
    <>
      <QuietButton
        disabled={verification.isRunning}
        onClick={() => verification.start('all', { sample: 100 })}
      >
        <ListChecks size={14} aria-hidden className="me-1.5 inline" />
        {admin.verifyAll}
      </QuietButton>
      <QuietButton disabled={isBusy} onClick={() => void rebuildAll()}>
        <RefreshCw size={14} aria-hidden className="me-1.5 inline" />
        {admin.rebuildAll}
      </QuietButton>
    </>
  );
  return (
    <Section title={admin.projections} actions={actions}>
      {error && <p className="text-sm text-danger">{admin.failed(error.message)}</p>}
      <Verification verification={verification} />
      <div className="overflow-x-auto rounded-2xl border border-line bg-raised" tabIndex={0}>
        <table className="w-full text-sm">
          <thead className="text-left text-xs text-soft">
            <tr className="border-b border-line [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
              <th scope="col">{admin.projection}</th>
              <th scope="col">{admin.lag}</th>
              <th scope="col">{admin.oldest}</th>
              <th scope="col">{admin.rate}</th>
              <th scope="col">{admin.parkedShort}</th>
              <th scope="col">{admin.generations}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {reports.map((report) => (
              <ProjectionRow
                key={report.projection}
                report={report}
                rate={projected[report.projection] ?? null}
                onVerify={(body) => verification.start(report.projection, body)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
