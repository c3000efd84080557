import { z } from 'zod';
import type { ToolDefinition } from '#model';
import type { FileTool } from './files/file-tool.js';
import type { Tool, ToolContext } from './tool.js';

/**
 * What became of a call; `code` is stable: `unknown_tool`, `input_invalid`, `tool_failed`, `tool_timeout`, or what a project's files do
 * not allow.
 */
export type ToolOutcome = { ok: true; result: unknown } | { ok: false; code: string; error: string };

/** A tool that takes longer has failed. */
const timeLimitMs = 60_000;

/** The tools of this process, by name, in the order in which they were given. */
export class ToolRegistry {
  private readonly tools: Map<string, Tool | FileTool>;
  /** Made once: every request has the same. */
  private readonly defined: ToolDefinition[];

  constructor(
    tools: readonly (Tool | FileTool)[],
    private readonly limitMs = timeLimitMs,
  ) {
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
    if (this.tools.size !== tools.length) throw new Error('two tools have one name');
    this.defined = tools.map(({ name, description, input }) => {
      const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' });
      return { name, description, input_schema: { ...schema, type: 'object' } };
    });
  }

  /** For the request: the same list every time, as its hash is in the log. */
  definitions(): ToolDefinition[] {
    return this.defined;
  }

  /** Why the call cannot be run, without running anything; null if it can. */
  refusal(name: string, input: unknown): Extract<ToolOutcome, { ok: false }> | null {
    const tool = this.tools.get(name);
    if (!tool) return { ok: false, code: 'unknown_tool', error: `There is no tool named ${name}.` };
    const parsed = tool.input.safeParse(input);
    return parsed.success ? null : { ok: false, code: 'input_invalid', error: z.prettifyError(parsed.error) };
  }

  /** The tool of that name, if it is one over the project's files: those are run by the turn, which knows the project. */
  fileTool(name: string): FileTool | null {
    const tool = this.tools.get(name);
    return tool && 'run' in tool ? tool : null;
  }

  /** Runs a call, of a tool that is no file tool, to its end. Never throws for the tool's sake; rejects only with `context.signal`'s reason. */
  async execute(name: string, input: unknown, context: ToolContext): Promise<ToolOutcome> {
    const refusal = this.refusal(name, input);
    if (refusal) return refusal;
    const tool = this.tools.get(name) as Tool;
    const timeout = AbortSignal.timeout(this.limitMs);
    const signal = AbortSignal.any([context.signal, timeout]);
    try {
      const result = await untilAborted(
        tool.execute(tool.input.parse(input), { ...context, signal }),
        signal,
      );
      return { ok: true, result: result ?? null };
    } catch (error) {
      if (context.signal.aborted) throw context.signal.reason;
      if (timeout.aborted)
        return {
          ok: false,
          code: 'tool_timeout',
          error: `${name} did not finish within ${this.limitMs} ms.`,
        };
      return {
        ok: false,
        code: 'tool_failed',
        error: error instanceof Error ? error.message : String(error),
      };
    }
  }
}

/** A tool that ignores its signal is left behind: its result can no longer enter the log. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
