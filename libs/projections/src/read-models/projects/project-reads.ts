import { Injectable } from '@nestjs/common';
import type {
  FileAtSeq,
  FileAtVersion,
  Project,
  ProjectDiff,
  ProjectVersion,
  WholeProjectVersion,
} from '#contracts';
import type { Reader } from '../../reading/reader.js';
import { Snapshots, type Snapshot } from '../../reading/snapshots.js';
import { diffFiles, type ChangedFile, type VersionFiles } from './diff-files.js';
import { ProjectAt, type ProjectMoment } from './project-at.js';
import { ProjectContents } from './project-contents.js';
import { ProjectList, type ProjectListPage, type ProjectListRequest } from './project-list.js';
import { projectResource, versionResource, wholeVersionResource } from './project-resource.js';
import { ProjectViews } from './project-views.js';
import { unifiedDiff } from './unified-diff.js';
import { VersionRows } from './version-rows.js';
import type { VersionFields } from './version.row.js';
import { zipFiles } from './zip-files.js';

/** Newest first; `hasMore`: there are older ones. */
export type VersionsPage = { items: ProjectVersion[]; hasMore: boolean };
/** A zip archive, and a safe name for it. */
export type ProjectArchive = { fileName: string; bytes: Uint8Array };

type VersionThen = { fields: VersionFields; moment: ProjectMoment };

/**
 * Exact reads of projects, however far the projections lag. All give null where there is no such project, version or file
 * for this reader, and throw PositionBeyondHead and ReadUnavailable as `Snapshots` does.
 */
