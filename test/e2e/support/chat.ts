import { expect, type Locator, type Page } from '@playwright/test';

/** The chat page as a person uses it: found by what is read out and shown, not by how it is built. */
export class Chat {
  readonly composer: Locator;
  readonly messages: Locator;
  readonly history: Locator;

  constructor(readonly page: Page) {
    this.composer = page.getByRole('textbox', { name: 'Message to Claude' });
    this.messages = page.getByRole('log', { name: 'Messages' });
    this.history = page.getByRole('navigation', { name: 'Chats' });
  }

  /** Opens the address of a new chat, in a project where one is named. */
  async openNew(projectId = 'new'): Promise<void> {
    await this.page.goto(`/projects/${projectId}?conversation=new`);
    await expect(this.composer).toBeVisible();
  }

  /** Opens a conversation by its address, and waits until its messages are there. */
  async open(conversationId: string, projectId = 'new', search = ''): Promise<void> {
    await this.page.goto(`/projects/${projectId}?conversation=${conversationId}${search}`);
    await expect(this.rows().first()).toBeVisible();
  }

  /** Writes a prompt and sends it; resolves once it is in the log. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(
      this.rows('user')
        .filter({ hasText: text.split('\n')[0] })
        .last(),
    ).toBeVisible();
  }

  /** Sends a prompt and waits for the end of the whole turn. */
  async ask(text: string): Promise<void> {
    await this.send(text);
    await this.idle();
  }

  /** No turn runs, and nothing is on its way. */
  async idle(): Promise<void> {
    await expect(this.page.locator('[data-outbox]')).toHaveCount(0, { timeout: 30_000 });
    await expect(this.stopButton()).toHaveCount(0, { timeout: 30_000 });
    await expect(this.page.locator('[data-status="streaming"], [data-status="pending"]')).toHaveCount(0);
  }

  /** A turn runs, and some of its answer is there: for scripts that take their time, such as `talking`. */
  async streaming(): Promise<void> {
    await expect(
      this.page.locator('[data-role="assistant"][data-status="streaming"] [data-text]'),
    ).not.toHaveText('', {
      timeout: 30_000,
    });
  }

  stopButton(): Locator {
    return this.page.getByRole('button', { name: 'Stop', exact: true });
  }

  /** The rows in sight, or those of one role. */
  rows(role?: 'user' | 'assistant' | 'tool' | 'system'): Locator {
    return this.page.locator(role ? `[data-role="${role}"]` : '[data-role]');
  }

  /** The conversation that the address names. */
  conversationId(): string {
    const id = new URL(this.page.url()).searchParams.get('conversation');
    if (!id || id === 'new') throw new Error(`${this.page.url()} names no conversation`);
    return id;
  }

  /** Waits until the address names the conversation that the first message has started. */
  async named(): Promise<string> {
    await expect(this.page).toHaveURL(/conversation=[\da-f-]{36}/);
    return this.conversationId();
  }

  /**
   * What a reader sees of the messages, row by row: who, how it stands, and the text to the letter. For a chat that fits into
   * the page: rows out of sight do not exist.
   */
  async visibleText(): Promise<string[]> {
    return this.rows().evaluateAll((rows) =>
      rows
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => {
          const { role, status } = (row as HTMLElement).dataset;
          const text = row.querySelector<HTMLElement>('[data-text]') ?? (row as HTMLElement);
          return `${role} ${status}: ${text.innerText.trim()}`;
        }),
    );
  }

  /** Opens the menu of a conversation in the sidebar and chooses from it. */
  async chooseInHistory(title: string, action: string): Promise<void> {
    await this.history.getByRole('button', { name: `What to do with “${title}”` }).click();
    await this.page.locator(':popover-open').getByRole('button', { name: action, exact: true }).click();
  }
}
