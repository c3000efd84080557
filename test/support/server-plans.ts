import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type PlanNode, type ScanSeen, scansOf } from './plan-spy.js';

/** What the server did for one statement, of whoever's: one inside a function is told of by itself. */
export type PlanSeen = { sql: string; scans: ScanSeen[]; rows: number; pages: number };

type LogLine = { message?: string; application_name?: string };
type Explained = { 'Query Text': string; Plan: PlanNode };

/** To start a server with whose statements are to be watched. It says nothing until `watch`. */
export const watchableSettings = {
  session_preload_libraries: 'auto_explain',
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_directory: 'plans',
  log_rotation_size: '0',
  log_rotation_age: '0',
  'auto_explain.log_format': 'json',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_verbose': 'on',
  'auto_explain.log_nested_statements': 'on',
};

/** Written to the log of the server behind what was watched: all before it has been written too. */
const END = 'all plans are written';

/**
 * Every statement that the program sends to a server, as it ran: the server itself explains them (auto_explain), so the program
 * is the real one, in a process of its own, and nothing runs twice.
 */
export class ServerPlans {
  private marks = 0;

  constructor(
    private readonly url: string,
    private readonly dataDir: string,
  ) {}

  /** The plans of what the program says while `work` runs. */
  async during(work: () => Promise<unknown>): Promise<PlanSeen[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      const from = await this.mark(client);
      await this.setLogging(client, '0');
      await work();
      await this.setLogging(client, '-1');
      const to = await this.mark(client);
      return this.plansBetween(from, to);
    } finally {
      await client.end();
    }
  }

  /** Resolves when each session, however busy or idle, has had the time to see it. */
  private async setLogging(client: Client, minDuration: string): Promise<void> {
    await client.query(`alter system set auto_explain.log_min_duration = ${minDuration}`);
    await client.query('select pg_reload_conf()');
    await pause(300);
  }

  private async mark(client: Client): Promise<string> {
    const mark = `${END} ${(this.marks += 1)}`;
    await client.query(`do $$ begin raise log '${mark}'; end $$`);
    while (!this.lines().some(({ message }) => message === mark)) await pause(20);
    return mark;
  }

  private plansBetween(from: string, to: string): PlanSeen[] {
    const lines = this.lines();
    const place = (mark: string) => lines.findIndex(({ message }) => message === mark);
    return lines.slice(place(from), place(to)).flatMap(({ message = '', application_name: who = '' }) => {
      // as every connection of the program calls itself, but BullMQ's
      if (!who.startsWith('lol-chat-log')) return [];
      const plan = /^duration: [\d.]+ ms {2}plan:\n/.exec(message);
      return plan ? [planOf(JSON.parse(message.slice(plan[0].length)) as Explained)] : [];
    });
  }

  private lines(): LogLine[] {
    const folder = join(this.dataDir, 'postgres', 'plans');
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    // the last line may be half written
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as LogLine);
  }
}

function planOf({ 'Query Text': sql, Plan: plan }: Explained): PlanSeen {
  const scans = scansOf(sql, plan);
  const rows = scans.reduce((sum, scan) => sum + scan.rows, 0);
  return { sql, scans, rows, pages: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0) };
}
