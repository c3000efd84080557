import { foldProject, initialProject, type LoggedEvent } from '#model';
import { createPrng } from '../../../../../test/support/prng.js';
import { logged, projectStory, randomCommand } from '../../../../../test/support/project-story.js';
import { projectsFold, type ProjectsChanges, type ProjectsContext } from './projects.fold.js';
import type { NewRow, RowChanges } from './row-ledger.js';

const id = '00000000-0000-7000-8000-00000000000a';

/** Rows as a table would hold them. */
class Table<Key, Fields extends object> {
  rows: NewRow<Fields>[] = [];
  constructor(private readonly keyOf: (fields: Fields) => Key) {}

  apply({ closed, inserted }: RowChanges<Key, Fields>): void {
    for (const { key, validFrom, validTo, patch } of closed) {
      const row = this.rows.find((one) => this.keyOf(one.fields) === key && one.validFrom === validFrom);
      expect(row).toMatchObject({ validTo: null });
      Object.assign(row!, { validTo, fields: { ...row!.fields, ...patch } });
    }
    this.rows.push(...structuredClone(inserted));
  }

  at(seq: number): Fields[] {
    return this.rows
      .filter(({ validFrom, validTo }) => validFrom <= seq && (validTo === null || validTo > seq))
      .map(({ fields }) => fields);
  }
}

class Tables {
  state = initialProject(id);
  readonly project = new Table((_fields: ProjectsChanges['inserted'][number]['fields']) => 'project');
  readonly versions = new Table(
    (fields: ProjectsChanges['versions']['inserted'][number]['fields']) => fields.version,
  );
  readonly files = new Table((fields: ProjectsChanges['files']['inserted'][number]['fields']) => fields.path);

  fold(events: LoggedEvent[]): void {
    const current = this.project.rows.find(({ validTo }) => validTo === null) ?? null;
    const open = this.versions.rows.filter(({ validTo }) => validTo === null);
    const context: ProjectsContext = structuredClone({ state: this.state, current, versions: open });
    const changes = projectsFold.fold(context, events, { unreadable: 'mark' });
    this.state = changes.state;
    if (changes.followed) Object.assign(current!, structuredClone(changes.followed));
    this.project.apply({ closed: [], inserted: changes.inserted });
    this.versions.apply(changes.versions);
    this.files.apply(changes.files);
  }
}

test('the rows at every seq are the fold of the events up to it, wherever the batches end', () => {
  const prng = createPrng('project rows');
  for (let round = 0; round < 60; round += 1) {
    let events: LoggedEvent[] = [];
    projectStory((story) => {
      for (let n = 0; n < 30; n += 1) story.try(randomCommand(prng, story.state));
      events = story.events;
    });
    const tables = new Tables();
    for (let at = 0; at < events.length;) {
      const size = prng.between(1, 9);
      tables.fold(events.slice(at, at + size));
      at += size;
    }
    for (let seq = 1; seq <= events.length; seq += 1) {
      const state = foldProject(id, events.slice(0, seq));
      const tree = Object.fromEntries(
        tables.files.at(seq).map(({ path, sha256, size }) => [path, { sha256, size }]),
      );
      expect(tree).toEqual(
        Object.fromEntries(
          Object.entries(state.files).map(([path, { sha256, size }]) => [path, { sha256, size }]),
        ),
      );
      expect(tables.project.at(seq)).toMatchObject([{ title: state.title, version: state.version }]);
      const versions = tables.versions.at(seq);
      expect(versions.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: state.version }, (_, n) => n + 1),
      );
      for (const { version, name, starred } of versions) {
        const { name: given = null, starred: star = false } = state.labels[version] ?? {};
        expect({ name, starred }).toEqual({ name: given, starred: star });
      }
    }
    for (const { fields } of tables.versions.rows) {
      const { files } = foldProject(id, events.slice(0, fields.seq));
      const inVersion = tables.files.rows
        .filter(
          ({ fields: { fromVersion, toVersion } }) =>
            fromVersion <= fields.version && (toVersion === null || toVersion > fields.version),
        )
        .map((row) => row.fields.path);
      expect(inVersion.toSorted()).toEqual(Object.keys(files).toSorted());
    }
  }
});

test('an event that it cannot read is refused when parking, and marked when reading', () => {
  const events = [logged(1, 'ProjectCreated', { title: 'One' }), logged(2, 'FileWritten', { path: 1 })];
  const context: ProjectsContext = { state: initialProject(id), current: null, versions: [] };
  expect(() => projectsFold.fold(context, events, { unreadable: 'park' })).toThrow('data.path');
  const { markers, state } = projectsFold.fold(context, events, { unreadable: 'mark' });
  expect(markers).toMatchObject([{ seq: 2 }]);
  expect(state).toMatchObject({ seq: 2, markers: [] });
});
