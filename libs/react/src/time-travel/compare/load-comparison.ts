import type { Moments } from '../moments/moments.js';
import type { MomentView } from '../moments/moment-view.js';
import { compareMoments, type ComparedSide, type MomentComparison } from './compare-moments.js';

/** Messages that are looked back through, at most: more than anyone reads in one comparison. */
const MOST_MESSAGES = 600;

/** Compares two moments, with all messages between them up to a bound. @throws what the moments' source throws */
export async function loadComparison(
  moments: Moments,
  { from, to }: { from: number; to: number },
  signal?: AbortSignal,
): Promise<MomentComparison> {
  const [before, after] = await Promise.all([whole(moments, from, signal), whole(moments, to, signal)]);
  const [older, newer] = from <= to ? [before, after] : [after, before];
  const reach = older.messages.at(0)?.seq ?? older.seq;
  const extended = await back(moments, newer, reach, signal);
  return from <= to ? compareMoments(before, extended) : compareMoments(extended, after);
}

async function whole(moments: Moments, seq: number, signal?: AbortSignal): Promise<MomentView> {
  const view = moments.peek(seq);
  return view?.filesKnown ? view : moments.ask(seq, signal);
}

/** With the messages before, until it reaches as far back as the other side. */
async function back(
  moments: Moments,
  view: MomentView,
  reach: number,
  signal?: AbortSignal,
): Promise<ComparedSide> {
  let side: ComparedSide = view;
  for (;;) {
    const { messages, prev } = side;
    const first = messages[0];
    if (prev === undefined || !first || first.seq <= reach || messages.length >= MOST_MESSAGES) return side;
    const page = await moments.before(view.seq, prev, signal);
    side = { ...side, messages: [...page.messages, ...messages], prev: page.prev };
  }
}
