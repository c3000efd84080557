import { randomUUID } from 'node:crypto';
import { ChatLogClient } from '#client';
import { ClearPayloadCodec, EventLog } from '#event-log';
import { Database } from '#platform';
import { appendTurns, ROWS_A_TURN, type TurnTexts } from '../../support/long-conversation.js';
import { createPrng } from '../../support/prng.js';
import { until } from '../../support/until.js';
import type { ServedChat } from './served-chat.js';

/** Who asks a server that has no tokens. */
const owner = { tenantId: 'local', ownerId: 'owner' };

const SENTENCE = 'Every word of this answer is where it was said, and none of them is there twice. ';
const blocks = [
  'Short.',
  SENTENCE.repeat(3),
  `- one thing\n- another thing, which needs some more words than the first\n- a **third** one with \`code\` in it`,
  '```ts\nconst rows = messages.filter(isShown);\nfor (const row of rows) {\n  paint(row);\n}\n```',
  '| name | value |\n| --- | --- |\n| first | 1 |\n| second | 2 |',
  `## A heading\n\n${SENTENCE}`,
  `> ${SENTENCE}`,
];

/** A conversation that is long before anybody looks at it: turns of four rows, as high as answers are, each of another height. */
export class LongChat {
  private constructor(
    readonly id: string,
    /** Of all messages, oldest first, as the API lists them. */
    readonly messageIds: readonly string[],
  ) {}

  /**
   * Appends it straight to the server's log; resolves once the server lists all of it, and finds its last words, so that it has
   * come to rest. `needles`: words of prompts, by their turn.
   */
  static async append(
    { url, mode }: ServedChat,
    { title, messages, needles = {} }: { title: string; messages: number; needles?: Record<number, string> },
  ): Promise<LongChat> {
    const turns = messages / ROWS_A_TURN;
    const database = await Database.connect({ url: mode.databaseUrl });
    const client = new ChatLogClient({ baseUrl: url });
    try {
      const log = new EventLog(database, { flushMaxBytes: 131_072, flushMaxMs: 25 }, new ClearPayloadCodec());
      const last = `last${randomUUID().replaceAll('-', '')}`;
      const texts = textsOf(turns, { ...needles, [turns - 1]: last });
      const id = await appendTurns(log, texts, { ...owner, title });
      let ids: string[] = [];
      await until(async () => (ids = await listed(client, id)).length === messages);
      await until(async () => (await client.search.find({ q: last })).hits.length > 0);
      return new LongChat(id, ids);
    } finally {
      client.close();
      await database.end();
    }
  }

  get newest(): string {
    return this.messageIds.at(-1) ?? '';
  }
}

async function listed(client: ChatLogClient, id: string): Promise<string[]> {
  const ids: string[] = [];
  try {
    for (let after: string | undefined; ;) {
      const page = await client.messages.list(id, { limit: 1_000, after });
      ids.push(...page.items.map((message) => message.id));
      if (page.next === undefined) return ids;
      after = page.next;
    }
  } catch {
    // it is not there yet: asked again
    return [];
  }
}

function* textsOf(turns: number, needles: Record<number, string>): Generator<TurnTexts> {
  const prng = createPrng('long chat');
  const said = (most: number) =>
    Array.from({ length: prng.between(1, most) }, () => prng.pick(blocks)).join('\n\n');
  for (let turn = 0; turn < turns; turn += 1) {
    const needle = needles[turn] === undefined ? '' : ` ${needles[turn]}`;
    yield {
      prompt: `Question ${turn}${needle}: ${SENTENCE.repeat(prng.between(0, 4))}`,
      first: [`Answer ${turn}. `, said(2)],
      result: SENTENCE,
      last: [`That is it, ${turn}. `, said(4)],
    };
  }
}
