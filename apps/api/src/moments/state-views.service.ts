import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ConversationAt, DEFAULT_PAGE_LIMIT, type ProjectAt, type StateQuery } from '#contracts';
import type { Principal } from '#conversations';
import {
  ConversationQueries,
  type ConversationStateAt,
  type ConversationStateRequest,
  ProjectTrees,
  StreamTimes,
} from '#projections';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { sendLinks } from '../http/page-links.js';
import { notFound } from '../http/problem.error.js';
import { readPage } from '../http/read-page.js';
import { MomentResolver } from './moment-resolver.service.js';

/** What a conversation was at a moment, its project's files included. */
@Injectable()
export class StateViews {
  constructor(
    private readonly moments: MomentResolver,
    private readonly conversations: ConversationQueries,
    private readonly trees: ProjectTrees,
    private readonly times: StreamTimes,
  ) {}

  /** Undefined when the client has this already. */
  async at(
    principal: Principal,
    id: string,
    query: StateQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ConversationAt | undefined> {
    const { seq, epoch } = await this.moments.resolve(principal, id, query.at);
    const { limit = DEFAULT_PAGE_LIMIT, before } = query;
    // The past of one history never changes.
    const tag = entityTag('state', id, seq, epoch, limit, before ?? '');
    const { state, prev } = await readPage(query, () => this.read(principal, id, { at: seq, limit, before }));
    if (prev !== undefined) {
      const link = { rel: 'prev' as const, query: { at: seq, limit, before: prev } };
      sendLinks(reply, `/api/conversations/${id}/state`, [link]);
    }
    return isUnchanged(request, reply, tag) ? undefined : state;
  }

  /** `prev` is the cursor of the messages before. */
  async read(
    principal: Principal,
    id: string,
    request: ConversationStateRequest,
  ): Promise<{ state: ConversationAt; prev?: string }> {
    const found = await this.conversations.state(principal, id, request);
    if (!found) throw notFound('conversation');
    const { prev, project: _place, ...state } = found;
    const project = await this.project(principal, found);
    return { state: { ...state, ...(project && { project }) }, prev };
  }

  /** Where no event of the conversation names a place in the project's log yet, it is as it was at that time. */
  private async project(
    principal: Principal,
    { at, project }: ConversationStateAt,
  ): Promise<ProjectAt | undefined> {
    if (!project) return undefined;
    const seq = project.seq ?? (await this.times.seqAt(principal, project.id, at, 'project'));
    const tree = seq ? await this.trees.at(principal, project.id, seq) : null;
    if (!tree) return undefined;
    const place = project.seq === null ? {} : { seq: project.seq };
    return { id: tree.projectId, ...place, version: tree.version, files: tree.files };
  }
}
