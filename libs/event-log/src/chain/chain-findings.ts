import type { ChainFinding } from './chain-types.js';

const KEPT = 1_000;
/** Streams beyond so many bad ones may be counted once a seal. */
const REMEMBERED = 100_000;

/** What was found, each stream once, at its first bad event: findings of a stream come in the order of its seqs. */
export class ChainFindings {
  readonly kept: ChainFinding[] = [];
  count = 0;
  private readonly streams = new Set<string>();

  constructor(private readonly onFinding: (finding: ChainFinding) => void) {}

  add(finding: ChainFinding): void {
    const { streamId } = finding;
    if (streamId !== null && this.streams.has(streamId)) return;
    if (streamId !== null && this.streams.size < REMEMBERED) this.streams.add(streamId);
    this.count += 1;
    if (this.kept.length < KEPT) this.kept.push(finding);
    this.onFinding(finding);
  }

  /** Whether something is known to be wrong with the stream: what follows there hangs on it. */
  has(streamId: string): boolean {
    return this.streams.has(streamId);
  }
}
