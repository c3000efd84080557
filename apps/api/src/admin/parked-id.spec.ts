import { parkedIdOf, parkedKeyOf } from './parked-id.js';

it('names a parked stream so that its key is found again, in any case', () => {
  const key = { projection: 'messages', generation: 12, streamId: '018f6a3e-5a8b-7c33-9d2e-1f0a4c5b6d7e' };
  expect(parkedKeyOf(parkedIdOf(key))).toEqual(key);
  const shouted = `messages.12.${key.streamId.toUpperCase()}`;
  expect(parkedKeyOf(shouted)).toEqual(key);
});
