import { randomUUID } from 'node:crypto';
import { delta, event, openEventLog, unitOf, type LogFixture } from '../../../../test/support/event-log.js';

let open: LogFixture;
beforeAll(async () => {
  open = await openEventLog();
});
afterAll(() => open?.close());

const trashedSince = async (streamId: string, seq: number | null): Promise<boolean> => {
  const [row] = await open.database.query<{ yes: boolean }>('select trashed_since($1, $2) as yes', [
    streamId,
    seq,
  ]);
  return row!.yes;
};

async function conversation(...types: string[]): Promise<string> {
  const streamId = randomUUID();
  const events = types.map((type) => (type === 'delta' ? delta() : event(type)));
  await open.log.append(unitOf(streamId, 0, events));
  return streamId;
}

describe('trashed_since', () => {
  it('goes by the last of what happened after the seq', async () => {
    const trashed = await conversation('Noted', 'ConversationTrashed', 'delta', 'Noted');
    expect([await trashedSince(trashed, 1), await trashedSince(trashed, 2)]).toEqual([true, false]);
    const back = await conversation('ConversationTrashed', 'ConversationRestored', 'delta');
    expect([await trashedSince(back, 0), await trashedSince(back, 1)]).toEqual([false, false]);
    const again = await conversation('ConversationTrashed', 'ConversationRestored', 'ConversationTrashed');
    expect([await trashedSince(again, 0), await trashedSince(again, 2)]).toEqual([true, true]);
  });

  it('is false of what nobody put there, of no stream, and of no seq', async () => {
    expect(await trashedSince(await conversation('Noted', 'delta'), 0)).toBe(false);
    expect(await trashedSince(randomUUID(), 0)).toBe(false);
    expect(await trashedSince(await conversation('ConversationTrashed'), null)).toBe(false);
  });
});
