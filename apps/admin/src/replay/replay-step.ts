/** Something that appears on the screen at once. `heading` and `quiet` are lines of their own; the others go on where they stand. */
export type ReplayStep = {
  seq: number;
  /** When it was committed. */
  at: string;
  kind: 'heading' | 'text' | 'thinking' | 'quiet';
  text: string;
};
