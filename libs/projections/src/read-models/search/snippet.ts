import { foldText, isSilent, type FoldedText } from './folded-text.js';
import type { SearchMode } from './search-conditions.js';
import type { SearchQuery } from './search-query.js';

/** A piece of a message's text; `hit`: it is what was looked for. Plain text: nothing in it is markup. */
export type SnippetSegment = { text: string; hit: boolean };

type Range = { from: number; to: number };

const LENGTH = 240;
const BEFORE = 60;
/** Looked at first: mostly a hit is found here. */
const BEGINNING = 8_000;

/** Cuts pieces out of texts, and marks in them what a query means. It looks at so many characters in all, then shows beginnings. */
export class Snippets {
  private left = 1_000_000;

  constructor(
    private readonly query: SearchQuery,
    private readonly mode: SearchMode,
  ) {}

  of(text: string): SnippetSegment[] {
    const hits = this.hitsIn(text.slice(0, BEGINNING));
    if (hits.length > 0 || text.length <= BEGINNING || this.left < text.length) return cut(text, hits);
    return cut(text, this.hitsIn(text));
  }

  private hitsIn(text: string): Range[] {
    this.left -= text.length;
    const folded = foldText(text);
    const found = this.query.flatMap((group) =>
      group
        .filter(({ negated }) => !negated)
        .flatMap(({ words, prefix, inside }) => {
          const edges = this.mode === 'words' && !inside;
          return [...placesOf(folded.text, words.join(' '), { before: edges, after: edges && !prefix })];
        }),
    );
    return merged(found.map((place) => originOf(text, folded, place)));
  }
}

function* placesOf(
  text: string,
  needle: string,
  edge: { before: boolean; after: boolean },
): Generator<Range> {
  for (let from = text.indexOf(needle); from >= 0; from = text.indexOf(needle, from + needle.length)) {
    const to = from + needle.length;
    if (edge.before && from > 0 && text[from - 1] !== ' ') continue;
    if (edge.after && to < text.length && text[to] !== ' ') continue;
    yield { from, to };
  }
}

/** To the end of the last character: what was left out of it, such as an accent, goes along. */
function originOf(text: string, { origins }: FoldedText, { from, to }: Range): Range {
  const last = origins[to - 1]!;
  let end = last + String.fromCodePoint(text.codePointAt(last)!).length;
  while (end < text.length && isSilent(text[end]!)) end += 1;
  return { from: origins[from]!, to: end };
}

function merged(ranges: Range[]): Range[] {
  const apart: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else apart.push({ ...range });
  }
  return apart;
}

function cut(text: string, hits: readonly Range[]): SnippetSegment[] {
  const first = hits[0]?.from ?? 0;
  const from = first <= BEFORE ? 0 : wordStart(text, first - BEFORE, first);
  const to = wordEnd(text, Math.min(text.length, from + LENGTH));
  const segments: SnippetSegment[] = [];
  const push = (piece: string, hit: boolean): void => {
    const shown = piece.replace(/\s+/g, ' ');
    if (shown !== '') segments.push({ text: shown, hit });
  };
  let at = from;
  if (from > 0) push('…', false);
  for (const hit of hits) {
    if (hit.from >= to) break;
    push(text.slice(at, hit.from), false);
    at = Math.min(hit.to, Math.max(to, hit.from + LENGTH));
    push(text.slice(hit.from, at), true);
  }
  push(text.slice(at, to), false);
  if (Math.max(at, to) < text.length) push('…', false);
  return segments;
}

/** Forward to where a word begins, and never into half a character. */
function wordStart(text: string, from: number, until: number): number {
  for (let at = from; at < until; at += 1) if (/\s/.test(text[at - 1]!)) return at;
  return isLow(text, from) ? from + 1 : from;
}

function wordEnd(text: string, to: number): number {
  if (to >= text.length) return text.length;
  for (let at = to; at > to - 20; at -= 1) if (/\s/.test(text[at]!)) return at;
  return isLow(text, to) ? to - 1 : to;
}

function isLow(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text[at] ?? '');
}
