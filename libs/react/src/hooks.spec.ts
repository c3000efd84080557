/** @jest-environment ./test/support/browser-environment.mjs */
import { act, cleanup, render, renderHook, waitFor } from '@testing-library/react';
import { createElement, memo } from 'react';
import type { Message } from '#contracts';
import { ChatForHooks, nextFrame, text } from '../../../test/support/chat-for-hooks.js';
import { conversationId } from '../../../test/support/story.js';
import { useClaudeStream } from './use-claude-stream.js';
import { useConversation } from './use-conversation.js';
import { useDraft } from './use-draft.js';
import { useMessage } from './use-message.js';
import { useMessages } from './use-messages.js';

describe('the hooks', () => {
  let chat: ChatForHooks;
  beforeEach(() => {
    chat = new ChatForHooks();
  });
  afterEach(() => {
    cleanup();
    chat.close();
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
    const view = render(createElement(chat.page(), null, createElement(List)));
    await waitFor(() => expect(view.container.textContent).toContain('question 29'));
    chat.beginAnswer();
    await nextFrame();
    renders.list = 0;
    renders.rows.clear();
    for (let n = 0; n < 5; n += 1) {
      chat.server.step((story) => story.deltas(text(`word ${n} `), text('and ')));
      await nextFrame();
    }
    expect(view.container.textContent).toContain('word 0 and word 1 and word 2 and word 3 and word 4 and');
    expect(renders.list).toBe(0);
    expect([...renders.rows.values()]).toEqual([5]);
  });

  it('tell what Claude does, in data and in words', async () => {
    const { result } = renderHook(() => useClaudeStream({ conversationId }), { wrapper: chat.page() });
    await waitFor(() => expect(result.current.connection).toBe('live'));
    expect(result.current.status).toMatchObject({ isStreaming: false, currentAction: null });
    chat.beginAnswer();
    await waitFor(() => expect(result.current.action).toEqual({ kind: 'writing_text' }));
    const tool = { type: 'tool_use', id: 't', name: 'Write', input: {} };
    chat.server.step((story) =>
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
    chat.server.step((story) =>
      story.append({
        type: 'TurnInterrupted',
        data: { turnId: story.state.turn!.turnId, reason: 'lease_expired' },
      }),
    );
    await waitFor(() => expect(result.current.status.isStreaming).toBe(false));
    expect(result.current.error).toMatchObject({ code: 'lease_expired' });
  });

  it('take the newest conversation of the project for the active one, and cancel nothing when they go', async () => {
    const { result, unmount } = renderHook(() => useConversation('p'), { wrapper: chat.page() });
    await waitFor(() => expect(result.current.conversation?.id).toBe(conversationId));
    chat.beginAnswer();
    await waitFor(() => expect(result.current.isStreaming).toBe(true));
    unmount();
    expect(chat.server.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('keep a draft for the next page', () => {
    const first = renderHook(() => useDraft('composer'), { wrapper: chat.page() });
    act(() => first.result.current.setDraft('half a thou'));
    first.unmount();
    const second = renderHook(() => useDraft('composer'), { wrapper: chat.page() });
    expect(second.result.current.draft).toBe('half a thou');
    act(() => second.result.current.clearDraft());
    expect(second.result.current.draft).toBe('');
    expect(chat.storage.items.size).toBe(0);
  });
});
