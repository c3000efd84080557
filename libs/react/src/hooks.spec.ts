/** @jest-environment ./test/support/browser-environment.mjs */
import { act, cleanup, render, renderHook, waitFor } from '@testing-library/react';
import { createElement, memo, type ReactNode } from 'react';
import { ChatLogClient } from '#client';
import type { Message } from '#contracts';
import { MemoryStorage } from '../../../test/support/fake-browser.js';
import { FakeChatServer } from '../../../test/support/fake-chat-server.js';
import { urlOf } from '../../../test/support/fake-log-server.js';
import { conversationId, Story } from '../../../test/support/story.js';
import { ChatLogProvider } from './chat-log-provider.js';
import { useClaudeStream } from './use-claude-stream.js';
import { useConversation } from './use-conversation.js';
import { useDraft } from './use-draft.js';
import { useMessage } from './use-message.js';
import { useMessages } from './use-messages.js';

const text = (words: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: words },
});
const message = { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], usage: {} };

const contents = (messages: readonly Message[]) => messages.map(({ content }) => content);
const frame = () => act(() => new Promise((resolve) => setTimeout(resolve, 60)));

describe('the hooks', () => {
  let server: FakeChatServer;
  let storage: MemoryStorage;
  let clients: ChatLogClient[];

  beforeEach(() => {
    const story = new Story().start();
    for (let n = 0; n < 30; n += 1) story.post('user', `question ${n}`);
    server = new FakeChatServer(story);
    storage = new MemoryStorage();
    clients = [];
  });
  afterEach(() => {
    cleanup();
    for (const client of clients) client.close();
  });

  const page = () => {
    const client = new ChatLogClient({ environment: { fetch: server.fetch, storage, locks: null } });
    clients.push(client);
    return ({ children }: { children: ReactNode }) => createElement(ChatLogProvider, { client }, children);
  };
  const beginAnswer = () =>
    server.step((story) => {
      story.turn('go on');
      story.begin();
      story.deltas(
        { type: 'message_start', message },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      );
    });

  it('render only the row that is written while an answer streams', async () => {
    const renders = { list: 0, rows: new Map<string, number>() };
    const Row = memo(({ given }: { given: Message }) => {
      const now = useMessage(given);
      renders.rows.set(given.id, (renders.rows.get(given.id) ?? 0) + 1);
      return createElement('p', null, now.content);
    });
    const List = () => {
      const { messages } = useMessages(conversationId, { quiet: true });
      renders.list += 1;
      return messages.map((given) => createElement(Row, { key: given.id, given }));
    };
    const view = render(createElement(page(), null, createElement(List)));
    await waitFor(() => expect(view.container.textContent).toContain('question 29'));
    beginAnswer();
    await frame();
    renders.list = 0;
    renders.rows.clear();
    for (let n = 0; n < 5; n += 1) {
      server.step((story) => story.deltas(text(`word ${n} `), text('and ')));
      await frame();
    }
    expect(view.container.textContent).toContain('word 0 and word 1 and word 2 and word 3 and word 4 and');
    expect(renders.list).toBe(0);
    expect([...renders.rows.values()]).toEqual([5]);
  });

  it('show as many deltas as come within a frame at once', async () => {
    let renders = 0;
    const { result } = renderHook(
      () => {
        renders += 1;
        return useMessages(conversationId);
      },
      { wrapper: page() },
    );
    await waitFor(() => expect(result.current.messages).toHaveLength(30));
    beginAnswer();
    await frame();
    renders = 0;
    server.step((story) => {
      for (let n = 0; n < 200; n += 1) story.deltas(text('x'));
    });
    await frame();
    expect(result.current.messages.at(-1)?.content).toBe('x'.repeat(200));
    expect(result.current.streamingId).toBe(result.current.messages.at(-1)?.id);
    expect(renders).toBeLessThanOrEqual(3);
  });

  it('say why a page of older messages could not be read, and read it when they are asked again', async () => {
    server.step((story) => {
      for (let n = 30; n < 80; n += 1) story.post('user', `question ${n}`);
    });
    let isBroken = true;
    const answer = server.fetch;
    const fetch: typeof globalThis.fetch = (input, init) => {
      const refusal = { code: 'made_up', title: 'made up', status: 400, detail: 'made up' };
      return isBroken && urlOf(input).includes('before=')
        ? Promise.resolve(Response.json(refusal, { status: 400 }))
        : answer(input, init);
    };
    const client = new ChatLogClient({ environment: { fetch, storage, locks: null } });
    clients.push(client);
    const wrapper = ({ children }: { children: ReactNode }) =>
      createElement(ChatLogProvider, { client }, children);
    const { result } = renderHook(() => useMessages(conversationId, { quiet: true }), { wrapper });
    await waitFor(() => expect(result.current.messages).toHaveLength(50));
    await act(() => result.current.loadMore());
    expect(result.current).toMatchObject({
      loadMoreError: { status: 400 },
      loadingMore: false,
      hasMore: true,
    });
    expect(result.current.messages).toHaveLength(50);

    isBroken = false;
    await act(() => result.current.loadMore());
    expect(result.current.loadMoreError).toBeNull();
    expect(contents(result.current.messages)[0]).toBe('question 0');
  });

  it('jump to the first message that is loaded together with what stands before it', async () => {
    server.step((story) => {
      for (let n = 30; n < 150; n += 1) story.post('user', `question ${n}`);
    });
    const { result } = renderHook(() => useMessages(conversationId), { wrapper: page() });
    await waitFor(() => expect(result.current.messages).toHaveLength(50));
    const first = result.current.messages[0];
    let isThere = false;
    await act(async () => {
      isThere = await result.current.jumpTo(first?.id ?? '');
    });
    expect(isThere).toBe(true);
    expect(result.current.messages.findIndex(({ id }) => id === first?.id)).toBe(50);
  });

  it('paint after a reload at once what was there, and correct it', async () => {
    const first = renderHook(() => useMessages(conversationId), { wrapper: page() });
    await waitFor(() => expect(first.result.current.messages).toHaveLength(30));
    await act(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
    first.unmount();
    server.step((story) => story.post('user', 'meanwhile'));
    const second = renderHook(() => useMessages(conversationId), { wrapper: page() });
    // in the very first render, before anything can have been read
    expect(contents(second.result.current.messages)).toEqual(
      Array.from({ length: 30 }, (_, n) => `question ${n}`),
    );
    expect(second.result.current).toMatchObject({ loading: false, isStale: true });
    await waitFor(() => expect(second.result.current.isStale).toBe(false));
    expect(second.result.current.messages.at(-1)?.content).toBe('meanwhile');
  });

  it('never show less than is remembered because the page came with an older state', async () => {
    const first = renderHook(() => useMessages(conversationId), { wrapper: page() });
    await waitFor(() => expect(first.result.current.messages).toHaveLength(30));
    const head = server.story.events.length;
    await act(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
    first.unmount();
    let states = 0;
    const fetch: typeof globalThis.fetch = (input, init) => {
      const isOlder = urlOf(input).includes('/state?') && (states += 1) === 1;
      return server.fetch(isOlder ? `${urlOf(input)}&at=${head - 5}` : input, init);
    };
    const client = new ChatLogClient({ environment: { fetch, storage, locks: null } });
    clients.push(client);
    const shown: number[] = [];
    const { result } = renderHook(
      () => {
        const read = useMessages(conversationId);
        shown.push(read.messages.length);
        return read;
      },
      {
        wrapper: ({ children }: { children: ReactNode }) =>
          createElement(ChatLogProvider, { client }, children),
      },
    );
    await waitFor(() => expect(result.current.isStale).toBe(false));
    await frame();
    expect(states).toBe(2);
    expect(new Set(shown)).toEqual(new Set([30]));
  });

  it('read older pages, jump into the middle, and find back', async () => {
    server.step((story) => {
      for (let n = 30; n < 400; n += 1) story.post('user', `question ${n}`);
    });
    const { result } = renderHook(() => useMessages(conversationId, { pageSize: 20 }), { wrapper: page() });
    await waitFor(() => expect(result.current.messages).toHaveLength(50));
    expect(contents(result.current.messages).at(0)).toBe('question 350');
    await act(() => result.current.loadMore());
    expect(contents(result.current.messages).at(0)).toBe('question 330');
    expect(result.current.hasNewer).toBe(false);

    // question n has seq n + 2
    await act(() => result.current.jumpTo(102));
    expect(contents(result.current.messages)).toEqual(
      Array.from({ length: 40 }, (_, n) => `question ${80 + n}`),
    );
    expect([result.current.hasMore, result.current.hasNewer]).toEqual([true, true]);
    await act(() => result.current.loadMore());
    expect(contents(result.current.messages).at(0)).toBe('question 60');
    server.step((story) => story.post('user', 'question 400'));
    while (result.current.hasNewer) await act(() => result.current.loadNewer());
    expect(contents(result.current.messages)).toEqual(
      Array.from({ length: 341 }, (_, n) => `question ${60 + n}`),
    );
    while (result.current.hasMore) await act(() => result.current.loadMore());
    expect(result.current.messages).toHaveLength(401);
    expect(new Set(result.current.messages.map(({ id }) => id)).size).toBe(401);
  });

  it('show a message of an older page as it is after it was edited or removed', async () => {
    server.step((story) => {
      for (let n = 30; n < 120; n += 1) story.post('user', `question ${n}`);
    });
    const { result } = renderHook(() => useMessages(conversationId), { wrapper: page() });
    await waitFor(() => expect(result.current.messages).toHaveLength(50));
    await act(() => result.current.loadMore());
    const [old] = result.current.messages;
    server.step((story) =>
      story.append({
        type: 'MessageEdited',
        data: { messageId: old!.id, content: [{ type: 'text', text: 'better' }] },
      }),
    );
    await waitFor(() => expect(result.current.messages[0]?.content).toBe('better'));
  });

  it('show the past as it was, whatever has come since', async () => {
    const { result } = renderHook(() => useMessages(conversationId, { at: 11, pageSize: 4 }), {
      wrapper: page(),
    });
    await waitFor(() => expect(result.current.messages).toHaveLength(4));
    expect(contents(result.current.messages).at(-1)).toBe('question 9');
    await act(async () => expect(await result.current.jumpTo(2)).toBe(true));
    expect(contents(result.current.messages)).toEqual(Array.from({ length: 10 }, (_, n) => `question ${n}`));
  });

  it('tell what Claude does, in data and in words', async () => {
    const { result } = renderHook(() => useClaudeStream({ conversationId }), { wrapper: page() });
    await waitFor(() => expect(result.current.connection).toBe('live'));
    expect(result.current.status).toMatchObject({ isStreaming: false, currentAction: null });
    beginAnswer();
    await waitFor(() => expect(result.current.action).toEqual({ kind: 'writing_text' }));
    const tool = { type: 'tool_use', id: 't', name: 'Write', input: {} };
    server.step((story) =>
      story.deltas(
        text('Let me. '),
        { type: 'content_block_stop', index: 0 },
        { type: 'content_block_start', index: 1, content_block: tool },
        {
          type: 'content_block_delta',
          index: 1,
          delta: { type: 'input_json_delta', partial_json: '{"file_path": "a.html", "content": "<p' },
        },
      ),
    );
    await waitFor(() =>
      expect(result.current.action).toEqual({ kind: 'writing', tool: 'Write', file: 'a.html' }),
    );
    expect(result.current.status.currentAction).toBe('Writing a.html');
    expect(result.current.status.messages).toMatchObject([
      { type: 'assistant', data: { content: 'Let me. ' } },
    ]);
    server.step((story) =>
      story.append({
        type: 'TurnInterrupted',
        data: { turnId: story.state.turn!.turnId, reason: 'lease_expired' },
      }),
    );
    await waitFor(() => expect(result.current.status.isStreaming).toBe(false));
    expect(result.current.error).toMatchObject({ code: 'lease_expired' });
  });

  it('take the newest conversation of the project for the active one, and cancel nothing when they go', async () => {
    const { result, unmount } = renderHook(() => useConversation('p'), { wrapper: page() });
    await waitFor(() => expect(result.current.conversation?.id).toBe(conversationId));
    beginAnswer();
    await waitFor(() => expect(result.current.isStreaming).toBe(true));
    unmount();
    expect(server.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('keep a draft for the next page', () => {
    const first = renderHook(() => useDraft('composer'), { wrapper: page() });
    act(() => first.result.current.setDraft('half a thou'));
    first.unmount();
    const second = renderHook(() => useDraft('composer'), { wrapper: page() });
    expect(second.result.current.draft).toBe('half a thou');
    act(() => second.result.current.clearDraft());
    expect(second.result.current.draft).toBe('');
    expect(storage.items.size).toBe(0);
  });
});
