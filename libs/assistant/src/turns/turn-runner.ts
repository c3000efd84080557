import { hostname } from 'node:os';
import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { ConversationRepository, StreamGate, TurnSettler } from '#conversations';
import { EventLog, type TurnLease } from '#event-log';
import { isOpen, newId, type ConversationState, type RequestSettings } from '#model';
import { CONFIG, type Config, inContext, inSpan, metrics } from '#platform';
import { ClaudeClient } from '../claude/claude-client.js';
import { ToolRegistry } from '../tools/tool-registry.js';
import { Fence } from './fence.js';
import { Heartbeat } from './heartbeat.js';
import { logReads } from './log-reads.js';
import { TurnContext } from './turn-context.js';
import { TurnLog, type TurnIdentity } from './turn-log.js';
import { TurnProject } from './turn-project.js';
import { TurnProjects } from './turn-projects.js';
import { TurnRun, type RunOutcome } from './turn-run.js';
import { TURN_SIGNALS, type TurnSignals } from './turn-signals.js';

/** What `run` did: how the turn ended, or that there was nothing to run (`none`) or someone else runs it (`taken`). */
export type RunResult = RunOutcome | 'none' | 'taken';

type Active = { run: TurnRun; done: Promise<unknown> };

/** How long PostgreSQL may be away before a running turn is interrupted. */
const patienceMs = 10_000;

/**
 * Runs turns. `run` may be called for any conversation at any time, twice at once and in several processes: a turn is run
 * at most once, and its terminal event is written exactly once, by this runner or by whoever stopped it.
 */
