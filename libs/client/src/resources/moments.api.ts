import type { ConversationAt, ConversationTimelineResource, LogEvent, ProjectDiff } from '#contracts';
import type { Page } from '../http/page.js';
import type { RequestOptions } from '../http/request-options.js';
import type { Transport } from '../http/transport.js';
import { pathOf } from './conversations.api.js';

/** A moment: right after the event of a seq, or an ISO 8601 time with its zone. */
export type Moment = number | string;

/** What a conversation was at a moment; `previous` is the cursor of the messages before those that are here. */
export type StatePage = ConversationAt & { previous?: string };

/** Any moment of a conversation, and what led there. What is read at a moment never changes. */
export class MomentsApi {
  constructor(private readonly transport: Transport) {}

  /** At the head when `at` is absent. `messages` are the newest of the branch that was selected then, oldest first. */
  async state(
    conversationId: string,
    query: { at?: Moment; limit?: number; before?: string } = {},
    options?: RequestOptions,
  ): Promise<StatePage> {
    const path = `${pathOf(conversationId)}/state`;
    const { value, previous } = await this.transport.getLinked<ConversationAt>(path, query, options);
    return { ...value, ...(previous !== undefined && { previous }) };
  }

  /** The track for a slider: at most 2,000 marks however long the log is. */
  timeline(
    conversationId: string,
    query: { at?: Moment } = {},
    options?: RequestOptions,
  ): Promise<ConversationTimelineResource> {
    return this.transport.get(`${pathOf(conversationId)}/timeline`, query, options);
  }

  /** By rising seq after `after`; with `before` alone the last ones before it. `next` is for `after`. */
  events(
    conversationId: string,
    query: { after?: number; before?: number; limit?: number; types?: readonly string[] } = {},
    options?: RequestOptions,
  ): Promise<Page<LogEvent>> {
    const { types, ...rest } = query;
    const path = `${pathOf(conversationId)}/events`;
    return this.transport.list(path, { ...rest, types: types?.join(',') }, options);
  }

  /** What leads from one version of a project to another, file by file. */
  diff(
    projectId: string,
    query: { from: number; to: number },
    options?: RequestOptions,
  ): Promise<ProjectDiff> {
    return this.transport.get(`/api/projects/${encodeURIComponent(projectId)}/diff`, query, options);
  }
}
