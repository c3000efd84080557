import { adminEventSchemas } from './admin-events.js';

const requested = {
  actionId: '0198c7a0-0000-7000-8000-000000000001',
  action: 'rebuild',
  target: 'messages',
  by: { userId: 'ann', via: 'api', credential: 'CHATLOG_ADMIN_TOKEN' },
  parameters: { dryRun: true },
};
const taken = { ...requested, outcome: 'failed', error: 'it is being rebuilt already' };

it('keeps all that was said of an action', () => {
  expect(adminEventSchemas.AdminActionRequested.parse(requested)).toEqual(requested);
  expect(adminEventSchemas.AdminActionTaken.parse(taken)).toEqual(taken);
});

it.each([
  ['an action that nobody can take', { ...taken, action: 'drop_everything' }],
  ['nobody', { ...taken, by: undefined }],
  ['an outcome that is none', { ...taken, outcome: 'perhaps' }],
  ['no target', { ...taken, target: undefined }],
])('refuses %s', (_, data) => {
  expect(adminEventSchemas.AdminActionTaken.safeParse(data).success).toBe(false);
});
