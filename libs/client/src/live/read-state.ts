import { applyDelta, assistantFold, deltaEventType, type AssistantFold, type InFlight } from '#model';
import type { MomentsApi, StatePage } from '../resources/moments.api.js';

/** A state as it was read, and the fold of the answer that was being written then. */
export type ReadState = { page: StatePage; answer: AssistantFold | null };

export type StateRequest = {
  /** The head when absent. */
  at?: number;
  limit: number;
  /** The answer that is being written, as of `at`, where it is known. */
  inFlight?: InFlight | null;
  signal: AbortSignal;
};

/** Events a page. */
const PAGE = 1_000;

/** All deltas of an answer up to a seq, folded. */
async function foldAnswer(
  moments: MomentsApi,
  { conversation, halfWritten, turn, seq }: StatePage,
  signal: AbortSignal,
): Promise<AssistantFold> {
  let fold = assistantFold.start();
  let after = halfWritten?.seq ?? seq;
  while (after < seq) {
    const query = { after, before: seq + 1, limit: PAGE, types: [deltaEventType] };
    const { items, next } = await moments.events(conversation.id, query, { signal });
    for (const { data, metadata } of items) {
      if (metadata.turnId === turn?.id) fold = applyDelta(fold, data);
    }
    const last = items.at(-1);
    if (!last || next === undefined) break;
    after = last.seq;
  }
  return fold;
}

/** The newest messages of a conversation, and what its further events need. */
export async function readState(
  moments: MomentsApi,
  conversationId: string,
  { at, limit, inFlight, signal }: StateRequest,
): Promise<ReadState> {
  const page = await moments.state(conversationId, { at, limit }, { signal });
  const { halfWritten, turn } = page;
  if (!halfWritten || !turn) return { page, answer: null };
  if (inFlight?.messageId === halfWritten.id && at !== undefined) return { page, answer: inFlight.fold };
  return { page, answer: await foldAnswer(moments, page, signal) };
}
