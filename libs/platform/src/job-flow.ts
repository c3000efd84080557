import { FlowProducer, type FlowJob, type JobsOptions } from 'bullmq';
import type { JobData } from './job-producer.js';
import type { QueueBackend } from './queue-backend.js';

const options: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: 100 };

/** Offers a parent that runs after its children, whatever became of them: they are hints, as all jobs are. */
export async function addFlow(
  backend: QueueBackend,
  queueName: string,
  flow: { parent: JobData; children: JobData[] },
  onError: (error: Error) => void,
): Promise<void> {
  const producer = new FlowProducer({ connection: backend.connection('producer') }, backend.factory);
  producer.on('error', onError);
  try {
    const child = (data: JobData): FlowJob => {
      return { name: queueName, queueName, data, opts: { ...options, ignoreDependencyOnFailure: true } };
    };
    await producer.waitUntilReady();
    await producer.add({
      name: queueName,
      queueName,
      data: flow.parent,
      opts: options,
      children: flow.children.map(child),
    });
  } finally {
    await producer.close();
  }
}
