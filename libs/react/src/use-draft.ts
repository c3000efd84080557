import { useCallback, useMemo, useState } from 'react';
import { useChatLog } from './chat-log-provider.js';
import type { UseDraftResult } from './use-draft.types.js';

/** What someone has begun to write at a place: a conversation's id, or a name of your own. A reload keeps it. */
export function useDraft(place: string): UseDraftResult {
  const { client } = useChatLog();
  const [written, setWritten] = useState({ place, text: client.drafts.get(place) });
  // another place: its draft is shown at once, without the old one in between
  if (written.place !== place) setWritten({ place, text: client.drafts.get(place) });
  const setDraft = useCallback(
    (text: string) => {
      client.drafts.set(place, text);
      setWritten({ place, text });
    },
    [client, place],
  );
  const clearDraft = useCallback(() => setDraft(''), [setDraft]);
  const draft = written.place === place ? written.text : client.drafts.get(place);
  return useMemo(() => ({ draft, setDraft, clearDraft }), [clearDraft, draft, setDraft]);
}
