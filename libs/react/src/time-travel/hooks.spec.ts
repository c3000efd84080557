/** @jest-environment ./test/support/browser-environment.mjs */
import { QueryClient } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import { createElement, type ReactNode } from 'react';
import type { ChatLogClient } from '#client';
import { LogMoments } from '../../../../test/support/log-moments.js';
import { momentFromAll } from '../../../../test/support/moment-oracle.js';
import { Story } from '../../../../test/support/story.js';
import { ChatLogProvider } from '../chat-log-provider.js';
import { useComparison } from './use-comparison.js';
import { useTimeTravel } from './use-time-travel.js';
import { useVersions } from './use-versions.js';

/** What the hooks ask of a client, over one log and the versions of one project. */
function clientOf(source: LogMoments) {
  const now = { status: 'ready' };
  const asked = { timelines: 0 };
  const listeners = new Set<() => void>();
  const live = {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => ({ status: now.status, conversation: { seq: source.log.length } }),
  };
  const versions = [{ version: 1 }, { version: 2 }];
  const client = {
    live: { get: () => live, hold: () => () => undefined },
    moments: {
      timeline: () => {
        asked.timelines += 1;
        return source.timeline();
      },
      state: async (_id: string, { at, limit, before }: { at: number; limit: number; before?: string }) => {
        const { state, prev } = await source.state(at, { limit, before });
        return { ...state, ...(prev !== undefined && { previous: prev }) };
      },
      events: async (_id: string, { after, limit }: { after: number; limit: number }) => ({
        items: await source.events(after, after + limit),
      }),
    },
    projects: {
      versions: async (_id: string, { limit }: { limit: number }) => ({
        items: versions.toReversed().slice(0, limit),
      }),
      restore: async (_id: string, version: number) => {
        if (version !== versions.length) versions.push({ version: versions.length + 1 });
        return { version: versions.length };
      },
    },
  };
  return {
    client: client as unknown as ChatLogClient,
    now,
    asked,
    tell: () => listeners.forEach((listener) => listener()),
  };
}

function wrapperOf(client: ChatLogClient) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return ({ children }: { children: ReactNode }) =>
    createElement(ChatLogProvider, { client, queryClient }, children);
}

function told() {
  const story = new Story().start('A talk');
  for (let i = 0; i < 10; i += 1) story.post('user', `message ${i}`);
  return { source: new LogMoments(story.state.id, story.events), id: story.state.id, story };
}

describe('useTimeTravel', () => {
  it('shows the moment that is asked for, to all who look', async () => {
    const { source, id, story } = told();
    const wrapper = wrapperOf(clientOf(source).client);
    const first = renderHook(() => useTimeTravel(id, { at: 5 }), { wrapper });
    await waitFor(() => expect(first.result.current.isExact).toBe(true));
    expect(first.result.current.messages).toEqual(momentFromAll(id, story.events, 5).messages);
    expect(first.result.current).toMatchObject({ isPast: true, head: story.events.length, position: 5 });
    const { goTo } = first.result.current;
    act(() => goTo(null));
    expect(first.result.current).toMatchObject({ isPast: false, messages: [] });
    expect(first.result.current.goTo).toBe(goTo);
  });

  it('shares one position among those that look at the same conversation', async () => {
    const { source, id } = told();
    const wrapper = wrapperOf(clientOf(source).client);
    const { result } = renderHook(() => [useTimeTravel(id), useTimeTravel(id)] as const, { wrapper });
    await waitFor(() => expect(result.current[0].head).toBeGreaterThan(0));
    act(() => result.current[0].goTo(3));
    expect(result.current[1].position).toBe(3);
  });

  it('asks for the track once the messages are read', async () => {
    const { source, id, story } = told();
    const { client, now, asked, tell } = clientOf(source);
    now.status = 'loading';
    const { result } = renderHook(() => useTimeTravel(id), { wrapper: wrapperOf(client) });
    act(tell);
    expect(asked.timelines).toBe(0);
    now.status = 'ready';
    act(tell);
    await waitFor(() => expect(result.current.head).toBe(story.events.length));
    expect(asked.timelines).toBe(1);
  });

  it('grows with the log', async () => {
    const { source, id, story } = told();
    const { client, tell } = clientOf(source);
    const { result } = renderHook(() => useTimeTravel(id), { wrapper: wrapperOf(client) });
    await waitFor(() => expect(result.current.head).toBe(story.events.length));
    story.post('user', 'one more');
    act(tell);
    await waitFor(() => expect(result.current.head).toBe(story.events.length), { timeout: 5_000 });
  });

  it('of no conversation is empty, and does nothing', () => {
    const { result } = renderHook(() => useTimeTravel(null), {
      wrapper: wrapperOf(clientOf(told().source).client),
    });
    act(() => result.current.play());
    expect(result.current).toMatchObject({ head: 0, track: null, position: null, messages: [] });
  });
});

it('useComparison tells what came between two moments', async () => {
  const { source, id } = told();
  const wrapper = wrapperOf(clientOf(source).client);
  const { result } = renderHook(() => useComparison(id, { from: 4, to: 7 }), { wrapper });
  await waitFor(() => expect(result.current.comparison).not.toBeNull());
  expect(result.current.comparison?.messages.map(({ after }) => after?.seq)).toEqual([5, 6, 7]);
  expect(result.current.comparison?.unchanged).toBe(3);
});

describe('useVersions', () => {
  it('restores a version as a new one, and undoes that', async () => {
    const wrapper = wrapperOf(clientOf(told().source).client);
    const { result } = renderHook(() => useVersions('p'), { wrapper });
    await waitFor(() => expect(result.current.current).toBe(2));
    const restored = await act(() => result.current.restore(1));
    expect(restored).toMatchObject({ restored: 1, version: 3, changed: true });
    await waitFor(() => expect(result.current.current).toBe(3));
    expect(await act(() => restored.undo())).toMatchObject({ restored: 2, version: 4 });
    await waitFor(() => expect(result.current.versions.map(({ version }) => version)).toEqual([4, 3, 2, 1]));
  });

  it('says where nothing had to be restored', async () => {
    const wrapper = wrapperOf(clientOf(told().source).client);
    const { result } = renderHook(() => useVersions('p'), { wrapper });
    await waitFor(() => expect(result.current.current).toBe(2));
    expect(await act(() => result.current.restore(2))).toMatchObject({ version: 2, changed: false });
  });
});
