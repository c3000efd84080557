import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { insist } from '#client';
import { useChatLog, useVersions, type Restored, type UseTimeTravelResult } from '#react';
import { useNotices } from '../shell/notices.js';
import { words } from '../words/all-words.js';

type Options = { conversationId: string; travel: UseTimeTravelResult };

/** What can be done with a moment: its files restored, the conversation forked, its address copied. */
export function usePastActions({ conversationId, travel }: Options) {
  const { client } = useChatLog();
  const navigate = useNavigate();
  const { tell, tellProblem } = useNotices();
  const { timeTravel } = words;
  const { project } = travel.view ?? {};
  const { current, restore } = useVersions(travel.timeline?.totals.version ? project?.id : null);
  const [busy, setBusy] = useState<'restore' | 'fork' | null>(null);

  async function attempt(what: 'restore' | 'fork', work: () => Promise<void>): Promise<void> {
    setBusy(what);
    try {
      await work();
    } catch (error) {
      tellProblem(error);
    } finally {
      setBusy(null);
    }
  }

  /** Told with its undo, which is told with its own. */
  const told = async ({ restored, changed, undo }: Restored, text: string): Promise<void> => {
    if (!changed) tell({ text: timeTravel.restoredNothing(restored) });
    else tell({ text, undo: () => undone(undo) });
    await travel.refresh();
  };
  const undone = async (undo: Restored['undo']): Promise<void> => {
    const back = await undo();
    await told(back, timeTravel.undone(back.version));
  };

  return {
    busy,
    current,
    /** The version that the files of the moment are, or were last made into; 0: none. */
    version: project?.version ?? 0,
    restore: (version: number) =>
      attempt('restore', async () => {
        const restored = await restore(version);
        await told(restored, timeTravel.restored(version, restored.version));
      }),
    fork: (at: number) =>
      attempt('fork', async () => {
        const withProject = project !== undefined;
        const fork = await insist((once) =>
          client.conversations.fork(conversationId, { at, withProject }, once),
        );
        const params = { projectId: fork.projectId ?? 'new' };
        await navigate({ to: '/projects/$projectId', params, search: { conversation: fork.id } });
      }),
    copyLink: (at: number) => {
      const address = new URL(location.href);
      address.searchParams.set('conversation', conversationId);
      address.searchParams.set('at', String(at));
      navigator.clipboard.writeText(address.href).then(
        () => tell({ text: timeTravel.linkCopied }),
        () => tell({ text: timeTravel.linkNotCopied, isProblem: true }),
      );
    },
  };
}
