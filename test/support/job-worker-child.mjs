// A process with the built JobQueues, told by its parent over IPC when to begin its worker: it must stay responsive whatever
// becomes of the worker's first connection.
import { JobQueues } from '../../dist/libs/platform/src/index.js';

const queues = new JobQueues({ databaseUrl: process.argv[2] });
while (!(await queues.health()).ok) await new Promise((resolve) => setTimeout(resolve, 50));
const actions = {
  work: () =>
    queues.work('turns', async ({ streamId }) => void process.send(`handled ${streamId}`), {
      concurrency: 1,
    }),
  ping: () => process.send('pong'),
  // a queue that was away may not take the first
  offer: async () => {
    while (!(await queues.enqueue('turns', { streamId: 'one' })))
      await new Promise((resolve) => setTimeout(resolve, 50));
  },
  stop: () => queues.close().then(() => process.disconnect()),
};
process.on('message', (message) => void actions[message]());
process.send('ready');