@Injectable()
export class TurnRunner {
  /** The rule that keeps two runners apart; only a test replaces it, to see that it is needed. */
  protected readonly fence = new Fence();
  private readonly logger = new Logger('TurnRunner');
  private readonly active = new Map<string, Active>();
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly log: EventLog,
    private readonly conversations: ConversationRepository,
    private readonly gate: StreamGate,
    private readonly settler: TurnSettler,
    private readonly claude: ClaudeClient,
    private readonly tools: ToolRegistry,
    private readonly projects: TurnProjects,
    @Optional() @Inject(TURN_SIGNALS) private readonly signals?: TurnSignals,
  ) {}

  /**
   * Runs the conversation's open turn to its end, if it can have its lease; resolves when it has ended here.
   * @throws LogUnavailable when PostgreSQL was away too long: the turn's lease will run out, and it will be settled
   */
  async run(streamId: string, turnId?: string): Promise<RunResult> {
    if (this.stopping) return 'none';
    return inContext({ conversationId: streamId }, () => this.runOpenTurn(streamId, turnId));
  }

  /**
   * Takes no more turns. `interrupt` ends those that run with `TurnInterrupted{reason: 'shutdown'}`; `drain` lets them end
   * by themselves for up to `drainMs` first. Resolves when none runs.
   */
  async shutdown(how: 'interrupt' | 'drain', drainMs = this.config.drainMs): Promise<void> {
    this.stopping = true;
    const ended = (): Promise<unknown> =>
      Promise.allSettled([...this.active.values()].map(({ done }) => done));
    if (how === 'drain' && this.active.size > 0) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, drainMs)));
      await Promise.race([ended(), late]).finally(() => clearTimeout(timer));
    }
    for (const { run } of this.active.values()) run.stop('shutdown');
    await ended();
  }

  private async runOpenTurn(streamId: string, turnId?: string): Promise<RunResult> {
    const loaded = await this.conversations.load(streamId);
    const turn = loaded?.state.turn ?? null;
    if (!loaded || !isOpen(turn) || (turnId !== undefined && turn.turnId !== turnId)) return 'none';
    const { tenantId, ownerId } = loaded.info;
    const identity = { streamId, tenantId, ownerId, turnId: turn.turnId, owner: newOwner() };
    if (this.fence.startedByOther(turn, identity.owner)) {
      await this.settler.settleIfExpired(streamId);
      return 'taken';
    }
    const claimed = await this.log.claimTurn(this.leaseOf(identity));
    if (!claimed) return 'taken';
    const attributes = { 'chatlog.stream_id': streamId, 'chatlog.turn_id': turn.turnId };
    const outcome = await inSpan('turn', attributes, () => timed(() => this.execute(identity, loaded.state)));
    this.logger.debug(`turn ended: ${outcome}`);
    return outcome;
  }

  private async execute(identity: TurnIdentity, state: ConversationState): Promise<RunOutcome> {
    const { streamId, owner } = identity;
    const reads = logReads(this.log);
    const context = new TurnContext(reads, (state) => this.settingsOf(state));
    const { complete } = this.projects.ports;
    const ports = { log: this.log, reads, gate: this.gate, fence: this.fence, context, complete, patienceMs };
    const log = new TurnLog(ports, identity, state);
    const run = this.newRun(log, context);
    const heartbeat = new Heartbeat({
      renew: () => this.log.renewLease(this.leaseOf(identity)),
      everyMs: this.config.heartbeatMs,
      leaseMs: this.config.leaseMs,
      onLost: () => run.stop('lease_lost'),
    });
    const endListening = this.listen(streamId, log, run);
    heartbeat.start();
    const done = run.execute();
    this.active.set(owner, { run, done });
    if (this.stopping) run.stop('shutdown');
    try {
      return await done;
    } finally {
      this.active.delete(owner);
      heartbeat.stop();
      endListening();
    }
  }

  private newRun(log: TurnLog, context: TurnContext): TurnRun {
    const { claude, tools, fence } = this;
    const { ports } = this.projects;
    const project = new TurnProject(ports, log.turn);
    const settings = (state: ConversationState): RequestSettings => this.settingsOf(state);
    const onDefect = (error: unknown): void =>
      this.logger.error(`turn ${log.turn.turnId}: ${error instanceof Error ? error.stack : String(error)}`);
    return new TurnRun(
      {
        claude,
        tools,
        fence,
        project,
        put: ports.put,
        settings,
        maxSteps: this.config.maxSteps,
        onDefect,
      },
      log,
      context,
    );
  }

  /** Has the run look at the log when others have written; a unit of its own is no news. */
  private listen(streamId: string, log: TurnLog, run: TurnRun): () => void {
    const onGrown = (seq: number): void => {
      if (seq <= log.pendingSeq) return;
      run.check().catch((error: unknown) => this.logger.debug(`no look at the log of ${streamId}: ${error}`));
    };
    const endWatch = this.signals?.watch(streamId, onGrown);
    const endListen = this.log.onCommitted((id, seq, hasNonDeltas) => {
      if (id === streamId && hasNonDeltas) onGrown(seq);
    });
    return () => {
      endWatch?.();
      endListen();
    };
  }

  private settingsOf({ turn }: ConversationState): RequestSettings {
    const { model, systemPrompt: system, maxTokens, contextTokens } = this.config;
    return { model: turn?.model ?? model, system, maxTokens, contextTokens, tools: this.tools.definitions() };
  }

  private leaseOf({ streamId, turnId, owner }: TurnIdentity): TurnLease {
    return { streamId, turnId, owner, leaseMs: this.config.leaseMs };
  }
}

/** Unlike any other run's, this process's own included: a turn is started by a run, not by a process. */
const newOwner = (): string => `${hostname()}:${process.pid}:${newId()}`;

/** How long a turn ran here, and how it ended. One whose end could not be written has no outcome yet. */
async function timed(run: () => Promise<RunOutcome>): Promise<RunOutcome> {
  const stopTimer = metrics.turnSeconds.startTimer();
  metrics.turnsRunning.inc();
  try {
    const outcome = await run();
    stopTimer({ outcome });
    return outcome;
  } finally {
    metrics.turnsRunning.dec();
  }
}
