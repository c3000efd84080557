import { useDraft } from '#react';
import { useEffect, type ComponentProps } from 'react';
import { Composer } from './composer.js';

type Props = Omit<ComponentProps<typeof Composer>, 'draft' | 'onDraft'> & {
  conversationId: string;
  /** What was taken back and is to be written anew: it takes the place of the draft. */
  takenBack: { text: string } | null;
};

/** The composer of an open chat, and its draft: a key that is pressed renders this, and nothing of the chat. */
export function ChatComposer({ conversationId, takenBack, onSend, ...props }: Props) {
  const { draft, setDraft, clearDraft } = useDraft(conversationId);
  useEffect(() => {
    if (takenBack) setDraft(takenBack.text);
  }, [takenBack, setDraft]);
  const send = (text: string) => {
    clearDraft();
    return onSend(text);
  };
  return <Composer {...props} draft={draft} onDraft={setDraft} onSend={send} />;
}
