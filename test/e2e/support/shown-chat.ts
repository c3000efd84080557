/** One row of the chat as a person sees it. */
export type ShownRow = { id: string; role: string; status: string; text: string };

/** The rows that are painted, and the last event that is in them. */
export type Shown = { seq: number; rows: ShownRow[] };

/** What a page has painted since it was loaded, one entry for each change. */
export type Recording = { frames: (Shown & { paintedAt: number })[]; statuses: string[] };

declare global {
  interface Window {
    chatlogRecording: Recording;
    chatlogShown: () => Shown | null;
  }
}

/**
 * Runs in the page before anything of it: looks at the chat with each frame that is painted, and keeps what has changed.
 * It must need nothing from outside, since its text is what is sent there.
 */
export function recordFrames(): void {
  const recording: Recording = { frames: [], statuses: [] };
  window.chatlogRecording = recording;
  window.chatlogShown = () => {
    const seq = document.querySelector<HTMLElement>('[data-shown-seq]')?.dataset.shownSeq;
    // nothing is read yet
    if (seq === undefined || seq === '0') return null;
    const rows = [...document.querySelectorAll<HTMLElement>('[data-message-id]')].map((row) => ({
      id: row.dataset.messageId ?? '',
      role: row.dataset.role ?? '',
      status: row.dataset.status ?? '',
      text: row.querySelector(row.dataset.role === 'tool' ? 'button' : '[data-text]')?.textContent ?? '',
    }));
    return { seq: Number(seq), rows };
  };
  let last = '';
  const look = (): void => {
    requestAnimationFrame(look);
    const shown = window.chatlogShown();
    const text = JSON.stringify(shown);
    if (shown && text !== last) recording.frames.push({ ...shown, paintedAt: Date.now() });
    last = text;
    const status = document.querySelector<HTMLElement>('[data-connection]')?.dataset.connection;
    if (status !== undefined && status !== recording.statuses.at(-1)) recording.statuses.push(status);
  };
  look();
}
