import { Command, Option } from 'nest-commander';
import { AdminActions } from '#admin';
import { isFault, ProjectionOverview, type VerifyRequest } from '#projections';
import { asId, asWhole } from '../cli/arguments.js';
import { type ExitCode, exitCodes } from '../cli/exit-codes.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { UsageError } from '../cli/usage-error.js';
import { administrator } from '../session/administrator.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { readAnchor, verifyChain } from '../verify/verify-chain.js';
import { findingLines, reportLine } from '../verify/verify-lines.js';

type VerifyOptions = {
  conversation?: string;
  sample?: number;
  deep?: boolean;
  chain?: boolean;
  anchor?: string;
  writeAnchor?: string;
};

@Command({
  name: 'verify',
  arguments: '[projection]',
  argsDescription: { projection: 'the name of a projection (default: all)' },
  description: 'compares what is read with the fold of the log, and prints each difference; changes nothing',
})
export class VerifyCommand extends LolCommand<VerifyOptions> {
  protected override readonly example = 'npm run lol -- verify --sample 500 --deep';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  @Option({ flags: '--conversation <id>', description: 'only this conversation or project' })
  protected conversation(value: string): string {
    return asId('--conversation', value);
  }

  @Option({ flags: '--sample <n>', description: 'so many, drawn by chance, instead of all' })
  protected sample(value: string): number {
    return asWhole('--sample', value, 1, 1_000_000_000);
  }

  @Option({
    flags: '--deep',
    description: 'also fold the deltas of every finished answer, and compare the stored message',
  })
  protected deep(): boolean {
    return true;
  }

  @Option({
    flags: '--chain',
    description: 'check the hash chain over the stored events instead (needs CHATLOG_CHAIN_KEY)',
  })
  protected chain(): boolean {
    return true;
  }

  @Option({
    flags: '--anchor <file>',
    description: 'with --chain: the last seal that was kept elsewhere must still be there',
  })
  protected anchor(value: string): string {
    return value;
  }

  @Option({
    flags: '--write-anchor <file>',
    description: 'with --chain: write the last seal there, to be kept elsewhere',
  })
  protected writeAnchor(value: string): string {
    return value;
  }

  protected execute([projection]: string[], options: VerifyOptions, cli: Cli): Promise<ExitCode> {
    const { conversation: streamId, sample, deep, chain, anchor, writeAnchor } = options;
    if (streamId !== undefined && sample !== undefined)
      throw new UsageError('--conversation and --sample exclude each other');
    if (!chain && (anchor ?? writeAnchor) !== undefined)
      throw new UsageError('--anchor and --write-anchor go with --chain');
    if (chain && (projection ?? streamId ?? sample ?? deep) !== undefined)
      throw new UsageError(
        '--chain goes over the whole log: it takes no projection, conversation, sample or --deep',
      );
    const kept = anchor === undefined ? undefined : readAnchor(anchor);
    return this.sessions.use({ command: 'verify' }, (session) =>
      chain
        ? verifyChain(session, { anchor: kept, writeAnchor }, cli)
        : verifyRows(session, { projection, streamId, sample, deep }, cli),
    );
  }
}

async function verifyRows(session: Session, request: VerifyRequest, cli: Cli): Promise<ExitCode> {
  const { output, signal } = cli;
  const { names } = session.get(ProjectionOverview);
  if (request.projection !== undefined && !names.includes(request.projection))
    throw new UsageError(`there is no projection ${request.projection}: one of ${names.join(', ')}`);
  const findings: unknown[] = [];
  const report = await session
    .get(AdminActions)
    .verify(administrator(), { ...request, signal }, (finding) => {
      if (output.isJson) findings.push(finding);
      for (const text of findingLines(finding)) {
        if (isFault(finding)) output.line(text);
        else output.remark(text);
      }
    });
  output.result({ ...report, findings }, [reportLine(report)]);
  if (report.aborted) return exitCodes.interrupted;
  return report.clean ? exitCodes.fine : exitCodes.problem;
}
