import { Injectable } from '@nestjs/common';
import { BlobStore } from '#event-log';
import { requireFits, utf8Length, type NewFiles } from '#model';

/** Contents by their path. */
export type FileContents = Record<string, { content: string }>;

/** Stores the contents of files, for the event that will name them. */
@Injectable()
export class ProjectFiles {
  constructor(private readonly blobs: BlobStore) {}

  /**
   * The files as events name them, durable. Nothing is stored of a set that a project may not have.
   * @throws DomainRefusal `invalid_path`, `path_clash`, `file_too_large`, `too_many_files`, `project_too_large`
   */
  async store(tenantId: string, files: FileContents): Promise<NewFiles> {
    const entries = Object.entries(files);
    const sizes = entries.map(([path, { content }]) => [path, { sha256: '', size: utf8Length(content) }]);
    requireFits(Object.fromEntries(sizes), 'files');
    const stored = await this.blobs.put(
      tenantId,
      entries.map(([, { content }]) => content),
    );
    return Object.fromEntries(entries.map(([path], index) => [path, stored[index]!]));
  }
}
