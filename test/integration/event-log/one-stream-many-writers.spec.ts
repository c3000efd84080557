import { randomUUID } from 'node:crypto';
import { WrongExpectedVersion, type EventLog } from '#event-log';
import { event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';

const PROCESSES = 5;
const WRITERS_EACH = 10;
const APPENDS = 200;

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog({ poolSize: 5 });
});
afterAll(() => fixture.close());

it('gives each seq to one of 50 writers, and tells the losers', async () => {
  const streamId = randomUUID();
  await fixture.log.append(unitOf(streamId, 0));
  const acked = new Map<number, string>();
  let conflicts = 0;

  const write = async (log: EventLog) => {
    let head = await log.head(streamId);
    for (let append = 0; append < APPENDS; append++) {
      const mine = event('Noted', { append });
      try {
        const outcome = await log.append(unitOf(streamId, head, [mine]));
        head += 1;
        expect(outcome).toMatchObject({ status: 'committed', positions: [{ seqFrom: head, seqTo: head }] });
        expect(acked.has(head)).toBe(false);
        acked.set(head, mine.eventId);
      } catch (error) {
        if (!(error instanceof WrongExpectedVersion)) throw error;
        conflicts++;
        head = await log.head(streamId);
      }
    }
  };
  const logs = [fixture.log];
  while (logs.length < PROCESSES) logs.push(await fixture.another());
  await Promise.all(logs.flatMap((log) => Array.from({ length: WRITERS_EACH }, () => write(log))));

  const rows = await fixture.database.query<{ seq: number; event_id: string }>(
    'select seq, event_id from events where stream_id = $1 order by seq',
    [streamId],
  );
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  expect(rows.slice(1).map(({ seq, event_id }) => [seq, event_id])).toEqual(
    [...acked].toSorted(([a], [b]) => a - b),
  );
  expect(acked.size + conflicts).toBe(PROCESSES * WRITERS_EACH * APPENDS);
  expect(conflicts).toBeGreaterThan(0);
  process.stderr.write(`${acked.size} appends, ${conflicts} conflicts\n`);
}, 120_000);
