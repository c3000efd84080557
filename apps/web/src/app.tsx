import { RouterProvider } from '@tanstack/react-router';
import { ChatLogClient } from '#client';
import { ChatLogProvider } from '#react';
import { router } from './routes/router.js';
import { NoticesProvider } from './shell/notices.js';

/** One for the page: its streams, what it remembers, what is on its way. */
const client = new ChatLogClient();

/** The whole app: what it knows of the server, and which page its address names. */
export function App() {
  return (
    <ChatLogProvider client={client}>
      <NoticesProvider>
        <RouterProvider router={router} />
      </NoticesProvider>
    </ChatLogProvider>
  );
}
