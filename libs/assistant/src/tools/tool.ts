import type { z } from 'zod';

/** Where a tool call comes from. */
export type ToolContext = {
  streamId: string;
  turnId: string;
  /** The call's own `tool` row. */
  messageId: string;
  /** Fires when the turn is stopped: nothing that happens after it can enter the log. */
  signal: AbortSignal;
};

/**
 * Something that Claude may call by name. Its input has been checked against `input` before `execute` runs; what
 * `execute` gives (plain JSON) is the call's result, and what it throws becomes an error result that Claude reads.
 * A call is made at most once, after its `ToolCallStarted` is committed.
 */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  /** Letters, digits, `_` and `-`. */
  readonly name: string;
  /** Written for Claude. */
  readonly description: string;
  readonly input: Input;
  execute(input: z.infer<Input>, context: ToolContext): Promise<unknown>;
}
