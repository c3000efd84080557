export { AssistantModule } from './assistant.module.js';
export {
  ClaudeClient,
  type ClaudeClientOptions,
  type ModelRequest,
  type RawEvent,
} from './claude/claude-client.js';
export { ModelCallError, type ModelErrorCode } from './claude/model-call-error.js';
export { ModelEndpoint } from './claude/model-endpoint.js';
export { TurnReaper } from './recovery/turn-reaper.js';
export { answerEvents, answerWith, type AnswerOptions, type AnswerPart } from './scripted-model/answer.js';
export { defaultScript } from './scripted-model/default-script.js';
export type {
  AnswerItem,
  Directive,
  ReceivedRequest,
  RefusalReply,
  Reply,
  Script,
  ScriptedRequest,
  StreamEvent,
  StreamReply,
} from './scripted-model/protocol.js';
export {
  hasToolResult,
  playRecording,
  promptOf,
  recordedFrames,
  recordingScript,
} from './scripted-model/recording.js';
export { requestProblem } from './scripted-model/request-problem.js';
export {
  startScriptedModel,
  type ScriptedModel,
  type ScriptedModelOptions,
} from './scripted-model/scripted-model.js';
export { ClockTool } from './tools/clock.tool.js';
export {
  FileRefusal,
  type FileAnswer,
  type FileChange,
  type FileEntry,
  type FilesView,
  type FileTool,
} from './tools/files/file-tool.js';
export { fileTools } from './tools/files/file-tools.js';
export type { Tool, ToolContext } from './tools/tool.js';
export { ToolRegistry, type ToolOutcome } from './tools/tool-registry.js';
export { rebuildRequest, type HashedRequest } from './turns/context-reader.js';
export { Fence, type FenceReason } from './turns/fence.js';
export type { LogReads } from './turns/log-reads.js';
export type { RunOutcome } from './turns/turn-run.js';
export { TurnProjects } from './turns/turn-projects.js';
export { TurnRunner, type RunResult } from './turns/turn-runner.js';
export { TURN_SIGNALS, type TurnSignals } from './turns/turn-signals.js';
