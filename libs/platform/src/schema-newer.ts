/** The database was migrated by newer code: this one must not touch it. */
export class SchemaNewer extends Error {
  constructor(readonly unknown: readonly string[]) {
    super(
      `the database schema is newer than this program (it holds ${unknown.join(', ')}): start the newer program`,
    );
    this.name = 'SchemaNewer';
  }
}
