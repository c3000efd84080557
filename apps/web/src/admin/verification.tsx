import { CircleCheck, TriangleAlert, X } from 'lucide-react';
import { IconButton } from '../shell/icon-button.js';
import { words } from '../words/all-words.js';
import type { UseVerification } from './use-verification.js';

/** What a comparison with the log found: in a word, then finding by finding. */
export function Verification({
  verification: { isRunning, report, close },
}: {
  verification: UseVerification;
}) {
  const { admin } = words;
  if (!isRunning && !report) return null;
  return (
    <div
      role="status"
      className={`grid gap-2 rounded-2xl border px-4 py-3 text-sm ${report && !report.clean ? 'border-danger/30 bg-danger-ground' : 'border-line bg-raised'}`}
    >
      {!report ? (
        <p>{admin.verifying}</p>
      ) : (
        <>
          <div className="flex items-start gap-2">
            {report.clean ? (
              <CircleCheck size={18} aria-hidden className="mt-0.5 shrink-0 text-live" />
            ) : (
              <TriangleAlert size={18} aria-hidden className="mt-0.5 shrink-0 text-danger" />
            )}
            <p className="grow">
              {report.clean ? admin.clean(report.streams) : admin.notClean(report.streams)}{' '}
              {Object.entries(report.found)
                .filter(([, count]) => count > 0)
                .map(([kind, count]) => admin.found(kind, count))
                .join(', ')}
              {report.aborted && <span className="block text-past">{admin.aborted}</span>}
            </p>
            <IconButton icon={X} label={admin.close} onClick={close} />
          </div>
          {report.findings.length > 0 && (
            <ul className="grid max-h-72 gap-1 overflow-y-auto" tabIndex={0}>
              {report.findings.map(({ streamId, projection, kind, seq, detail, differences }, i) => (
                <li key={i} className="rounded-lg bg-paper px-3 py-1.5">
                  <strong className="font-medium">{kind.replaceAll('_', ' ')}</strong>
                  {projection && ` · ${projection}`} · <code className="text-xs">{streamId}</code> ·{' '}
                  {admin.at(seq)}
                  {detail && <span className="block text-soft">{detail}</span>}
                  {differences.slice(0, 5).map(({ table, column, stored, expected }, k) => (
                    <span key={k} className="block font-mono text-xs break-all text-soft">
                      {table}.{column}: <del>{stored ?? '∅'}</del>{' '}
                      <ins className="no-underline">{expected ?? '∅'}</ins>
                    </span>
                  ))}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}
