import { QueryClient } from '@tanstack/react-query';
import { createContext, createElement, useContext, useState, type ReactNode } from 'react';
import type { ChatLogClient } from '#client';

/** What the hooks work with. */
export type ChatLogContext = { client: ChatLogClient; queryClient: QueryClient };

const Context = createContext<ChatLogContext | null>(null);

/** A read that failed is tried again by the next look; the client itself does not repeat reads. */
const RETRIES = 2;

export type ChatLogProviderProps = {
  /** One for the whole page. Who made it closes it. */
  client: ChatLogClient;
  /** The app's own, where its queries are to be seen beside these; else one that only these hooks use. */
  queryClient?: QueryClient;
  children?: ReactNode;
};

/** Gives the hooks below it their client. It shadows no `QueryClientProvider` of the app. */
export function ChatLogProvider({ client, queryClient, children }: ChatLogProviderProps): ReactNode {
  const [own] = useState(
    () => queryClient ?? new QueryClient({ defaultOptions: { queries: { retry: RETRIES } } }),
  );
  const [value, setValue] = useState<ChatLogContext>({ client, queryClient: queryClient ?? own });
  // the same object while its parts are the same: all hooks depend on it
  if (value.client !== client || value.queryClient !== (queryClient ?? own))
    setValue({ client, queryClient: queryClient ?? own });
  return createElement(Context.Provider, { value }, children);
}

/** The client and the query cache. @throws Error outside of a `ChatLogProvider` */
export function useChatLog(): ChatLogContext {
  const context = useContext(Context);
  if (!context) throw new Error('There is no <ChatLogProvider client={…}> above this component.');
  return context;
}
