/** @jest-environment ./test/support/browser-environment.mjs */
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { Message } from '#contracts';
import { ChatForHooks, nextFrame, text } from '../../../test/support/chat-for-hooks.js';
import { urlOf } from '../../../test/support/fake-log-server.js';
import { conversationId } from '../../../test/support/story.js';
import { useMessages } from './use-messages.js';

const contents = (messages: readonly Message[]) => messages.map(({ content }) => content);

describe('messages', () => {
  let chat: ChatForHooks;
  beforeEach(() => {
    chat = new ChatForHooks();
  });
  afterEach(() => {
    cleanup();
    chat.close();
  });

  it('show as many deltas as come within a frame at once', async () => {
    let renders = 0;
    const { result } = renderHook(
      () => {
        renders += 1;
        return useMessages(conversationId);
      },
      { wrapper: chat.page() },
    );
    await waitFor(() => expect(result.current.messages).toHaveLength(30));
    chat.beginAnswer();
    await nextFrame();
    renders = 0;
    chat.server.step((story) => {
      for (let n = 0; n < 200; n += 1) story.deltas(text('x'));
    });
    await nextFrame();
    expect(result.current.messages.at(-1)?.content).toBe('x'.repeat(200));
    expect(result.current.streamingId).toBe(result.current.messages.at(-1)?.id);
    expect(renders).toBeLessThanOrEqual(3);
  });

  it('say why a page of older messages could not be read, and read it when they are asked again', async () => {
    chat.server.step((story) => {
      for (let n = 30; n < 80; n += 1) story.post('user', `question ${n}`);
    });
    let isBroken = true;
    const answer = chat.server.fetch;
    const fetch: typeof globalThis.fetch = (input, init) => {
      const refusal = { code: 'made_up', title: 'made up', status: 400, detail: 'made up' };
      return isBroken && urlOf(input).includes('before=')
        ? Promise.resolve(Response.json(refusal, { status: 400 }))
        : answer(input, init);
    };
    const { result } = renderHook(() => useMessages(conversationId, { quiet: true }), {
      wrapper: chat.page(fetch),
    });
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
    chat.server.step((story) => {
      for (let n = 30; n < 150; n += 1) story.post('user', `question ${n}`);
    });
    const { result } = renderHook(() => useMessages(conversationId), { wrapper: chat.page() });
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
    const first = renderHook(() => useMessages(conversationId), { wrapper: chat.page() });
    await waitFor(() => expect(first.result.current.messages).toHaveLength(30));
    await act(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
    first.unmount();
    chat.server.step((story) => story.post('user', 'meanwhile'));
    const second = renderHook(() => useMessages(conversationId), { wrapper: chat.page() });
    // in the very first render, before anything can have been read
    expect(contents(second.result.current.messages)).toEqual(
      Array.from({ length: 30 }, (_, n) => `question ${n}`),
    );
    expect(second.result.current).toMatchObject({ loading: false, isStale: true });
    await waitFor(() => expect(second.result.current.isStale).toBe(false));
    expect(second.result.current.messages.at(-1)?.content).toBe('meanwhile');
  });

  it('never show less than is remembered because the page came with an older state', async () => {
    const first = renderHook(() => useMessages(conversationId), { wrapper: chat.page() });
    await waitFor(() => expect(first.result.current.messages).toHaveLength(30));
    const head = chat.server.story.events.length;
    await act(() => new Promise((resolve) => setTimeout(resolve, 1_200)));
    first.unmount();
    let states = 0;
    const fetch: typeof globalThis.fetch = (input, init) => {
      const isOlder = urlOf(input).includes('/state?') && (states += 1) === 1;
      return chat.server.fetch(isOlder ? `${urlOf(input)}&at=${head - 5}` : input, init);
    };
    const shown: number[] = [];
    const { result } = renderHook(
      () => {
        const read = useMessages(conversationId);
        shown.push(read.messages.length);
        return read;
      },
      { wrapper: chat.page(fetch) },
    );
    await waitFor(() => expect(result.current.isStale).toBe(false));
    await nextFrame();
    expect(states).toBe(2);
    expect(new Set(shown)).toEqual(new Set([30]));
  });

  it('read older pages, jump into the middle, and find back', async () => {
    chat.server.step((story) => {
      for (let n = 30; n < 400; n += 1) story.post('user', `question ${n}`);
    });
    const { result } = renderHook(() => useMessages(conversationId, { pageSize: 20 }), {
      wrapper: chat.page(),
    });
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
    chat.server.step((story) => story.post('user', 'question 400'));
    while (result.current.hasNewer) await act(() => result.current.loadNewer());
    expect(contents(result.current.messages)).toEqual(
      Array.from({ length: 341 }, (_, n) => `question ${60 + n}`),
    );
    while (result.current.hasMore) await act(() => result.current.loadMore());
    expect(result.current.messages).toHaveLength(401);
    expect(new Set(result.current.messages.map(({ id }) => id)).size).toBe(401);
  });

  it('show a message of an older page as it is after it was edited or removed', async () => {
    chat.server.step((story) => {
      for (let n = 30; n < 120; n += 1) story.post('user', `question ${n}`);
    });
    const { result } = renderHook(() => useMessages(conversationId), { wrapper: chat.page() });
    await waitFor(() => expect(result.current.messages).toHaveLength(50));
    await act(() => result.current.loadMore());
    const [old] = result.current.messages;
    chat.server.step((story) =>
      story.append({
        type: 'MessageEdited',
        data: { messageId: old!.id, content: [{ type: 'text', text: 'better' }] },
      }),
    );
    await waitFor(() => expect(result.current.messages[0]?.content).toBe('better'));
  });

  it('show the past as it was, whatever has come since', async () => {
    const { result } = renderHook(() => useMessages(conversationId, { at: 11, pageSize: 4 }), {
      wrapper: chat.page(),
    });
    await waitFor(() => expect(result.current.messages).toHaveLength(4));
    expect(contents(result.current.messages).at(-1)).toBe('question 9');
    await act(async () => expect(await result.current.jumpTo(2)).toBe(true));
    expect(contents(result.current.messages)).toEqual(Array.from({ length: 10 }, (_, n) => `question ${n}`));
  });
});