@Injectable()
export class ProjectReads {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly projects: ProjectAt,
    private readonly versionRows: VersionRows,
    private readonly contents: ProjectContents,
    private readonly lists: ProjectList,
    private readonly views: ProjectViews,
  ) {}

  /** The project with all its files and its page, now or as of `at`; as of `at` it never changes, and counts no views. */
  async project(reader: Reader, id: string, { at }: { at?: number } = {}): Promise<Project | null> {
    const found = await this.in(reader, id, at, async (snapshot) => {
      const moment = await this.projects.moment(snapshot);
      const { streamId } = snapshot.stream;
      const counted = at === undefined ? await this.views.of(snapshot.q, [streamId]) : undefined;
      return moment && { moment, streamId, views: counted && (counted.get(streamId) ?? 0) };
    });
    if (!found) return null;
    const files = await this.contents.of(reader.tenantId, found.moment.files);
    return projectResource(found.streamId, found.moment.fields, files, found.views);
  }

  /** Projects without their files, newest created first, every committed one among them. @throws CursorInvalid */
  list(reader: Reader, request: ProjectListRequest): Promise<ProjectListPage> {
    return this.lists.page(reader, request);
  }

  /** One of the reader's projects by chance; `metadata.views` counts this time too. Null when there is none. */
  async random(reader: Reader): Promise<Project | null> {
    const id = await this.views.showAny(reader);
    return id === null ? null : this.project(reader, id);
  }

  /** Versions, newest first, those before a number where one is given. */
  versions(
    reader: Reader,
    id: string,
    { before, limit }: { before?: number; limit: number },
  ): Promise<VersionsPage | null> {
    return this.in(reader, id, undefined, async (snapshot) => {
      const found = await this.versionRows.page(snapshot, { before, limit: limit + 1 });
      const items = found.slice(0, limit).map((fields) => versionResource(snapshot.stream.streamId, fields));
      return { items, hasMore: found.length > limit };
    });
  }

  /** One version without its files, under the name that it had at `at`. */
  versionInfo(
    reader: Reader,
    id: string,
    version: number,
    { at }: { at?: number } = {},
  ): Promise<ProjectVersion | null> {
    return this.in(reader, id, at, async (snapshot) => {
      const fields = await this.versionRows.one(snapshot, version);
      return fields && versionResource(snapshot.stream.streamId, fields);
    });
  }

  /** One version whole. */
  async version(reader: Reader, id: string, version: number): Promise<WholeProjectVersion | null> {
    const then = await this.versionWhole(reader, id, version);
    if (!then) return null;
    const files = await this.contents.of(reader.tenantId, then.moment.files);
    return wholeVersionResource(id.toLowerCase(), then.fields, then.moment.fields.title, files);
  }

  /** One file as it was in a version. */
  async file(reader: Reader, id: string, version: number, path: string): Promise<FileAtVersion | null> {
    const then = await this.versionWhole(reader, id, version);
    const file = then && Object.hasOwn(then.moment.files, path) ? then.moment.files[path] : undefined;
    if (!file) return null;
    const { sha256, size, type } = file;
    const { [path]: whole } = await this.contents.of(reader.tenantId, { [path]: file });
    return { projectId: id.toLowerCase(), version, path, content: whole!.content, type, sha256, size };
  }

  /** One file as it was after an event of the project's log, at the head when `at` is absent: between versions too. */
  async fileAt(
    reader: Reader,
    id: string,
    path: string,
    { at }: { at?: number } = {},
  ): Promise<FileAtSeq | null> {
    const found = await this.in(reader, id, at, async (snapshot) => {
      const moment = await this.projects.moment(snapshot);
      return moment && { files: moment.files, seq: snapshot.at, projectId: snapshot.stream.streamId };
    });
    const file = found && Object.hasOwn(found.files, path) ? found.files[path] : undefined;
    if (!found || !file) return null;
    const { [path]: whole } = await this.contents.of(reader.tenantId, { [path]: file });
    const { projectId, seq } = found;
    return { projectId, seq, path, content: whole!.content, ...file };
  }

  /** What leads from one version to another, file by file. */
  async diff(reader: Reader, id: string, from: number, to: number): Promise<ProjectDiff | null> {
    const files = await this.changes(reader, id, from, to);
    return (
      files && {
        projectId: id.toLowerCase(),
        from,
        to,
        files: files.map(({ similarity: _similarity, ...file }) => file),
      }
    );
  }

  /** The same as one patch that `git apply` takes. */
  async unified(reader: Reader, id: string, from: number, to: number): Promise<string | null> {
    const files = await this.changes(reader, id, from, to);
    return files && unifiedDiff(files);
  }

  /** A version's files as a zip archive. */
  async zip(reader: Reader, id: string, version: number): Promise<ProjectArchive | null> {
    const then = await this.versionWhole(reader, id, version);
    if (!then) return null;
    const files = await this.contents.of(reader.tenantId, then.moment.files);
    return {
      fileName: archiveName(then.moment.fields.title, version),
      bytes: await zipFiles(files, then.fields.createdAt),
    };
  }

  private async changes(reader: Reader, id: string, from: number, to: number): Promise<ChangedFile[] | null> {
    const [before, after] = [
      await this.versionWhole(reader, id, from),
      await this.versionWhole(reader, id, to),
    ];
    if (!before || !after) return null;
    const [left, right] = [before.moment.files, after.moment.files];
    return diffFiles(
      await this.compared(reader.tenantId, left, right),
      await this.compared(reader.tenantId, right, left),
    );
  }

  /** Contents only of files that differ. */
  private async compared(
    tenantId: string,
    files: ProjectMoment['files'],
    other: ProjectMoment['files'],
  ): Promise<VersionFiles> {
    const differs = Object.entries(files).filter(
      ([path, { sha256 }]) => !Object.hasOwn(other, path) || other[path]!.sha256 !== sha256,
    );
    const contents = await this.contents.of(tenantId, Object.fromEntries(differs));
    return Object.fromEntries(
      differs.map(([path, { sha256 }]) => [path, { sha256, content: contents[path]!.content }]),
    );
  }

  private versionWhole(reader: Reader, id: string, version: number): Promise<VersionThen | null> {
    return this.in(reader, id, undefined, async (snapshot) => {
      const fields = await this.versionRows.one(snapshot, version);
      if (!fields) return null;
      const moment = await this.projects.moment({ ...snapshot, at: fields.seq });
      return moment && { fields, moment };
    });
  }

  private in<T>(
    reader: Reader,
    id: string,
    at: number | undefined,
    work: (snapshot: Snapshot) => Promise<T | null>,
  ): Promise<T | null> {
    return this.snapshots.read(reader, id, at, work, 'project');
  }
}

/** Letters, digits and hyphens alone: good in every file system and header. */
function archiveName(title: string, version: number): string {
  const plain = title.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  const slug = plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return `${slug || 'project'}-v${version}.zip`;
}
