declare global {
  interface Window {
    /** Milliseconds from the beginning, or from the last click, until that message was painted in sight. */
    chatlogSeen: (messageId: string, from: 'load' | 'click') => Promise<number>;
    /** Milliseconds from each key to the paint after it, since the page was loaded. */
    chatlogKeys: number[];
    /** When each frame began. */
    chatlogFrames: number[];
  }
}

/**
 * Runs in the page before anything of it, and times what a person sees: by the page's own clock, up to the task after the
 * frame that painted it. It must need nothing from outside, since its text is what is sent there.
 */
export function keepTime(): void {
  window.chatlogKeys = [];
  window.chatlogFrames = [];
  let clickedAt = 0;
  const tick = (at: number): void => {
    window.chatlogFrames.push(at);
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  addEventListener('click', (event) => (clickedAt = event.timeStamp), { capture: true });
  addEventListener(
    'keydown',
    ({ timeStamp }) =>
      requestAnimationFrame(() => setTimeout(() => window.chatlogKeys.push(performance.now() - timeStamp))),
    { capture: true },
  );
  window.chatlogSeen = (messageId, from) =>
    new Promise((resolve) => {
      const look = (): void => {
        const row = document.querySelector(`[data-message-id="${messageId}"]`);
        const box = row?.getBoundingClientRect();
        const list = row?.closest('[data-scroll]')?.getBoundingClientRect();
        const isInSight =
          box !== undefined && list !== undefined && box.bottom > list.top && box.top < list.bottom;
        if (isInSight) resolve(performance.now() - (from === 'click' ? clickedAt : 0));
        else requestAnimationFrame(() => setTimeout(look));
      };
      look();
    });
}
