import { initialState, newId, type Decision, type DomainEvent } from '#model';
import { decisionUnit, type DecidedAt } from './decision-unit.js';

const streamId = newId();
const turnId = newId();
const messageId = newId();
const at = (more: Partial<DecidedAt> = {}): DecidedAt => ({
  streamId,
  tenantId: 'acme',
  state: { ...initialState(streamId), seq: 7 },
  sinceSnapshot: 0,
  ...more,
});
const decided = (events: DomainEvent[], entities: Decision['entities'] = []): Decision => ({
  events,
  entities,
  result: { kind: 'none' },
  status: 200,
});
const posted: DomainEvent = {
  type: 'MessagePosted',
  data: { messageId, parentId: null, role: 'user', content: [] },
};
const requested: DomainEvent = { type: 'TurnRequested', data: { turnId, messageId }, metadata: { turnId } };
const cancelled: DomainEvent = { type: 'TurnCancelled', data: { turnId } };

test('events go right behind the decided position, with what they came from; ids with the seq that makes them', () => {
  const entities = [
    { id: messageId, index: 0 },
    { id: turnId, index: 1 },
  ];
  const unit = decisionUnit(at(), decided([posted, requested], entities), { userId: 'ann' });
  expect(unit.appends).toMatchObject([
    {
      streamId,
      expectedSeq: 7,
      events: [
        { type: 'MessagePosted', schemaVersion: 1, metadata: { userId: 'ann' } },
        { type: 'TurnRequested', schemaVersion: 1, metadata: { userId: 'ann', turnId } },
      ],
    },
  ]);
  expect(unit.appends[0]!.create).toBeUndefined();
  expect(unit.entities).toEqual([
    { id: messageId, streamId, seq: 8 },
    { id: turnId, streamId, seq: 9 },
  ]);
  expect(unit.openTurn).toEqual({ streamId, turnId });
  expect(unit.snapshot).toBeUndefined();
});

test('a first unit makes the stream', () => {
  const state = initialState(streamId);
  const unit = decisionUnit(at({ state, ownerId: 'ann' }), decided([posted]), {});
  expect(unit.appends[0]).toMatchObject({
    expectedSeq: 0,
    create: { tenantId: 'acme', ownerId: 'ann', kind: 'conversation' },
  });
});

test('a terminal event closes the turn and leaves a snapshot of the state before it', () => {
  const unit = decisionUnit(at(), decided([cancelled]), {});
  expect(unit.closeTurn).toEqual({ streamId, turnId });
  expect(unit.snapshot).toMatchObject({ streamId, seq: 7, state: at().state });
});

test('a long tail leaves a snapshot; no events, nothing', () => {
  expect(decisionUnit(at({ sinceSnapshot: 100 }), decided([posted]), {}).snapshot).toBeUndefined();
  expect(decisionUnit(at({ sinceSnapshot: 101 }), decided([posted]), {}).snapshot).toMatchObject({ seq: 7 });
  expect(decisionUnit(at({ sinceSnapshot: 101 }), decided([]), {})).toEqual({ appends: [] });
});
