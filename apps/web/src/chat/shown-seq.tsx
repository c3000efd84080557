import { useChatLog } from '#react';
import { useMemo, useSyncExternalStore } from 'react';

/**
 * The last event that is in what the page shows, for whoever compares the page with the log. It is painted together with the
 * rows of that event, and nothing around it renders for it.
 */
export function ShownSeq({ conversationId }: { conversationId: string }) {
  const { client } = useChatLog();
  const live = useMemo(() => client.live.get(conversationId), [client, conversationId]);
  const seq = useSyncExternalStore(live.subscribe, () => live.getSnapshot().seq);
  return <data hidden value={seq} data-shown-seq={seq} />;
}
