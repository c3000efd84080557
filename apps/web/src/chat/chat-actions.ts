import type { Message } from '#contracts';
import { createContext, useContext } from 'react';

/** What can be done with a message. None of them is possible while the past is shown. */
export type ChatActions = {
  isNow: boolean;
  /** A turn runs: nothing else may be asked. */
  isBusy: boolean;
  edit(message: Message, text: string): Promise<void>;
  regenerate(message: Message): Promise<void>;
  selectSibling(message: Message, step: number): Promise<void>;
  /** Shows the conversation as it was right after that event. */
  lookAt(seq: number): void;
};

const refuse = () => Promise.reject(new Error('there is no chat around this message'));

export const ChatActionsContext = createContext<ChatActions>({
  isNow: false,
  isBusy: false,
  edit: refuse,
  regenerate: refuse,
  selectSibling: refuse,
  lookAt: () => undefined,
});

export const useChatActions = (): ChatActions => useContext(ChatActionsContext);
