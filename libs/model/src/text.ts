import type { ContentBlock } from './state.js';

const TITLE_LENGTH = 100;

/** The first 100 UTF-16 units of a text, or 99 where the hundredth is the first half of a surrogate pair. */
export function titleFrom(text: string): string {
  const start = text.slice(0, TITLE_LENGTH);
  return start.replace(/[\uD800-\uDBFF]$/, '');
}

/** The text blocks joined: what a person reads. */
export function textOfBlocks(blocks: readonly ContentBlock[]): string {
  let text = '';
  for (const block of blocks) {
    if (block.type === 'text' && typeof block.text === 'string') text += block.text;
  }
  return text;
}

/** One text block, or none for an empty text: the Messages API refuses empty ones. */
export function blocksOfText(text: string): ContentBlock[] {
  return text === '' ? [] : [{ type: 'text', text }];
}
