import {
  parkedIdSchema,
  projectionNameSchema,
  repairSchema,
  retryParkedSchema,
  startRebuildSchema,
  verifySchema,
} from './index.js';

type Schema = { safeParse(value: unknown): { success: boolean } };

const id = '018f6a3e-5a8b-7c33-9d2e-1f0a4c5b6d7e';

it.each<[string, Schema, unknown, boolean]>([
  ['a rebuild without a body', startRebuildSchema, undefined, true],
  ['a dry run', startRebuildSchema, { dryRun: true }, true],
  ['a dry run that also accepts', startRebuildSchema, { dryRun: true, acceptDiff: true }, false],
  ['a rebuild with a misspelt field', startRebuildSchema, { dry_run: true }, false],
  ['a rebuild that is dry by a text', startRebuildSchema, { dryRun: 'false' }, false],
  ['a verification of a sample', verifySchema, { sample: 1_000, deep: true }, true],
  ['a sample that takes too long for a request', verifySchema, { sample: 1_001 }, false],
  ['an empty sample', verifySchema, { sample: 0 }, false],
  ['a verification of one conversation', verifySchema, { conversationId: id }, true],
  ['one conversation, and a sample', verifySchema, { conversationId: id, sample: 3 }, false],
  ['a repair in one projection', repairSchema, { projection: 'messages' }, true],
  ['all parked streams', retryParkedSchema, undefined, true],
  ['an empty fingerprint', retryParkedSchema, { fingerprint: '' }, false],
  ['the name of a projection', projectionNameSchema, 'read_models-2', true],
  ['SQL for a name', projectionNameSchema, 'messages; drop', false],
  ['a parked stream', parkedIdSchema, `messages.12.${id}`, true],
  ['a parked stream of generation 0', parkedIdSchema, `messages.0.${id}`, false],
  ['a generation that no integer holds', parkedIdSchema, `messages.99999999999.${id}`, false],
  ['a parked stream without one', parkedIdSchema, 'messages.1', false],
])('%s', (_, schema, value, good) => {
  expect(schema.safeParse(value).success).toBe(good);
});
