/** A row, in sight before and after a step, that moved by something else than the step. */
export type Jump = { id: string; by: number; moved: number; frame: number };

/** What was seen on the way to the top. */
export type Scrolled = {
  jumps: Jump[];
  /** Every message that was in sight, and with it the one that stood right below. */
  below: Record<string, string | null>;
  frames: number[];
};

/** `end`: what the list says at its top. It is given up after `mostFrames`. */
export type ScrollPlan = { stepPx: number; end: string; mostFrames: number };

/**
 * Runs in the page: scrolls up, a step a frame, until the list says that it begins here, and looks at what each frame has
 * painted. Whatever is loaded and measured meanwhile, a row that stays in sight moves by the step and by nothing else.
 * It must need nothing from outside, since its text is what is sent there.
 */
export async function scrollToTop({ stepPx, end, mostFrames }: ScrollPlan): Promise<Scrolled> {
  const MOST_PX = 2;
  const list = document.querySelector<HTMLElement>('[data-scroll]');
  if (!list) throw new Error('there is no list');
  const scrolled: Scrolled = { jumps: [], below: {}, frames: [] };
  const painted = () =>
    new Promise<void>((resolve) => {
      requestAnimationFrame((at) => {
        scrolled.frames.push(at);
        setTimeout(resolve);
      });
    });
  const inSight = () => {
    const box = list.getBoundingClientRect();
    return [...list.querySelectorAll<HTMLElement>('[data-message-id]')]
      .map((row) => ({ id: row.dataset.messageId ?? '', box: row.getBoundingClientRect() }))
      .filter((row) => row.box.bottom > box.top && row.box.top < box.bottom)
      .map((row) => ({ id: row.id, top: row.box.top }))
      .toSorted((a, b) => a.top - b.top);
  };
  const keep = (rows: ReturnType<typeof inSight>) => {
    for (const [index, { id }] of rows.entries()) scrolled.below[id] ??= rows[index + 1]?.id ?? null;
    return rows;
  };
  const isAtTop = () => list.scrollTop <= 0 && (list.textContent ?? '').includes(end);
  await painted();
  let before = keep(inSight());
  for (let atTop = 0; atTop < 10 && scrolled.frames.length < mostFrames;) {
    const from = list.scrollTop;
    list.scrollTop = from - stepPx;
    const moved = from - list.scrollTop;
    await painted();
    const now = inSight();
    const tops = new Map(now.map(({ id, top }) => [id, top]));
    for (const { id, top } of before) {
      const by = (tops.get(id) ?? top) - top;
      const hasMoved = Math.abs(by - moved) <= MOST_PX;
      // the list, told of its place a frame late, may undo a step as a page comes in: then nothing moves
      if (!hasMoved && Math.abs(by) > MOST_PX)
        scrolled.jumps.push({ id, by, moved, frame: scrolled.frames.length });
    }
    before = keep(now);
    atTop = isAtTop() ? atTop + 1 : 0;
  }
  return scrolled;
}
