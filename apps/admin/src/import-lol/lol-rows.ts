import { createHash } from 'node:crypto';
import type { JsonValue } from '#contracts';
import { canonicalJson, type EventData, type MessageRole, type StreamingStatus } from '#model';

/** A row as the LOL app's database has it, its columns by their camelCase names; those that it lacks are absent. */
export type LolRow = Record<string, unknown> & { id: unknown };

/** A row that was taken. `sha256` tells whether it has changed since. */
export type LolMessage = {
  id: string;
  sha256: string;
  at: string;
  posted: Omit<EventData<'MessagePosted'>, 'messageId' | 'parentId'>;
};
export type LolConversation = {
  id: string;
  sha256: string;
  at: string;
  title: string | null;
  projectId: string | null;
};
export type LolProject = {
  id: string;
  sha256: string;
  at: string;
  title: string;
  files: Record<string, { content: string }>;
  metadata: Record<string, unknown>;
};

/** Why a row cannot be taken, in words that go on after its name. */
export class RowRefused extends Error {}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const roles: readonly string[] = ['user', 'assistant', 'system', 'tool'];

/** @throws RowRefused */
export function conversationOf(row: LolRow): LolConversation {
  const id = idOf(row.id);
  const projectId = row.projectId == null ? null : idOf(row.projectId, 'project id');
  const title = row.title == null ? null : textOf(row.title);
  return { id, title, projectId, at: timeOf(row.createdAt), sha256: hashOf([title, projectId]) };
}

/** An answer that was still being streamed will not end any more: it is an error. @throws RowRefused */
export function messageOf(row: LolRow): LolMessage {
  const id = idOf(row.id);
  const { role } = row;
  if (!roles.includes(textOf(role))) throw new RowRefused(`has the role ${JSON.stringify(role)}`);
  const content = row.content == null ? '' : textOf(row.content);
  const toolCall = jsonOf(row.toolCall);
  const toolResult = jsonOf(row.toolResult);
  const posted = {
    role: role as MessageRole,
    content: content === '' ? [] : [{ type: 'text', text: content }],
    streamingStatus: statusOf(row.streamingStatus),
    metadata: objectOf(row.metadata),
    ...(row.projectId != null && UUID.test(textOf(row.projectId)) && { projectId: textOf(row.projectId) }),
    ...(row.toolName != null && { toolName: textOf(row.toolName) }),
    ...(toolCall !== undefined && { toolCall }),
    ...(toolResult !== undefined && { toolResult }),
  };
  return { id, at: timeOf(row.createdAt), posted, sha256: hashOf(posted) };
}

/** `compiled` is left out: it is made of the files. @throws RowRefused */
export function projectOf(row: LolRow): LolProject {
  const id = idOf(row.id);
  const title = row.title == null ? 'Untitled project' : textOf(row.title);
  const files = filesOf(jsonOf(row.files));
  const metadata = objectOf(row.metadata);
  return { id, title, files, metadata, at: timeOf(row.createdAt), sha256: hashOf([title, files]) };
}

function idOf(value: unknown, what = 'id'): string {
  if (UUID.test(textOf(value))) return textOf(value).toLowerCase();
  throw new RowRefused(`has the ${what} ${JSON.stringify(value ?? null)}, which is no UUID`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function timeOf(value: unknown): string {
  const time = new Date(value as string | number | Date);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

function statusOf(value: unknown): StreamingStatus {
  switch (value) {
    case undefined:
    case null:
    case 'complete':
      return 'complete';
    case 'pending':
    case 'streaming':
    case 'error':
      return 'error';
    default:
      throw new RowRefused(`has the streaming status ${JSON.stringify(value)}`);
  }
}

/** A column of json, or of text that holds JSON, or of plain text. */
function jsonOf(value: unknown): JsonValue | undefined {
  if (value == null) return undefined;
  if (typeof value !== 'string') return value as JsonValue;
  try {
    return JSON.parse(value) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

/** What is no object is kept as one. */
function objectOf(value: unknown): Record<string, unknown> {
  const json = jsonOf(value);
  if (json === undefined || json === null) return {};
  return typeof json === 'object' && !Array.isArray(json) ? json : { metadata: json };
}

function filesOf(value: JsonValue | undefined): LolProject['files'] {
  const entries = Object.entries(objectOf(value)).map(([path, file]) => {
    const content = typeof file === 'string' ? file : (file as { content?: unknown } | null)?.content;
    if (typeof content !== 'string')
      throw new RowRefused(`has a file ${JSON.stringify(path)} without content`);
    return [path, { content }] as const;
  });
  return Object.fromEntries(entries);
}

function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(value))))
    .digest('hex');
}
