import { act } from '@testing-library/react';
import { createElement, type ReactNode } from 'react';
import { ChatLogClient } from '#client';
import { ChatLogProvider } from '#react';
import { MemoryStorage } from './fake-browser.js';
import { FakeChatServer } from './fake-chat-server.js';
import { Story } from './story.js';

const message = { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], usage: {} };

/** A delta of the model with some words. */
export const text = (words: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: words },
});

/** Resolves after what changed has been rendered. */
export const nextFrame = () => act(() => new Promise((resolve) => setTimeout(resolve, 60)));

/** A server in memory with one conversation of 30 questions, and pages that hooks are rendered in: new ones for each test. */
export class ChatForHooks {
  readonly server: FakeChatServer;
  /** What the pages of one browser keep. */
  readonly storage = new MemoryStorage();
  private readonly clients: ChatLogClient[] = [];

  constructor() {
    const story = new Story().start();
    for (let n = 0; n < 30; n += 1) story.post('user', `question ${n}`);
    this.server = new FakeChatServer(story);
  }

  /** A wrapper with a client of its own, as each load of a page has. */
  page(fetch = this.server.fetch) {
    const client = new ChatLogClient({ environment: { fetch, storage: this.storage, locks: null } });
    this.clients.push(client);
    return ({ children }: { children: ReactNode }) => createElement(ChatLogProvider, { client }, children);
  }

  /** A turn begins, and its answer's first block. */
  beginAnswer(): void {
    this.server.step((story) => {
      story.turn('go on');
      story.begin();
      story.deltas(
        { type: 'message_start', message },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      );
    });
  }

  close(): void {
    for (const client of this.clients) client.close();
  }
}
