import {
  requestParams,
  type ConversationState,
  type DomainEvent,
  type MessagesRequest,
  type RequestSettings,
} from '#model';
import { inSpan } from '#platform';
import type { ClaudeClient } from '../claude/claude-client.js';
import type { ToolRegistry } from '../tools/tool-registry.js';
import type { Fence } from './fence.js';
import { streamAnswer, type ModelAnswer } from './model-answer.js';
import type { ProjectPorts } from './project-ports.js';
import { leaveCalls, runCalls } from './tool-loop.js';
import type { TurnContext } from './turn-context.js';
import { StepLimitReached, terminalEventFor } from './turn-end.js';
import type { TurnLog } from './turn-log.js';
import type { TurnProject } from './turn-project.js';
import { TurnStopped, type StopReason } from './turn-stopped.js';

export type TurnRunPorts = {
  claude: ClaudeClient;
  tools: ToolRegistry;
  fence: Fence;
  project: TurnProject;
  put: ProjectPorts['put'];
  /** What shapes the next request beside the conversation. */
  settings: (state: ConversationState) => RequestSettings;
  maxSteps: number;
  /** Told of what should never happen. */
  onDefect: (error: unknown) => void;
};

/** How a run ended: by which terminal event, or because the turn was not (or no longer) its own. */
export type RunOutcome = 'completed' | 'failed' | 'interrupted' | 'lost';

const notRun = 'This tool was not run: the turn that asked for it was stopped.';

/** One turn, from `TurnStarted` to its terminal event, by the runner that holds its lease. */
export class TurnRun {
  private readonly stopper = new AbortController();

  constructor(
    private readonly ports: TurnRunPorts,
    private readonly log: TurnLog,
    private readonly context: TurnContext,
  ) {}

  /** Stops the turn at the next moment that allows it; the first reason counts. */
  stop(reason: StopReason): void {
    this.stopper.abort(new TurnStopped(reason));
  }

  /** Looks whether the log says stop. Called on hints; what it misses, the next append finds. */
  async check(): Promise<void> {
    const stop = await this.log.peek();
    if (stop !== null) this.stop(stop.reason);
  }

  /** Runs the turn to its end. @throws LogUnavailable when its end could not be written: the lease will run out */
  async execute(): Promise<RunOutcome> {
    try {
      await this.begin();
      for (let step = 1; ; step++) {
        const answer = await this.call(step);
        if (!continues(answer)) {
          await this.complete(answer, step);
          return 'completed';
        }
        await this.append([{ type: 'AssistantMessageCompleted', data: answer.completed }]);
        await runCalls(answer, { ...this.ports, log: this.log }, this.stopper.signal);
      }
    } catch (error) {
      return this.end(error);
    }
  }

  private async begin(): Promise<void> {
    const { turnId, owner } = this.log.turn;
    await this.log.append(async (state) => {
      // Whoever started it may be calling the model right now; and this runner could only claim a lease that ran out.
      if (this.ports.fence.startedByOther(state.turn!, owner)) throw new TurnStopped('lease_expired');
      await this.context.load(state);
      const repairs = this.context.unanswered(state).map(({ assistantMessageId, toolUseId }) => ({
        type: 'ToolCallFailed' as const,
        data: { turnId, assistantMessageId, toolUseId, code: 'not_run', error: notRun },
      }));
      const place = await this.ports.project.place(state);
      return { events: [{ type: 'TurnStarted', data: { turnId, owner, ...place } }, ...repairs] };
    }, this.stopper.signal);
  }

  /** One model call: `ModelRequested`, committed before the call, then the answer. */
  private async call(step: number): Promise<ModelAnswer> {
    const { claude, settings, maxSteps } = this.ports;
    if (step > maxSteps) throw new StepLimitReached(maxSteps);
    const { turnId } = this.log.turn;
    const { signal } = this.stopper;
    let request: MessagesRequest;
    await this.log.append(async (state) => {
      await this.context.load(state);
      const { fromSeq, toSeq, sha256, ...built } = this.context.request(state);
      request = built.request;
      const current = settings(state);
      const { model } = current;
      const params = requestParams(current);
      return {
        events: [{ type: 'ModelRequested', data: { turnId, step, fromSeq, toSeq, model, params, sha256 } }],
      };
    }, signal);
    return inSpan('model call', { 'chatlog.step': step, 'chatlog.model': request!.model }, () =>
      streamAnswer({ claude, log: this.log, request: request!, step, signal }),
    );
  }

  private complete(answer: ModelAnswer, steps: number): Promise<void> {
    const { turnId } = this.log.turn;
    const { stopReason } = answer;
    return this.log.append(({ turn }) => {
      const left = leaveCalls(answer, turn!.tipId);
      return {
        events: [
          { type: 'AssistantMessageCompleted', data: answer.completed },
          ...left.events,
          { type: 'TurnCompleted', data: { turnId, stopReason, steps } },
        ],
        entities: left.entities!.map(({ id, index }) => ({ id, index: index + 1 })),
        ends: true,
      };
    }, this.stopper.signal);
  }

  /** The one terminal event, unless someone else has written it. */
  private async end(error: unknown): Promise<RunOutcome> {
    const event = terminalEventFor(error, this.log.turn.turnId);
    if (event === null) return 'lost';
    if (event.type === 'TurnFailed' && event.data.code === 'internal') this.ports.onDefect(error);
    try {
      await this.log.append(() => ({ events: [event], ends: true }));
      return event.type === 'TurnFailed' ? 'failed' : 'interrupted';
    } catch (error) {
      if (error instanceof TurnStopped) return 'lost';
      throw error;
    }
  }

  private append(events: DomainEvent[]): Promise<void> {
    return this.log.append(() => ({ events }), this.stopper.signal);
  }
}

/** Whether the model waits for another call: for tool results, or to go on where it paused. */
function continues({ stopReason, calls }: ModelAnswer): boolean {
  return (
    stopReason === 'pause_turn' || (calls.length > 0 && (stopReason === 'tool_use' || stopReason === null))
  );
}
