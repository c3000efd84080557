/**
 * Glob patterns over paths: `*` and `?` within one part of a path, `**` over any number of parts, `[a-z]` and `[!a-z]`, and
 * `{a,b}`. A pattern without `/` is for the last part, wherever it stands. Hand-made, as the regular expressions that
 * patterns are commonly turned into backtrack: here a match costs at most pattern × path steps, and all matches of one
 * pattern a fixed number. Throws RangeError where it costs more.
 */
export type Glob = (path: string) => boolean;

/** Braces multiply: more alternatives than these are no honest pattern. */
const mostAlternatives = 64;
/** About a quarter of a second; 500 paths take an honest pattern a hundredth of it. Without, the worst took 21 s (measured). */
const mostSteps = 20_000_000;

/** @throws RangeError when the braces stand for too many patterns */
export function glob(pattern: string): Glob {
  const rooted = pattern.replace(/^(\.?\/)+/, '');
  const alternatives = expandBraces(rooted).map((text) => {
    const parts = text.split('/').filter((part) => part !== '');
    return (parts.length > 1 ? parts : ['**', ...parts]).map(partOf);
  });
  const budget: Budget = { left: mostSteps };
  return (path) => alternatives.some((parts) => matchesParts(parts, path.split('/'), budget));
}

type Part = '**' | Token[];
type Token = '*' | { cost: number; fits: (character: string) => boolean };
type Budget = { left: number };

function spend(budget: Budget, steps: number): void {
  budget.left -= steps;
  if (budget.left < 0)
    throw new RangeError('this pattern takes too long with these paths: use a simpler one');
}

/** `a{b,c}d` → `abd`, `acd`; braces may stand in braces, and one that does not close is itself. */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    // The innermost first, so that what is left has fewer.
    const match = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (match === null) done.push(next);
    else {
      const [before, after] = [next.slice(0, match.index), next.slice(match.index + match[0].length)];
      for (const choice of match[1]!.split(',')) open.push(before + choice + after);
    }
    if (done.length + open.length > mostAlternatives)
      throw new RangeError(`a pattern may stand for at most ${mostAlternatives} patterns`);
  }
  return done;
}

function partOf(text: string): Part {
  if (text === '**') return '**';
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    const close = character === '[' ? text.indexOf(']', at + 2) : -1;
    if (character === '*') tokens.push('*');
    else if (character === '?') tokens.push({ cost: 1, fits: () => true });
    else if (close !== -1) {
      tokens.push({ cost: close - at, fits: classOf(text.slice(at + 1, close)) });
      at = close;
    } else tokens.push({ cost: 1, fits: (other) => other === character });
  }
  return tokens;
}

function classOf(text: string): (character: string) => boolean {
  const negated = text[0] === '!' || text[0] === '^';
  const members = negated ? text.slice(1) : text;
  const within = (character: string): boolean => {
    for (let at = 0; at < members.length; at += 1) {
      const isRange = members[at + 1] === '-' && at + 2 < members.length;
      const last = isRange ? members[at + 2]! : members[at]!;
      if (character >= members[at]! && character <= last) return true;
      if (isRange) at += 2;
    }
    return false;
  };
  return (character) => within(character) !== negated;
}

/** Which of the pattern's parts may be reached after each of the path's: a set that grows, never a way back. */
function matchesParts(parts: readonly Part[], path: readonly string[], budget: Budget): boolean {
  let reached = withSkipped(parts, new Set([0]));
  for (const name of path) {
    const next = new Set<number>();
    spend(budget, reached.size);
    for (const at of reached) {
      const part = parts[at];
      if (part === '**') next.add(at);
      else if (part !== undefined && matchesName(part, name, budget)) next.add(at + 1);
    }
    reached = withSkipped(parts, next);
  }
  return reached.has(parts.length);
}

/** `**` may stand for nothing. */
function withSkipped(parts: readonly Part[], reached: Set<number>): Set<number> {
  for (const at of reached) if (parts[at] === '**') reached.add(at + 1);
  return reached;
}

/** The classic two pointers: only the last star ever takes one more. */
function matchesName(tokens: readonly Token[], name: string, budget: Budget): boolean {
  let [at, from, star, starFrom] = [0, 0, -1, 0];
  while (from < name.length) {
    const token = tokens[at];
    spend(budget, typeof token === 'object' ? token.cost : 1);
    if (token === '*') [star, starFrom, at] = [at, from, at + 1];
    else if (token?.fits(name[from]!)) [at, from] = [at + 1, from + 1];
    else if (star !== -1) [at, starFrom, from] = [star + 1, starFrom + 1, starFrom + 1];
    else return false;
  }
  while (tokens[at] === '*') at += 1;
  return at === tokens.length;
}
