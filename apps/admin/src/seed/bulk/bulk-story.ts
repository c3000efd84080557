import { createHash } from 'node:crypto';
import { answerEvents } from '#assistant';
import {
  applyDelta,
  assistantFold,
  buildRequest,
  canonicalJson,
  currentVersions,
  deriveId,
  evolve,
  foldMessage,
  initialState,
  requestParams,
  type DomainEvent,
  type EventData,
  type RequestSettings,
} from '#model';
import { prose } from './prose.js';

/** Some events of a conversation that belong into one unit, and the ids that they create. */
export type StoryPart = {
  expectedSeq: number;
  events: DomainEvent[];
  entities: { id: string; seq: number }[];
};

/** So few that the hash of a request costs the same in a long conversation as in a short one. */
const settings: RequestSettings = {
  model: 'scripted',
  system: 'You help people to build small pages.',
  maxTokens: 1_024,
  contextTokens: 4_000,
  tools: [],
};

/** With the seven other events of a turn: about 97 of 100 events are deltas. */
const [FEWEST_WORDS, MORE_WORDS] = [110, 221];
const OWNER = 'seed';
const NOW = new Date(0).toISOString();

/**
 * A made-up conversation, turn by turn: what a turn with a scripted model logs, its deltas and the hash of its request
 * included. Ids and lengths depend on the conversation's id and number alone, so one that was cut off can be gone on with.
 */
export class BulkStory {
  private state;
  private turns = 0;

  constructor(
    private readonly streamId: string,
    private readonly number: number,
  ) {
    this.state = initialState(streamId);
  }

  /** The conversation's first event. */
  start(place: { projectId?: string; projectSeq?: number }): StoryPart {
    return this.part((add) => add('ConversationStarted', { title: `Conversation ${this.number}`, ...place }));
  }

  /** A question and its answer: two messages. */
  turn(): StoryPart {
    const n = (this.turns += 1);
    const [turnId, asked, answered] = ['turn', 'question', 'answer'].map((what) =>
      deriveId(this.streamId, `${what} ${n}`),
    ) as [string, string, string];
    const seed = this.number * 1_009 + n;
    return this.part((add, create) => {
      create(asked);
      const content = [{ type: 'text', text: prose(seed, 5 + (seed % 30)) }];
      add('MessagePosted', { messageId: asked, parentId: this.state.leafId, role: 'user', content }, turnId);
      create(turnId);
      add('TurnRequested', { turnId, messageId: asked }, turnId);
      add('TurnStarted', { turnId, owner: OWNER }, turnId);
      add('ModelRequested', this.request(turnId, asked), turnId);
      create(answered);
      add('AssistantMessageStarted', { turnId, messageId: answered, parentId: asked, step: 1 }, turnId);
      const raw = answerEvents([{ text: prose(seed + 1, FEWEST_WORDS + (seed % MORE_WORDS)) }]);
      for (const delta of raw) add('StreamDeltaReceived', delta, turnId);
      add('AssistantMessageCompleted', completed(turnId, answered, raw), turnId);
      add('TurnCompleted', { turnId, stopReason: 'end_turn', steps: 1 }, turnId);
    });
  }

  private part(
    tell: (
      add: <T extends DomainEvent['type']>(type: T, data: EventData<T>, turnId?: string) => void,
      create: (id: string) => void,
    ) => void,
  ): StoryPart {
    const part: StoryPart = { expectedSeq: this.state.seq, events: [], entities: [] };
    tell(
      (type, data, turnId) => {
        const metadata = turnId === undefined ? {} : { turnId };
        part.events.push({ type, data, metadata } as DomainEvent);
        const seq = this.state.seq + 1;
        // a finished answer comes whole with its last event
        if (type === 'StreamDeltaReceived') this.state.seq = seq;
        else evolve(this.state, { seq, type, at: NOW, schemaVersion: currentVersions[type], data, metadata });
      },
      (id) => void part.entities.push({ id, seq: this.state.seq + 1 }),
    );
    return part;
  }

  private request(turnId: string, tipId: string): EventData<'ModelRequested'> {
    const { request, fromSeq, toSeq } = buildRequest(this.state, tipId, settings);
    const sha256 = createHash('sha256').update(canonicalJson(request)).digest('hex');
    const { model } = settings;
    return { turnId, step: 1, fromSeq, toSeq, model, params: requestParams(settings), sha256 };
  }
}

function completed(
  turnId: string,
  messageId: string,
  raw: readonly unknown[],
): EventData<'AssistantMessageCompleted'> {
  const message = foldMessage(raw.reduce(applyDelta, assistantFold.start()))!;
  const usage = (message.usage ?? null) as EventData<'AssistantMessageCompleted'>['usage'];
  return { turnId, messageId, message, stopReason: 'end_turn', usage };
}
