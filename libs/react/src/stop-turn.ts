import { ChatLogError, insist, type ChatLogClient, type LiveConversation } from '#client';
import { isOpen } from '#model';

/** Ends the open turn. One that has just ended by itself is no error. */
export async function stopTurn(client: ChatLogClient, live: LiveConversation | null): Promise<void> {
  const { turn = null } = live?.getSnapshot() ?? {};
  if (!isOpen(turn)) return;
  try {
    await insist((once) => client.turns.cancel(turn.turnId, once));
  } catch (error) {
    if (!(error instanceof ChatLogError) || error.code !== 'turn_finished') throw error;
  }
}
