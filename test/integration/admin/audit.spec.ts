import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type AdminDeed, type Administrator, AdminAudit, adminStreamId, type AuditEntry } from '#admin';
import { AnswerOnce, StreamGate } from '#commands';
import { type EventLog, IdempotencyKeyReused } from '#event-log';
import { DomainRefusal } from '#model';
import { AdminStream } from '../../../libs/admin/src/admin-stream.js';
import { openEventLog, TENANT, type LogFixture } from '../../support/event-log.js';

const PROCESSES = 3;
const ACTIONS = 25;
const by: Administrator = { tenantId: TENANT, userId: 'ann', via: 'api', credential: 'CHATLOG_ADMIN_TOKEN' };
const deed = (target: string): AdminDeed => ({ action: 'rollback', target });

let fixture: LogFixture;
let tenant = 0;
/** A tenant of the test's own, so that its audit is empty. */
const someone = (): Administrator => ({ ...by, tenantId: `tenant ${(tenant += 1)}` });
const auditOn = (log: EventLog): AdminAudit =>
  new AdminAudit(new AdminStream(log, new StreamGate()), new AnswerOnce(log));

beforeAll(async () => {
  fixture = await openEventLog({ poolSize: 5 });
});
afterAll(() => fixture.close());

const outcomes = (entries: AuditEntry[]) =>
  entries.map((entry) => [entry.outcome, 'target' in entry ? entry.target : null]);

it('loses none of the actions that several processes take at once, and leaves no gap', async () => {
  const acting = someone();
  const audits = [auditOn(fixture.log)];
  while (audits.length < PROCESSES) audits.push(auditOn(await fixture.another()));
  const targets = audits.flatMap((_, process) =>
    Array.from({ length: ACTIONS }, (__, n) => `${process}/${n}`),
  );
  await Promise.all(
    targets.map((target) => audits[Number(target[0])]!.act(acting, deed(target), async () => target)),
  );

  const entries = await audits[0]!.list(acting.tenantId, { limit: 1_000 });
  expect(entries.map(({ seq }) => seq).toReversed()).toEqual(entries.map((_, index) => index + 1));
  for (const outcome of ['requested', 'done'])
    expect(new Set(outcomes(entries.filter((entry) => entry.outcome === outcome)).map(String))).toEqual(
      new Set(targets.map((target) => `${outcome},${target}`)),
    );
  expect(entries).toHaveLength(2 * targets.length);
  // each begins before it ends
  const began = new Set<string>();
  for (const entry of entries.toReversed()) {
    if (entry.outcome === 'unreadable') throw new Error(entry.error);
    if (entry.outcome === 'requested') began.add(entry.actionId);
    else expect(began.has(entry.actionId)).toBe(true);
  }
});

it('records what failed, and why, and gives the failure on', async () => {
  const acting = someone();
  const audit = auditOn(fixture.log);
  const failing = audit.act(acting, { action: 'cancel', target: 'x', parameters: { n: 1 } }, () =>
    Promise.reject(new Error('no such rebuild')),
  );
  await expect(failing).rejects.toThrow('no such rebuild');
  expect(await audit.list(acting.tenantId)).toMatchObject([
    {
      seq: 2,
      outcome: 'failed',
      error: 'no such rebuild',
      action: 'cancel',
      target: 'x',
      parameters: { n: 1 },
    },
    { seq: 1, outcome: 'requested', by: { userId: 'ann', via: 'api', credential: 'CHATLOG_ADMIN_TOKEN' } },
  ]);
});

it('does nothing that it cannot record', async () => {
  const other = await openEventLog();
  const audit = auditOn(other.log);
  await other.database.end();
  let done = false;
  await expect(audit.act(by, deed('x'), async () => (done = true))).rejects.toThrow();
  expect(done).toBe(false);
  await other.close();
});

it('does once what is asked for twice with one key, in any process', async () => {
  const acting = someone();
  const once = { commandId: randomUUID(), bodySha256: 'a'.repeat(64) };
  const audits = [auditOn(fixture.log), auditOn(await fixture.another())];
  let running = false;
  let begun = 0;
  /** As a rebuild: a second one is refused while the first runs. */
  const work = async () => {
    if (running) throw new DomainRefusal('rebuild_running', 409, 'already');
    running = true;
    begun += 1;
    await pause(150);
    return { id: begun };
  };
  const asked = [...audits, ...audits].map((audit) => audit.act(acting, deed('messages'), work, once));
  expect(await Promise.all(asked)).toEqual(asked.map(() => ({ id: 1 })));
  expect(await audits[1]!.act(acting, deed('messages'), work, once)).toEqual({ id: 1 });
  expect(begun).toBe(1);
  const another = { ...once, bodySha256: 'b'.repeat(64) };
  await expect(audits[0]!.act(acting, deed('messages'), work, another)).rejects.toThrow(IdempotencyKeyReused);
  await expect(audits[0]!.act(acting, deed('messages'), work)).rejects.toThrow('already');
});

it('keeps the audit of each tenant apart, and pages through it', async () => {
  const [ann, eve] = [someone(), someone()];
  const audit = auditOn(fixture.log);
  for (const target of ['a', 'b', 'c']) await audit.note(ann, deed(target));
  await audit.note(eve, deed('hers'));
  expect(outcomes(await audit.list(ann.tenantId, { limit: 2 }))).toEqual([
    ['done', 'c'],
    ['done', 'b'],
  ]);
  expect(outcomes(await audit.list(ann.tenantId, { limit: 2, before: 2 }))).toEqual([['done', 'a']]);
  expect(outcomes(await audit.list(eve.tenantId))).toEqual([['done', 'hers']]);
});

it('holds up no projection, and is no conversation or project', async () => {
  const acting = someone();
  const streamId = adminStreamId(acting.tenantId);
  await auditOn(fixture.log).act(acting, deed('x'), async () => null);
  await auditOn(fixture.log).act(acting, deed('y'), async () => null);
  expect(await fixture.log.head(streamId)).toBe(4);
  expect(await fixture.database.query('select 1 from pending')).toEqual([]);
  expect(await fixture.log.info(streamId)).toMatchObject({ kind: 'admin', tenantId: acting.tenantId });
  const [owner] = await fixture.database.query<{ n: number }>(
    'select count(*)::integer as n from streams where owner_id = $1',
    [acting.userId],
  );
  expect(owner?.n).toBe(0);
});
