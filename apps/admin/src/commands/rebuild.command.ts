import { Command, Option } from 'nest-commander';
import { AdminActions } from '#admin';
import { ProjectionOverview } from '#projections';
import { asId } from '../cli/arguments.js';
import { type ExitCode, exitCodes } from '../cli/exit-codes.js';
import { type Cli, LolCommand } from '../cli/lol-command.js';
import { UsageError } from '../cli/usage-error.js';
import { followRebuilds } from '../rebuild/follow-rebuilds.js';
import { hasWorkers } from '../rebuild/rebuild-watch.js';
import { administrator } from '../session/administrator.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';

type Steps = { pause?: string; resume?: string; cancel?: string; accept?: string; follow?: string };
type RebuildOptions = Steps & {
  conversation?: string;
  dryRun?: boolean;
  acceptDiff?: boolean;
  rollback?: string;
  detach?: boolean;
  out?: string;
};

const steps = ['pause', 'resume', 'cancel', 'accept', 'follow'] as const;

@Command({
  name: 'rebuild',
  arguments: '[projection]',
  argsDescription: { projection: 'the name of a projection, or all' },
  description: 'makes read models anew beside the live ones, compares, and flips; reads and writes go on',
})
export class RebuildCommand extends LolCommand<RebuildOptions> {
  protected override readonly example = 'npm run lol -- rebuild messages --dry-run';

  constructor(private readonly sessions: Sessions) {
    super();
  }

  @Option({
    flags: '--conversation <id>',
    description: 'only the rows of this conversation or project, in their place',
  })
  protected conversation(value: string): string {
    return asId('--conversation', value);
  }

  @Option({ flags: '--dry-run', description: 'compare without flipping, and write the differences to --out' })
  protected dryRun(): boolean {
    return true;
  }

  @Option({ flags: '--out <file>', description: 'where the differences go (default: ./rebuild-<id>.ndjson)' })
  protected out(value: string): string {
    return value;
  }

  @Option({
    flags: '--accept-diff',
    description: 'flip also where the rows of a new version differ from the live ones',
  })
  protected acceptDiff(): boolean {
    return true;
  }

  @Option({ flags: '--detach', description: 'leave it to the workers, without following it' })
  protected detach(): boolean {
    return true;
  }

  @Option({
    flags: '--follow <id>',
    description: 'follow a rebuild that runs; where no worker is alive, do its work',
  })
  protected follow(value: string): string {
    return asId('--follow', value);
  }

  @Option({ flags: '--pause <id>', description: 'stop it where it stands' })
  protected pause(value: string): string {
    return asId('--pause', value);
  }

  @Option({ flags: '--resume <id>', description: 'go on from there' })
  protected resume(value: string): string {
    return asId('--resume', value);
  }

  @Option({ flags: '--cancel <id>', description: 'end it, and drop what it made' })
  protected cancel(value: string): string {
    return asId('--cancel', value);
  }

  @Option({ flags: '--accept <id>', description: 'let rows go live that differ from the live ones' })
  protected accept(value: string): string {
    return asId('--accept', value);
  }

  @Option({ flags: '--rollback <projection>', description: 'make the generation live that was live before' })
  protected rollback(value: string): string {
    return value;
  }

  protected execute([projection]: string[], options: RebuildOptions, cli: Cli): Promise<ExitCode> {
    const asked = [...steps, 'rollback' as const].filter((step) => options[step] !== undefined);
    if (projection === 'all' && options.out !== undefined)
      throw new UsageError('--out names one file: the differences of each go to ./rebuild-<id>.ndjson');
    const isRepair = options.conversation !== undefined;
    if (asked.length + Number(asked.length === 0 && (projection !== undefined || isRepair)) !== 1)
      throw new UsageError(
        'name a projection or all, or --conversation, or one of --follow --pause --resume --cancel --accept --rollback',
      );
    return this.sessions.use({ command: 'rebuild' }, async (session) => {
      if (options.rollback !== undefined) return rollBack(session, options.rollback, cli);
      if (isRepair) return repair(session, options.conversation!, projection, cli);
      const step = steps.find((name) => options[name] !== undefined);
      if (step === undefined) return rebuild(session, projection!, options, cli);
      const id = options[step]!;
      if (step !== 'follow') await session.get(AdminActions)[step](administrator(), id);
      return followRebuilds(
        session,
        [id],
        step === 'pause' || step === 'cancel' ? { ...options, detach: true } : options,
        cli,
      );
    });
  }
}

async function rebuild(
  session: Session,
  projection: string,
  options: RebuildOptions,
  cli: Cli,
): Promise<ExitCode> {
  const { dryRun, acceptDiff } = options;
  if (options.detach && !(await hasWorkers(session)))
    throw new UsageError(
      '--detach leaves the work to workers, and none reports itself: start one, or leave it out',
    );
  const started = await session
    .get(AdminActions)
    .rebuild(administrator(), { projection, dryRun, acceptDiff });
  for (const { id, projection: name } of started) cli.output.remark(`rebuild of ${name} is ${id}`);
  return followRebuilds(
    session,
    started.map(({ id }) => id),
    options,
    cli,
  );
}

async function rollBack(session: Session, projection: string, { output }: Cli): Promise<ExitCode> {
  const rolled = await session.get(AdminActions).rollback(administrator(), projection);
  output.result(rolled, [`${projection}: generation ${rolled.to} is live, ${rolled.from} is kept`]);
  return exitCodes.fine;
}

async function repair(
  session: Session,
  streamId: string,
  projection: string | undefined,
  { output }: Cli,
): Promise<ExitCode> {
  const only = projection === 'all' ? undefined : projection;
  if (only !== undefined && !session.get(ProjectionOverview).names.includes(only))
    throw new UsageError(
      `there is no projection ${only}: one of ${session.get(ProjectionOverview).names.join(', ')}`,
    );
  const rows = await session.get(AdminActions).repair(administrator(), streamId, only);
  output.result(
    rows,
    rows.map(
      ({ projection: name, generation, changed }) =>
        `${name}, generation ${generation}: ${changed ? 'its rows were wrong, and are made anew' : 'its rows were right'}`,
    ),
  );
  return exitCodes.fine;
}
