import { Link } from '@tanstack/react-router';
import { words } from '../words/words.js';

export function NotFound() {
  return (
    <main id="main" className="grid h-full place-content-center gap-3 text-center">
      <h1 className="text-lg font-medium">{words.app.notFound}</h1>
      <Link to="/" className="text-live underline">
        {words.app.home}
      </Link>
    </main>
  );
}
