import { ApiClient } from '../support/api-client.js';
import { inParallel, readEvents } from '../support/conversation-probe.js';
import { checkHistory, type Violation } from '../support/history-checker.js';
import { foldedMessages, listedBesideFolded } from '../support/listed-messages.js';
import type { Talk } from './talk.js';

/** Every broken promise of the conversations, read when all is quiet; `onChecked` is told of each one that was looked at. */
export async function findViolations(
  url: string,
  talks: readonly Talk[],
  onChecked: (events: number) => void = () => undefined,
): Promise<Violation[]> {
  const api = new ApiClient(url);
  const violations: Violation[] = [];
  await inParallel(talks, 4, async (talk) => {
    const { id: streamId, acked, reader, positions } = talk;
    const log = await readEvents(api, streamId);
    const moments = talk.moments.map(({ at, messages }) => {
      return { name: 'state', seq: at, rows: messages, folded: foldedMessages(streamId, log.slice(0, at)) };
    });
    violations.push(
      ...checkHistory({
        streamId,
        log,
        acked,
        reads: [{ client: 'reader', after: 0, events: reader.events }],
        positions: [{ client: 'writer', seqs: positions }],
        projections: [await listedBesideFolded(api, streamId, log), ...moments],
      }),
      ...(reader.lastSeq === log.length
        ? []
        : [
            {
              rule: 'whole' as const,
              detail: `${streamId}: its reader stays at ${reader.lastSeq} of ${log.length}`,
            },
          ]),
      ...(await lostVersions(api, talk)),
    );
    onChecked(log.length);
  });
  return violations;
}

/** Versions that a restore answered with, and that are not there. */
async function lostVersions(api: ApiClient, { id, versions }: Talk): Promise<Violation[]> {
  const lost: Violation[] = [];
  for (const { projectId, version } of versions) {
    const { status } = await api.get(`/api/projects/${projectId}/versions/${version}`);
    if (status !== 200)
      lost.push({
        rule: 'acked',
        detail: `${id}: version ${version} of ${projectId} was acknowledged: ${status}`,
      });
  }
  return lost;
}
