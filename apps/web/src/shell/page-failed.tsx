import { words } from '../words/words.js';

/** Instead of a page that threw. */
export function PageFailed({ error }: { error: unknown }) {
  return (
    <main id="main" className="grid h-full place-content-center gap-3 p-6 text-center" role="alert">
      <h1 className="text-lg font-medium">{words.app.failed}</h1>
      <p className="font-mono text-sm text-soft">{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" className="text-live underline" onClick={() => location.reload()}>
        {words.app.reload}
      </button>
    </main>
  );
}
