import type { z } from 'zod';
import type {
  auditEntrySchema,
  ParkedGroupResource,
  ParkedStreamResource,
  processReportSchema,
  ProjectionReportResource,
  rebuildDifferenceSchema,
  RebuildResource,
  rebuiltStreamSchema,
  Retried,
  rolledBackSchema,
  VerifyReportResource,
} from '#contracts';
import type { Page } from '../http/page.js';
import type { RequestOptions, WriteOptions } from '../http/request-options.js';
import type { Transport } from '../http/transport.js';

/** What an action on a running rebuild may be. */
export type RebuildAction = 'pause' | 'resume' | 'cancel' | 'accept';

const nameOf = (projection: string): string => `/api/admin/projections/${encodeURIComponent(projection)}`;

/** Projections, rebuilds, parked streams and the audit. Asks for the scopes `admin:read` and `admin:write`. */
export class AdminApi {
  constructor(private readonly transport: Transport) {}

  projections(options?: RequestOptions): Promise<ProjectionReportResource[]> {
    return this.transport.get('/api/admin/projections', {}, options);
  }

  /** The name `all` means every projection. */
  async rebuild(
    projection: string,
    body: { dryRun?: boolean; acceptDiff?: boolean } = {},
    options?: WriteOptions,
  ): Promise<RebuildResource[]> {
    const started = await this.transport.write<RebuildResource | RebuildResource[]>(
      'POST',
      `${nameOf(projection)}/rebuild`,
      body,
      options,
    );
    return Array.isArray(started) ? started : [started];
  }

  verify(
    projection: string,
    body: { sample?: number; conversationId?: string; deep?: boolean } = {},
    options?: WriteOptions,
  ): Promise<VerifyReportResource> {
    return this.transport.write('POST', `${nameOf(projection)}/verify`, body, options);
  }

  rollback(projection: string, options?: WriteOptions): Promise<z.infer<typeof rolledBackSchema>> {
    return this.transport.write('POST', `${nameOf(projection)}/rollback`, {}, options);
  }

  /** Newest first. */
  rebuilds(query: { limit?: number } = {}, options?: RequestOptions): Promise<RebuildResource[]> {
    return this.transport.get('/api/admin/rebuilds', query, options);
  }

  getRebuild(id: string, options?: RequestOptions): Promise<RebuildResource> {
    return this.transport.get(`/api/admin/rebuilds/${encodeURIComponent(id)}`, {}, options);
  }

  /**
   * The rebuild as it stands, and again about every second while it changes, until it is over. Ends early where the server
   * stops: whoever wants to see the end asks again. @throws ChatLogError, or the reason of `signal`
   */
  followRebuild(
    id: string,
    onRebuild: (rebuild: RebuildResource) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const path = `/api/admin/rebuilds/${encodeURIComponent(id)}`;
    return this.transport.follow(path, signal, (event, data) => {
      if (event === 'rebuild') onRebuild(JSON.parse(data) as RebuildResource);
    });
  }

  differences(
    id: string,
    query: { limit?: number } = {},
    options?: RequestOptions,
  ): Promise<z.infer<typeof rebuildDifferenceSchema>[]> {
    return this.transport.get(`/api/admin/rebuilds/${encodeURIComponent(id)}/differences`, query, options);
  }

  act(id: string, action: RebuildAction, options?: WriteOptions): Promise<RebuildResource> {
    return this.transport.write(
      'POST',
      `/api/admin/rebuilds/${encodeURIComponent(id)}/${action}`,
      {},
      options,
    );
  }

  /** Newest first; `next` is for `after`. */
  parked(
    query: { fingerprint?: string; limit?: number; after?: string } = {},
    options?: RequestOptions,
  ): Promise<Page<ParkedStreamResource>> {
    return this.transport.list('/api/admin/parked', query, options);
  }

  parkedGroups(options?: RequestOptions): Promise<ParkedGroupResource[]> {
    return this.transport.get('/api/admin/parked/groups', {}, options);
  }

  retryParked(id: string, options?: WriteOptions): Promise<Retried> {
    return this.transport.write('POST', `/api/admin/parked/${encodeURIComponent(id)}/retry`, {}, options);
  }

  /** All of them, or those of one fault. */
  retryAllParked(body: { fingerprint?: string } = {}, options?: WriteOptions): Promise<Retried> {
    return this.transport.write('POST', '/api/admin/parked/retry', body, options);
  }

  /** Makes the rows of one conversation or project anew. */
  repair(
    conversationId: string,
    body: { projection?: string } = {},
    options?: WriteOptions,
  ): Promise<z.infer<typeof rebuiltStreamSchema>[]> {
    const path = `/api/admin/conversations/${encodeURIComponent(conversationId)}/rebuild`;
    return this.transport.write('POST', path, body, options);
  }

  /** Newest first; `next` is for `before`. */
  audit(
    query: { before?: number | string; limit?: number } = {},
    options?: RequestOptions,
  ): Promise<Page<z.infer<typeof auditEntrySchema>>> {
    return this.transport.list('/api/admin/audit', query, options);
  }

  processes(options?: RequestOptions): Promise<z.infer<typeof processReportSchema>[]> {
    return this.transport.get('/api/admin/processes', {}, options);
  }

  /** What the process that answers counts and times, in the text format of Prometheus. */
  metrics(options?: RequestOptions): Promise<string> {
    return this.transport.getText('/metrics', {}, options);
  }
}
