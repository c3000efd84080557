import { useState, type FormEvent, type ReactNode } from 'react';
import { ChatLogError } from '#client';
import { words } from '../words/all-words.js';
import { useAdminQuery } from './use-admin-query.js';

type Props = { token: string | null; onToken: (token: string | null) => void; children: ReactNode };

/** Lets in who may see how the service stands, and asks others for a token. */
export function TokenGate({ token, onToken, children }: Props) {
  const { error } = useAdminQuery(['projections'], (client, options) => client.admin.projections(options));
  const [typed, setTyped] = useState('');
  const { admin } = words;
  const refusal =
    error instanceof ChatLogError && (error.status === 401 || error.status === 403) ? error : null;
  if (!refusal) return children;
  const why = token === null ? null : refusal.status === 403 ? admin.tokenScope : admin.tokenRefused;
  const enter = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') onToken(typed.trim());
  };
  return (
    <main id="main" className="grid h-full place-content-center p-6">
      <form onSubmit={enter} className="grid w-[min(26rem,calc(100vw-3rem))] gap-3">
        <h1 className="text-lg font-semibold">{admin.tokenTitle}</h1>
        <p className="text-sm text-soft">{admin.tokenWhy}</p>
        <label className="grid gap-1 text-sm font-medium">
          {admin.token}
          <input
            type="password"
            autoComplete="off"
            autoFocus
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            className="rounded-xl border border-line bg-raised px-3 py-2 font-mono font-normal"
          />
        </label>
        {why && (
          <p role="alert" className="text-sm text-danger">
            {why}
          </p>
        )}
        <button
          type="submit"
          className="rounded-xl bg-live px-4 py-2 font-medium text-on-live hover:opacity-90"
        >
          {admin.enter}
        </button>
      </form>
    </main>
  );
}
