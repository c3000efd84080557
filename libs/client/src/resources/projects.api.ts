import type {
  FileAtSeq,
  FileAtVersion,
  JsonValue,
  Project,
  ProjectDiff,
  ProjectSummary,
  ProjectVersion,
  WelcomeProject,
  WholeProjectVersion,
} from '#contracts';
import type { Page } from '../http/page.js';
import type { RequestOptions, WriteOptions } from '../http/request-options.js';
import type { Transport } from '../http/transport.js';
import type { PageQuery } from './conversations.api.js';

/** Files by path, as a client sends them: the whole set. */
export type NewFiles = Record<string, { content: string }>;

const pathOf = (id: string): string => `/api/projects/${encodeURIComponent(id)}`;

/** Projects: their files, and every version that these had. */
export class ProjectsApi {
  constructor(private readonly transport: Transport) {}

  /** Newest created first, without files; `next` is for `after`. */
  list(query: PageQuery = {}, options?: RequestOptions): Promise<Page<ProjectSummary>> {
    return this.transport.list('/api/projects', query, options);
  }

  get(id: string, options?: RequestOptions): Promise<Project> {
    return this.transport.get(pathOf(id), {}, options);
  }

  /** Any project; in an empty store the welcome page. */
  random(options?: RequestOptions): Promise<Project | WelcomeProject> {
    return this.transport.get('/api/projects/random', {}, options);
  }

  create(
    body: { title: string; files?: NewFiles; metadata?: Record<string, JsonValue> },
    options?: WriteOptions,
  ): Promise<Project> {
    return this.transport.write('POST', '/api/projects', body, options);
  }

  /** `files` is the whole set: one that is left out is deleted. */
  put(id: string, body: { title?: string; files?: NewFiles }, options?: WriteOptions): Promise<Project> {
    return this.transport.write('PUT', pathOf(id), body, options);
  }

  /** Newest first; `next` is for `before`. */
  versions(
    id: string,
    query: { before?: number | string; limit?: number } = {},
    options?: RequestOptions,
  ): Promise<Page<ProjectVersion>> {
    return this.transport.list(`${pathOf(id)}/versions`, query, options);
  }

  /** A version with its files and the page that they make. */
  version(id: string, version: number, options?: RequestOptions): Promise<WholeProjectVersion> {
    return this.transport.get(`${pathOf(id)}/versions/${version}`, {}, options);
  }

  file(id: string, version: number, path: string, options?: RequestOptions): Promise<FileAtVersion> {
    return this.transport.get(`${pathOf(id)}/versions/${version}`, { path }, options);
  }

  /** One file as it was after the event `at` of the project's own log: between versions too. The head when `at` is absent. */
  fileAt(id: string, query: { path: string; at?: number }, options?: RequestOptions): Promise<FileAtSeq> {
    return this.transport.get(`${pathOf(id)}/files`, query, options);
  }

  /** A name of null takes the name away. */
  updateVersion(
    id: string,
    version: number,
    body: { name?: string | null; starred?: boolean },
    options?: WriteOptions,
  ): Promise<ProjectVersion> {
    return this.transport.write('PATCH', `${pathOf(id)}/versions/${version}`, body, options);
  }

  diff(id: string, query: { from: number; to: number }, options?: RequestOptions): Promise<ProjectDiff> {
    return this.transport.get(`${pathOf(id)}/diff`, query, options);
  }

  /** Makes an old version's files current, as a new version. */
  restore(id: string, version: number, options?: WriteOptions): Promise<Project> {
    return this.transport.write('POST', `${pathOf(id)}/restore`, { version }, options);
  }

  fork(
    id: string,
    body: { version?: number; title?: string } = {},
    options?: WriteOptions,
  ): Promise<Project> {
    return this.transport.write('POST', `${pathOf(id)}/fork`, body, options);
  }

  /** The address of a download. */
  zipUrl(id: string, version: number): string {
    return this.transport.urlOf(`${pathOf(id)}/versions/${version}/zip`);
  }
}
