import { Injectable } from '@nestjs/common';
import type { ProjectFiles } from '#contracts';
import { BlobStore } from '#event-log';
import { byPath } from '#model';
import type { TreeFiles } from './project-at.js';

/** The contents of a tree's files. */
@Injectable()
export class ProjectContents {
  constructor(private readonly blobs: BlobStore) {}

  /** Every file with its content, in path order. @throws Error when a content is missing or damaged */
  async of(tenantId: string, tree: TreeFiles): Promise<ProjectFiles> {
    const paths = Object.keys(tree).toSorted(byPath);
    const contents = await this.blobs.getMany(
      tenantId,
      paths.map((path) => tree[path]!.sha256),
    );
    return Object.fromEntries(
      paths.map((path) => {
        const { sha256, type } = tree[path]!;
        return [path, { content: contents.get(sha256)!, type }];
      }),
    );
  }
}
