import { useMemo, useState } from 'react';
import { ChatLogClient } from '#client';
import { ChatLogProvider } from '#react';
import { adminToken } from './admin-token.js';
import { Dashboard } from './dashboard.js';
import { TokenGate } from './token-gate.js';

/** How the service stands, for whoever runs it. Where the service asks for a token, the page asks the reader. */
export function AdminPage() {
  const [token, setToken] = useState(adminToken.get);
  const client = useMemo(() => new ChatLogClient({ token: token ?? undefined }), [token]);
  const change = (next: string | null) => {
    adminToken.set(next);
    setToken(next);
  };
  return (
    <ChatLogProvider key={token} client={client}>
      <TokenGate token={token} onToken={change}>
        <Dashboard onLeave={token === null ? undefined : () => change(null)} />
      </TokenGate>
    </ChatLogProvider>
  );
}
