import { readFileSync, writeFileSync } from 'node:fs';
import { type ChainAnchor, type ChainFinding, ChainVerifier, parseChainAnchor } from '#event-log';
import { type ExitCode, exitCodes } from '../cli/exit-codes.js';
import type { Cli } from '../cli/lol-command.js';
import { UsageError } from '../cli/usage-error.js';
import type { Session } from '../session/session.js';

/** A seal that was kept in a file. @throws UsageError */
export function readAnchor(file: string): ChainAnchor {
  try {
    return parseChainAnchor(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--anchor: ${file}: ${(error as Error).message}`);
  }
}

/** Checks the hash chain over the whole log, tells each finding as it is found, and keeps the last seal where it is asked to. */
export async function verifyChain(
  session: Session,
  { anchor, writeAnchor }: { anchor?: ChainAnchor; writeAnchor?: string },
  { output, signal }: Cli,
): Promise<ExitCode> {
  const progress = output.progress('chain');
  const report = await session
    .get(ChainVerifier)
    .verify({
      anchor,
      signal,
      onProgress: ({ events, seals, sealsTotal }) => progress.update(seals, sealsTotal, `${events} events`),
      onFinding: (finding) => output.line(chainLine(finding)),
    })
    .finally(() => progress.end());
  const { bad, seals, streams, events, unsealed, lastSeal } = report;
  const isKept = bad === 0 && writeAnchor !== undefined && lastSeal !== null;
  // a seal of a chain that is broken must not take the place of a good one
  if (isKept) writeFileSync(writeAnchor, `${JSON.stringify(lastSeal)}\n`);
  const looked = `${events} events of ${streams} streams under ${seals} seals; ${unsealed} are not sealed yet`;
  output.result(report, [
    bad === 0 ? `the chain holds: ${looked}` : `the chain is BROKEN: ${bad} findings, ${looked}`,
    ...(isKept
      ? [`the last seal is in ${writeAnchor}: keep it where this database's administrator cannot write`]
      : []),
  ]);
  return bad === 0 ? exitCodes.fine : exitCodes.problem;
}

function chainLine({ kind, streamId, seq, seal, what }: ChainFinding): string {
  const where = [
    streamId && `stream ${streamId}`,
    seq && `seq ${seq}`,
    seal !== null && `seal ${seal}`,
  ].filter(Boolean);
  return `${kind}  ${where.join(', ')}: ${what}`;
}
