import type { ProjectEventData, ProjectState } from '#model';
import type { ProjectPorts } from './project-ports.js';

/**
 * What Claude must be told when the project was restored after `toldSeq`: it remembers files that are no longer so. Only the newest
 * restore counts. Null: nothing. @throws LogUnavailable
 */
export async function restoreNote(
  { read }: Pick<ProjectPorts, 'read'>,
  { id, seq }: Pick<ProjectState, 'id' | 'seq'>,
  toldSeq: number | null,
): Promise<string | null> {
  if (toldSeq === null || toldSeq >= seq) return null;
  const [restored] = await read(id, {
    after: toldSeq,
    upTo: seq,
    types: ['ProjectVersionRestored'],
    direction: 'backward',
    limit: 1,
  });
  if (restored === undefined) return null;
  const { ofVersion, version } = restored.data as ProjectEventData<'ProjectVersionRestored'>;
  return (
    `The project was restored to version ${ofVersion}: its files are those of that version again, as version ${version}. ` +
    'What you remember of its files from after that version no longer holds: read them again before you change them.'
  );
}
