import { newId, type ConversationState, type DomainEvent } from '#model';
import type { FileTool } from '../tools/files/file-tool.js';
import type { ToolOutcome, ToolRegistry } from '../tools/tool-registry.js';
import { keepResult } from './large-result.js';
import type { ModelAnswer, ToolCall } from './model-answer.js';
import type { ProjectPorts } from './project-ports.js';
import type { Draft, TurnLog } from './turn-log.js';
import type { FileWork, ProjectPlace, TurnProject } from './turn-project.js';

type ToolEnd = DomainEvent<'ToolCallSucceeded' | 'ToolCallFailed'>;
type Refusal = { code: string; error: string };

const unreadable: Refusal = {
  code: 'input_invalid',
  error: 'The input of this call was cut off: it is no JSON. The tool was not run.',
};
const notRun: Refusal = { code: 'not_run', error: 'The answer ended before this tool could be run.' };

/** What the calls of a turn's answers are run with. */
export type ToolPorts = { log: TurnLog; tools: ToolRegistry; project: TurnProject; put: ProjectPorts['put'] };

/**
 * Runs the calls of one answer in the order given. Each has its `ToolCallStarted` committed before it runs, and exactly
 * one result; a call that cannot be run gets its error at once, in the same unit. Files that a call changes are written in
 * the unit of its result.
 * @throws whatever the log or `signal` stops it with
 */
export async function runCalls(answer: ModelAnswer, ports: ToolPorts, signal: AbortSignal): Promise<void> {
  const { log, tools } = ports;
  for (const call of answer.calls) {
    const refusal = call.readable ? tools.refusal(call.name, call.input) : unreadable;
    const messageId = newId();
    await log.append((state) => {
      const place = knownPlace(state);
      return begin(answer, call, messageId, { parentId: state.turn!.tipId, refusal, place });
    }, signal);
    if (refusal !== null) continue;
    const tool = tools.fileTool(call.name);
    if (tool === null) await runPlain(answer, call, messageId, ports, signal);
    else await runOnFiles(tool, answer, call, messageId, ports, signal);
  }
}

async function runPlain(
  answer: ModelAnswer,
  call: ToolCall,
  messageId: string,
  { log, tools, project, put }: ToolPorts,
  signal: AbortSignal,
): Promise<void> {
  const { streamId, turnId, tenantId } = log.turn;
  const outcome = await tools.execute(call.name, call.input, { streamId, turnId, messageId, signal });
  const end = await log.patiently(() => endOf(answer, call, messageId, outcome, { tenantId, put }), signal);
  await log.append(async (state) => ({ events: [withPlace(end, await project.place(state))] }), signal);
}

async function runOnFiles(
  tool: FileTool,
  answer: ModelAnswer,
  call: ToolCall,
  messageId: string,
  { log, project, put }: ToolPorts,
  signal: AbortSignal,
): Promise<void> {
  const { tenantId } = log.turn;
  const run = async (state: ConversationState): Promise<{ work: FileWork; draft: Draft }> => {
    const work = await project.run(tool, call.input, state, signal);
    const end = await endOf(answer, call, messageId, work.outcome, { tenantId, put });
    const events = [...work.links, withPlace(end, work.place)];
    return { work, draft: { events, project: work.part } };
  };
  // What only reads may take long, and must not keep others from the conversation meanwhile: a Stop, for one.
  let done = tool.writes ? null : await log.patiently(() => run(log.state), signal);
  await log.append(async (state) => {
    if (tool.writes) done = await run(state);
    return done!.draft;
  }, signal);
  done!.work.committed();
}

/** The rows of calls that will never be run, because the answer ended otherwise than by asking for tools. */
export function leaveCalls(answer: ModelAnswer, tipId: string): Draft {
  let parentId = tipId;
  const drafts = answer.calls.map((call) => {
    const messageId = newId();
    const refusal = call.readable ? notRun : unreadable;
    const draft = begin(answer, call, messageId, { parentId, refusal, place: {} });
    parentId = messageId;
    return draft;
  });
  return {
    events: drafts.flatMap(({ events }) => events),
    entities: drafts.flatMap(({ entities }, index) => entities!.map(({ id }) => ({ id, index: index * 2 }))),
  };
}

function begin(
  answer: ModelAnswer,
  call: ToolCall,
  messageId: string,
  { parentId, refusal, place }: { parentId: string; refusal: Refusal | null; place: ProjectPlace },
): Draft {
  const { turnId } = answer.completed;
  const { toolUseId, name: toolName, input } = call;
  const started: DomainEvent<'ToolCallStarted'> = {
    type: 'ToolCallStarted',
    data: {
      turnId,
      messageId,
      parentId,
      assistantMessageId: answer.messageId,
      toolUseId,
      toolName,
      input: input as DomainEvent<'ToolCallStarted'>['data']['input'],
      ...place,
    },
  };
  const refused = refusal === null ? [] : [withPlace(failed(answer, call, messageId, refusal), place)];
  return { events: [started, ...refused], entities: [{ id: messageId, index: 0 }] };
}

async function endOf(
  answer: ModelAnswer,
  call: ToolCall,
  messageId: string,
  outcome: ToolOutcome,
  { tenantId, put }: { tenantId: string; put: ProjectPorts['put'] },
): Promise<ToolEnd> {
  if (!outcome.ok) return failed(answer, call, messageId, outcome);
  const { turnId } = answer.completed;
  const result = outcome.result as DomainEvent<'ToolCallSucceeded'>['data']['result'];
  const kept = await keepResult(result, tenantId, { put });
  return {
    type: 'ToolCallSucceeded',
    data: { turnId, assistantMessageId: answer.messageId, toolUseId: call.toolUseId, messageId, ...kept },
  };
}

/** The tree that the conversation is at already: nobody looked at the project anew. */
function knownPlace({ project }: ConversationState): ProjectPlace {
  return project?.seq == null ? {} : { projectId: project.id, projectSeq: project.seq };
}

function withPlace(end: ToolEnd, place: ProjectPlace): ToolEnd {
  return { ...end, data: { ...end.data, ...place } } as ToolEnd;
}

function failed(
  answer: ModelAnswer,
  call: ToolCall,
  messageId: string,
  { code, error }: Refusal,
): DomainEvent<'ToolCallFailed'> {
  const { turnId } = answer.completed;
  return {
    type: 'ToolCallFailed',
    data: { turnId, assistantMessageId: answer.messageId, toolUseId: call.toolUseId, messageId, code, error },
  };
}
