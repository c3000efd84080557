import { randomUUID } from 'node:crypto';
import { currentProjectVersions, foldProject, versionId, type LoggedEvent, type ProjectEvent } from '#model';
import { ProjectRepository } from '#projects';
import { spyOnPlans, type ScanSeen } from '../../support/plan-spy.js';
import { openProjects, type ProjectFixture } from '../../support/project-process.js';
import { sha } from '../../support/project-story.js';
import { createPrng } from '../../support/prng.js';
import { projectionProcess, READER, type ProjectionProcess } from '../../support/projections.js';

const TURNS = 1_500;
const PATHS = 12;
/** No read of a tree, or of a page of 50 versions, may go over more rows of a table than this. */
const MOST_ROWS = 150;

let open: ProjectFixture;
let reader: ProjectionProcess;
const seen: ScanSeen[] = [];
const projectId = randomUUID();
const events: LoggedEvent[] = [];

/** A project that turn after turn wrote three files of, and named some of its versions. */
function tell(): ProjectEvent[] {
  const told: ProjectEvent[] = [{ type: 'ProjectCreated', data: { title: 'Long' } }];
  for (let turn = 1; turn <= TURNS; turn += 1) {
    for (let n = 0; n < 3; n += 1) {
      const path = `dir/${(turn * 7 + n) % PATHS}.html`;
      told.push({ type: 'FileWritten', data: { path, sha256: sha(`${turn} ${n}`), size: turn } });
    }
    if (turn % 10 === 0) told.push({ type: 'FileDeleted', data: { path: `dir/${(turn * 7) % PATHS}.html` } });
    told.push({ type: 'ProjectVersionCommitted', data: { version: turn } });
    if (turn % 25 === 0)
      told.push({ type: 'ProjectVersionStarred', data: { version: turn - 3, starred: true } });
  }
  return told;
}

for (const [index, { type, data }] of tell().entries()) {
  const schemaVersion = currentProjectVersions[type];
  events.push({ seq: index + 1, type, at: '', schemaVersion, data, metadata: {} });
}

/** Writes the whole past into the log; nothing of it is projected. */
async function append(streamId: string): Promise<void> {
  const { tenantId, userId: ownerId } = READER;
  for (let at = 0; at < events.length; at += 700) {
    const part = events.slice(at, at + 700);
    const create = { tenantId, ownerId, kind: 'project' } as const;
    const fresh = part.map(({ type, data, schemaVersion }) => {
      return { eventId: randomUUID(), type, schemaVersion, data, metadata: {} };
    });
    const committed = part.filter(({ type }) => type === 'ProjectVersionCommitted');
    await open.log.append({
      appends: [{ streamId, tenantId, expectedSeq: at, ...(at === 0 && { create }), events: fresh }],
      entities: committed.map(({ seq, data }) => {
        return { id: versionId(streamId, (data as { version: number }).version), streamId, seq };
      }),
    });
  }
}

beforeAll(async () => {
  open = await openProjects();
  reader = await projectionProcess(open.url, undefined, (database) => spyOnPlans(database, seen));
  await append(projectId);
  await open.runner.project(projectId);
  await open.database.query('analyze files, project_versions, projects');
}, 120_000);
afterAll(async () => {
  await reader?.close();
  await open?.close();
});

const treeAt = (at: number) => {
  const { files } = foldProject(projectId, events.slice(0, at));
  return Object.fromEntries(Object.entries(files).map(([path, { sha256 }]) => [path, sha256]));
};

describe('a long project', () => {
  it('is listed and read exactly before anything of it is projected', async () => {
    const [listed, read] = [randomUUID(), randomUUID()];
    await append(listed);
    const { items } = await open.projects.list(READER, { limit: 1 });
    expect(items).toMatchObject([{ id: listed, title: 'Long', version: TURNS }]);
    await append(read);
    const tree = (await open.trees.at(READER, read))!;
    const found = Object.entries(tree.files).map(([path, { sha256 }]) => [path, sha256]);
    expect(Object.fromEntries(found)).toEqual(treeAt(events.length));
  }, 60_000);

  it('is read at any seq in a few rows, however far that is from the ends', async () => {
    const prng = createPrng('long project');
    for (let n = 0; n < 12; n += 1) {
      const at = n === 0 ? events.length : prng.between(1, events.length);
      seen.length = 0;
      const tree = (await reader.trees.at(READER, projectId, at))!;
      const found = Object.entries(tree.files).map(([path, { sha256 }]) => [path, sha256]);
      expect({ at, files: Object.fromEntries(found) }).toEqual({ at, files: treeAt(at) });
      expect(seen.filter(({ rows }) => rows > MOST_ROWS)).toEqual([]);
    }
  });

  it('gives a page of its versions in a few rows', async () => {
    for (const before of [undefined, 2, TURNS / 2]) {
      seen.length = 0;
      const { items } = (await reader.projects.versions(READER, projectId, { before, limit: 50 }))!;
      expect(items[0]!.version).toBe(before === undefined ? TURNS : before - 1);
      expect(seen.filter(({ rows }) => rows > MOST_ROWS)).toEqual([]);
    }
  });

  it('is loaded for a decision from a snapshot and the events after it, whose version may be another', async () => {
    const state = foldProject(projectId, events);
    const load = async () => (await new ProjectRepository(open.log).load(projectId))!.state;
    const plain = ({ files, version, seq }: typeof state) => ({ files, version, seq });
    expect(plain(await load())).toEqual(plain(state));
    const kept = await open.database.query<{ seq: number }>(
      'select seq from snapshots where stream_id = $1',
      [projectId],
    );
    expect(kept).toEqual([{ seq: events.length }]);
    // marked, to see that it is used
    await open.database.query(
      `update snapshots set state = jsonb_set(state::jsonb, '{title}', '"kept"')::json where stream_id = $1`,
      [projectId],
    );
    expect((await load()).title).toBe('kept');
    await open.database.query('update snapshots set reducer_version = 99 where stream_id = $1', [projectId]);
    expect((await load()).title).toBe('Long');
  });

  it('is folded as of a seq for a decision', async () => {
    const repository = new ProjectRepository(open.log);
    for (const version of [1, 700, TURNS]) {
      const seq = (await repository.seqOfVersion(projectId, version))!;
      const state = (await repository.at(projectId, seq))!;
      expect(state).toMatchObject({ version, seq });
      expect(
        Object.fromEntries(Object.entries(state.files).map(([path, { sha256 }]) => [path, sha256])),
      ).toEqual(treeAt(seq));
    }
    expect(await repository.seqOfVersion(projectId, TURNS + 1)).toBeNull();
    expect(await repository.at(projectId, events.length + 1)).toBeNull();
  });
});
