import { ChatLogError } from '../chat-log-error.js';
import { Transport } from './transport.js';

/** What a write throws that is answered with this. */
async function failure(body: string | ReadableStream<Uint8Array>, status: number): Promise<ChatLogError> {
  const fetch = () => Promise.resolve(new Response(body, { status }));
  const transport = new Transport({ baseUrl: 'http://log.example', fetch });
  const thrown: unknown = await transport.write('POST', '/api/x', {}).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ChatLogError);
  return thrown as ChatLogError;
}

/** A body whose connection is lost after a few bytes. */
function cut(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.error(new TypeError('terminated'));
    },
  });
}

it('tells what the server said', async () => {
  const problem = JSON.stringify({ code: 'turn_in_progress', detail: 'A turn is running.' });
  expect(await failure(problem, 409)).toMatchObject({
    code: 'turn_in_progress',
    status: 409,
    message: 'A turn is running.',
    isTransient: false,
  });
});

it('takes a refusal that was cut off on its way for a lost connection: what it said may be heard at another try', async () => {
  expect(await failure(cut('{"code":"turn_in'), 409)).toMatchObject({
    code: 'network',
    status: 0,
    isTransient: true,
  });
});

it('goes by the status where something else than the server answered', async () => {
  expect(await failure('<h1>Bad gateway</h1>', 502)).toMatchObject({ code: 'http_502', isTransient: true });
  expect(await failure('', 403)).toMatchObject({ code: 'http_403', isTransient: false });
});
