import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export type MigrationClass = new () => MigrationInterface;

/** TypeORM orders migrations by the 13 digits that a name ends in: number 1 is this plus 1,000, and so on. */
const EPOCH_MS = 1_767_225_600_000;

/**
 * The numbered SQL files of a folder (`0001-event-log.sql`) as TypeORM migrations, in order. A file is never changed once it
 * has been released: the next one changes what it made.
 * @throws when a number is missing or stands twice.
 */
export function migrationsIn(folder: string): MigrationClass[] {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .toSorted();
  files.forEach((file, index) => {
    if (Number(file.slice(0, 4)) !== index + 1)
      throw new Error(`${file} is not number ${index + 1} of ${folder}`);
  });
  return files.map((file) => migrationOf(folder, file));
}

function migrationOf(folder: string, file: string): MigrationClass {
  return class implements MigrationInterface {
    readonly name = migrationName(file);

    async up(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(readFileSync(join(folder, file), 'utf8'));
    }

    /** The log is never taken back: a mistake is put right by the next migration. */
    async down(): Promise<void> {
      throw new Error(`${file} cannot be reverted`);
    }
  };
}

function migrationName(file: string): string {
  const words = file.replace(/\.sql$/, '').split('-');
  const title = words.slice(1).map((word) => word[0]?.toUpperCase() + word.slice(1));
  return `${title.join('')}${EPOCH_MS + Number(words[0]) * 1_000}`;
}
