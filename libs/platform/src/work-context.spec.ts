import { setTimeout as pause } from 'node:timers/promises';
import { contextFields, inContext, outOfContext, withOrigin, workOrigin } from './work-context.js';

describe('the context of work', () => {
  it('is there through calls and waits, and adds up', async () => {
    await inContext({ requestId: 'r1' }, async () => {
      await pause(1);
      await inContext({ conversationId: 'c1', seq: 3 }, async () => {
        await pause(1);
        expect(contextFields()).toEqual({ requestId: 'r1', conversationId: 'c1', seq: 3 });
      });
      expect(contextFields()).toEqual({ requestId: 'r1' });
    });
    expect(contextFields()).toEqual({});
  });

  it('is left by work that serves many', () => {
    inContext({ requestId: 'r1' }, () => {
      outOfContext(() => expect(contextFields()).toEqual({}));
      expect(contextFields()).toEqual({ requestId: 'r1' });
    });
  });

  it('travels with a job', () => {
    const origin = inContext({ requestId: 'r1', conversationId: 'c1' }, workOrigin);
    expect(origin).toEqual({ requestId: 'r1' });
    inContext({ requestId: 'of the job loop' }, () =>
      withOrigin(JSON.parse(JSON.stringify(origin)), () =>
        expect(contextFields()).toEqual({ requestId: 'r1' }),
      ),
    );
    expect(workOrigin()).toBeNull();
  });

  it.each([undefined, null, 'text', 7, [], { requestId: 'a\nb' }, { requestId: 7, traceparent: 'x' }])(
    'takes %j for no origin',
    (origin) => withOrigin(origin, () => expect(contextFields()).toEqual({})),
  );
});
