import { lol } from '../../support/lol.js';

const nowhere = { CHATLOG_DATA_DIR: '/nonexistent/chatlog' };

describe('lol --help', () => {
  it('tells every command, the exit codes and where it looks, without a database', async () => {
    const { code, out, err } = await lol(['--help'], nowhere);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
     "Usage: lol <command> [options]

     What an administrator of LOL Chat Log needs: look, prove, repair, move.

     Options:
       --json                               the result as JSON, and nothing else, on
                                            the standard output
       --quiet                              no progress and no remarks
       -h, --help                           display help for command

     Commands:
       status [options]                     what runs, how far behind the
                                            projections are, what is open, what it
                                            takes on the disk
       doctor [options]                     looks at configuration, machine,
                                            database, queue and workers, and says
                                            what to do about what is wrong
       rebuild [options] [projection]       makes read models anew beside the live
                                            ones, compares, and flips; reads and
                                            writes go on
       verify [options] [projection]        compares what is read with the fold of
                                            the log, and prints each difference;
                                            changes nothing
       parked [options]                     events that a projection could not take,
                                            grouped by what went wrong; retries one
                                            or all
       replay [options] <conversation>      plays a conversation as it was streamed
                                            (space pauses, ← → go a message back or
                                            on, q quits)
       export [options] <id>                writes one conversation or project:
                                            every event as NDJSON, to be imported
                                            elsewhere, or as Markdown to read
       import [options] <file>              adds an exported conversation or
                                            project, byte for byte; repeating it
                                            adds nothing
       backup [options] <folder>            copies the whole log into a folder, with
                                            checksums, while everything runs
       restore [options] <folder>           fills an empty database from a backup;
                                            checks it whole before the first row
       migrate [options]                    brings the schema to this program's; one
                                            process at a time, all or nothing
       seed [options]                       adds a demo worth looking at, or as many
                                            made-up conversations as a measurement
                                            needs; repeating it adds nothing
       import-lol [options] <postgres-url>  takes the LOL app's conversations,
                                            messages and projects into the log;
                                            repeating it adds what came since
       help [command]                       display help for command

     Exit codes: 0 fine · 1 failed, or found a problem · 2 usage · 3 cannot connect · 4 conflict, such as a rebuild that runs · 130 Ctrl-C
     Where: DATABASE_URL, else the embedded database of CHATLOG_DATA_DIR, whether \`npm start\` runs on it or not.
     For programs: npm run --silent lol -- status --json
     Each command's own help has an example: npm run lol -- rebuild --help

     "
    `);
  });

  it('tells of a command how it is used, with an example', async () => {
    const { code, out } = await lol(['rebuild', '--help'], nowhere);
    expect(code).toBe(0);
    expect(out).toContain('Usage: lol rebuild [options] [projection]');
    expect(out).toContain('Example:\n  npm run lol -- rebuild messages --dry-run\n');
  });

  it.each([
    ['an unknown command', ['everything'], "unknown command 'everything'"],
    ['an unknown option', ['status', '--loud'], "unknown option '--loud'"],
    ['a missing argument', ['replay'], "missing required argument 'conversation'"],
    ['a bad id', ['replay', 'seven'], '<conversation> must be an id'],
    ['a bad value of an option', ['verify', '--sample', 'many'], '--sample must be a whole number'],
    ['options that exclude each other', ['verify', '--chain', '--deep'], '--chain goes over the whole log'],
    ['nothing to do', ['rebuild'], 'name a projection or all'],
  ])('ends with 2 at %s, and says what was expected', async (_case, args, message) => {
    const { code, out, err } = await lol(args, nowhere);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('ends with 3 where there is no database, and says how to get one', async () => {
    const { code, out, err } = await lol(['status', '--json'], nowhere);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'database_unreachable' },
    });
    expect(err).toContain('npm start');
  });
});
