import { newestOf, superfluous, type ShelvedBackup } from './retention.js';

const backup = (day: number, more: Partial<ShelvedBackup> = {}): ShelvedBackup => ({
  name: `of day ${day}`,
  whole: true,
  startedAt: `2026-01-0${day}T00:00:00.000Z`,
  epoch: 'mine',
  ...more,
});
const names = (backups: ShelvedBackup[]) => backups.map(({ name }) => name);

describe('which backups may go', () => {
  it('is the whole ones beyond the newest few, in whatever order they are found', () => {
    const shelf = [backup(3), backup(1), backup(4), backup(2)];
    expect(names(superfluous(shelf, 'mine', 2))).toEqual(['of day 2', 'of day 1']);
    expect(superfluous(shelf, 'mine', 4)).toEqual([]);
  });

  it('is never the newest whole one, though an unfinished one is newer and none are to be kept', () => {
    const shelf = [backup(1), backup(2), backup(3, { whole: false })];
    expect(names(superfluous(shelf, 'mine', 0))).toEqual(['of day 1']);
    expect(newestOf(shelf, 'mine')?.name).toBe('of day 3');
  });

  it('is an unfinished one that a newer whole one has overtaken', () => {
    const shelf = [backup(1, { whole: false }), backup(2)];
    expect(names(superfluous(shelf, 'mine', 7))).toEqual(['of day 1']);
  });

  it('is none of another log, and none of which nothing is known', () => {
    const shelf = [
      backup(1, { epoch: 'theirs' }),
      backup(2, { epoch: 'theirs', whole: false }),
      backup(3, { epoch: null, startedAt: null, whole: false }),
      backup(4),
    ];
    expect(superfluous(shelf, 'mine', 1)).toEqual([]);
  });
});
