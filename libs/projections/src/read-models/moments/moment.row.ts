import type { OpenToolCall } from '#model';
import type { MarkKind, Moment, Standing } from './moment.js';

/** A moment as the table has it; json columns are parsed, times are ISO strings. */
export type MomentRow = {
  seq: number;
  at: string;
  kind: MarkKind | null;
  n: number | null;
  label: string | null;
  subject_id: string | null;
  version: number | null;
  messages: number;
  tools: number;
  versions: number;
  statuses: number;
  forks: number;
  turn_id: string | null;
  turn_status: NonNullable<Standing['turn']>['status'] | null;
  open_tool_calls: OpenToolCall[] | null;
  writing_id: string | null;
  project_id: string | null;
  project_seq: number | null;
  input_tokens: number;
  output_tokens: number;
  cache_creation_tokens: number;
  cache_read_tokens: number;
};

/** The columns of `MomentRow`, for a select from `moments m`. */
export const momentColumns = `m.seq, m.at, m.kind, m.n, m.label, m.subject_id, m.version, m.messages, m.tools, m.versions,
  m.statuses, m.forks, m.turn_id, m.turn_status, m.open_tool_calls, m.writing_id, m.project_id, m.project_seq,
  m.input_tokens, m.output_tokens, m.cache_creation_tokens, m.cache_read_tokens`;

export function momentOfRow(row: MomentRow): Moment {
  const { kind, n, label, subject_id: subjectId, version } = row;
  return {
    seq: row.seq,
    at: row.at,
    mark: kind === null || n === null ? null : { kind, n, label, subjectId, version },
    standing: {
      turn: row.turn_id && row.turn_status ? { id: row.turn_id, status: row.turn_status } : null,
      openToolCalls: row.open_tool_calls ?? [],
      writingId: row.writing_id,
      project: row.project_id === null ? null : { id: row.project_id, seq: row.project_seq },
      usage: {
        inputTokens: row.input_tokens,
        outputTokens: row.output_tokens,
        cacheCreationInputTokens: row.cache_creation_tokens,
        cacheReadInputTokens: row.cache_read_tokens,
      },
      counts: {
        message: row.messages,
        tool: row.tools,
        version: row.versions,
        status: row.statuses,
        fork: row.forks,
      },
    },
  };
}
