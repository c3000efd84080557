import { setTimeout as pause } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import type { ApiClient } from '../../support/api-client.js';
import { LogOracle } from './log-oracle.js';
import { recordFrames, type Recording, type Shown } from './shown-chat.js';

/** So long a page may need until it shows what is committed. */
const PATIENCE_MS = 20_000;

/** A page with one conversation, all that it paints, and the log that it must agree with. */
export class WatchedChat {
  private constructor(
    readonly page: Page,
    readonly oracle: LogOracle,
  ) {}

  /** Starts a conversation with a first question. */
  static async ask(api: ApiClient, prompt: string): Promise<LogOracle> {
    const started = await api.post('/api/conversations', {});
    const oracle = new LogOracle(api, (started.json as { id: string }).id);
    await WatchedChat.askNext(api, oracle, prompt);
    return oracle;
  }

  static async askNext(api: ApiClient, { conversationId }: LogOracle, prompt: string): Promise<void> {
    const { status, text } = await api.post(`/api/conversations/${conversationId}/turns`, { prompt });
    if (status !== 202) throw new Error(`the turn was refused: ${status} ${text}`);
  }

  static async open(page: Page, oracle: LogOracle, url = ''): Promise<WatchedChat> {
    await page.addInitScript(recordFrames);
    await page.goto(`${url}/projects/new?conversation=${oracle.conversationId}`, { waitUntil: 'commit' });
    const chat = new WatchedChat(page, oracle);
    await chat.painted();
    return chat;
  }

  /** Something of the conversation is there, be it remembered. */
  async painted(): Promise<void> {
    await this.page.waitForFunction(() => (window.chatlogShown?.()?.rows.length ?? 0) > 0);
  }

  /** What has been painted since the page was loaded. */
  recording(): Promise<Recording> {
    return this.page.evaluate(() => window.chatlogRecording);
  }

  shown(): Promise<Shown | null> {
    return this.page.evaluate(() => window.chatlogShown());
  }

  /** Every word of the chat that can be seen: messages, tool lines, notes, statuses, and what Claude does. */
  visible(): Promise<string> {
    return this.page.evaluate(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('[data-message-id]')];
      const lines = rows.map((row) => `${row.dataset.role} ${row.dataset.status}: ${row.innerText}`);
      const rest = [...document.querySelectorAll<HTMLElement>('[data-outbox], [data-action]')];
      return [...lines, ...rest.map((element) => element.innerText)].join('\n');
    });
  }

  /** Resolves when the page shows all that is committed, and has come to rest there. */
  async upToDate(): Promise<number> {
    let quiet = 0;
    for (const until = Date.now() + PATIENCE_MS; quiet < 3;) {
      const [head, shown] = [await this.oracle.head(), await this.shown()];
      const isThere = shown?.seq === head && (await this.oracle.problemOf(shown, true)) === null;
      quiet = isThere ? quiet + 1 : 0;
      if (quiet === 3) return head;
      if (Date.now() > until) {
        const problem = shown && (await this.oracle.problemOf(shown, true));
        throw new Error(`the page shows ${shown?.seq} of ${head}; ${problem ?? 'it says the same'}`);
      }
      await pause(40);
    }
    return this.oracle.head();
  }

  /** Everything that was painted agrees with the log, and within one load of the page nothing goes back. */
  async check({ frames }: Recording, most = 12): Promise<number> {
    const seqs = frames.map(({ seq }) => seq);
    expect(seqs, 'what is shown never goes back').toEqual(seqs.toSorted((a, b) => a - b));
    const every = Math.max(1, Math.floor(frames.length / most));
    // the first ones are what was remembered, and what it was corrected to
    const chosen = frames.filter(
      (_, index) => index < 4 || index % every === 0 || index === frames.length - 1,
    );
    for (const frame of chosen) expect(await this.oracle.problemOf(frame)).toBeNull();
    return chosen.length;
  }
}
