import { Command, Option } from 'nest-commander';
import { AdminActions } from '#admin';
import { DomainRefusal } from '#model';
import { type ParkedKey, ParkedQueries } from '#projections';
import { asId } from '../cli/arguments.js';
import { type ExitCode, exitCodes } from '../cli/exit-codes.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import type { Output } from '../cli/output.js';
import { UsageError } from '../cli/usage-error.js';
import { parkedLines } from '../parked/parked-lines.js';
import { administrator } from '../session/administrator.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';

const PAGE = 1_000;

type ParkedOptions = { retry?: string; retryAll?: boolean; fingerprint?: string };

@Command({
  name: 'parked',
  description: 'events that a projection could not take, grouped by what went wrong; retries one or all',
})
export class ParkedCommand extends LolCommand<ParkedOptions> {
  protected override readonly example = 'npm run lol -- parked --fingerprint 3f9c2a10';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  @Option({
    flags: '--retry <id>',
    description: 'try this conversation or project again, wherever it is parked',
  })
  protected retry(value: string): string {
    return asId('--retry', value);
  }

  @Option({ flags: '--retry-all', description: 'try all of them again' })
  protected retryAll(): boolean {
    return true;
  }

  @Option({ flags: '--fingerprint <fingerprint>', description: 'try those again that failed in this way' })
  protected fingerprint(value: string): string {
    return value;
  }

  protected execute(_params: string[], options: ParkedOptions, { output }: Cli): Promise<ExitCode> {
    const { retry, retryAll, fingerprint } = options;
    if (retry !== undefined && (retryAll || fingerprint !== undefined))
      throw new UsageError('--retry takes one stream: leave --retry-all and --fingerprint out');
    return this.sessions.use({ command: 'parked' }, async (session) => {
      if (retry === undefined && fingerprint === undefined && !retryAll) return list(session, output);
      const actions = session.get(AdminActions);
      const retried =
        retry === undefined
          ? (await actions.retryAllParked(administrator(), { fingerprint })).retried
          : await retryStream(session, retry);
      output.result({ retried }, [
        `${retried} put back to work: the workers try them again, and park again what fails again`,
      ]);
      return exitCodes.fine;
    });
  }
}

/** What is parked is a problem to whoever asks. */
async function list(session: Session, output: Output): Promise<ExitCode> {
  const groups = await session.get(ParkedQueries).groups();
  output.result(groups, parkedLines(groups));
  return groups.length > 0 ? exitCodes.problem : exitCodes.fine;
}

/** In every generation that has given it up. @throws DomainRefusal `not_found` */
async function retryStream(session: Session, streamId: string): Promise<number> {
  const by = administrator();
  const keys = await keysOf(session, by.tenantId, streamId);
  if (keys.length === 0) throw new DomainRefusal('not_found', 404, `${streamId} is not parked`);
  for (const key of keys) await session.get(AdminActions).retryParked(by, key);
  return keys.length;
}

async function keysOf(session: Session, tenantId: string, streamId: string): Promise<ParkedKey[]> {
  const keys: ParkedKey[] = [];
  for (let after: string | undefined; ;) {
    const page = await session.get(ParkedQueries).page({ tenantId, limit: PAGE, after });
    keys.push(...page.items.filter((parked) => parked.streamId === streamId));
    if (page.next === undefined) return keys;
    after = page.next;
  }
}
