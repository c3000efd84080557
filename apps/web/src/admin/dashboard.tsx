import { Link } from '@tanstack/react-router';
import { ArrowLeft, ExternalLink } from 'lucide-react';
import { words } from '../words/all-words.js';
import { AuditList } from './audit-list.js';
import { Charts } from './charts/charts.js';
import { Figures } from './figures.js';
import { ParkedGroups } from './parked-groups.js';
import { ProcessTable } from './process-table.js';
import { ProjectionTable } from './projection-table.js';
import { QuietButton } from './quiet-button.js';
import { Rebuilds } from './rebuilds.js';
import { useHistory } from './use-history.js';

/** The page itself: figures, what they were in the last minutes, and what can be done. */
export function Dashboard({ onLeave }: { onLeave?: () => void }) {
  const { admin } = words;
  const history = useHistory();
  return (
    <div className="h-full overflow-y-auto">
      <main id="main" className="mx-auto grid w-full max-w-6xl gap-8 px-4 py-6 sm:px-6">
        <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Link
            to="/"
            aria-label={admin.home}
            title={admin.home}
            className="rounded-lg p-1 text-soft hover:text-ink"
          >
            <ArrowLeft size={18} aria-hidden />
          </Link>
          <h1 className="grow text-xl font-semibold tracking-tight">{admin.title}</h1>
          <nav className="flex items-center gap-3 text-sm">
            <a href="/admin/queues" className="flex items-center gap-1 text-live hover:underline">
              {admin.queues}
              <ExternalLink size={13} aria-hidden />
            </a>
            {onLeave && <QuietButton onClick={onLeave}>{admin.leave}</QuietButton>}
          </nav>
        </header>
        <Figures history={history} />
        <Charts history={history} />
        <ProjectionTable history={history} />
        <Rebuilds />
        <ParkedGroups />
        <ProcessTable />
        <AuditList />
      </main>
    </div>
  );
}
