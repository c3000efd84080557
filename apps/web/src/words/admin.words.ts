import { formatNumber } from './format.js';

const one = (count: number, single: string, many: string): string =>
  count === 1 ? `1 ${single}` : `${formatNumber(count)} ${many}`;

/** The words of the page for whoever runs the service. */
export const adminWords = {
  title: 'Administration',
  home: 'To the chats',
  queues: 'Queues',
  metrics: 'Metrics',
  failed: (reason: string) => `This cannot be read: ${reason}`,
  loading: 'Loading …',
  none: 'None.',

  tokenTitle: 'An administrator’s token is needed',
  tokenWhy:
    'This service asks for a token here. It is kept in this tab alone, and forgotten when the tab is closed.',
  token: 'Token',
  enter: 'Enter',
  tokenRefused: 'This token is not known.',
  tokenScope: 'This token may not administer.',
  leave: 'Forget the token',

  lag: 'Behind',
  lagEvents: (events: number, atLeast: boolean) => `${atLeast ? '≥ ' : ''}${one(events, 'event', 'events')}`,
  upToDate: 'Up to date',
  oldest: 'Oldest waits',
  seconds: (seconds: number) =>
    seconds < 90
      ? `${formatNumber(Math.round(seconds * 10) / 10)} s`
      : `${formatNumber(Math.round(seconds / 60))} min`,
  perSecond: (rate: number) => `${formatNumber(Math.round(rate * 10) / 10)} / s`,
  parkedShort: 'Parked',
  turns: 'Turns that ended',
  turnsRunning: 'Running now',
  sinceStart: 'since this process started',
  outcomes: {
    completed: 'completed',
    failed: 'failed',
    cancelled: 'stopped',
    interrupted: 'cut off',
  } as Record<string, string>,
  noTurns: 'none yet',
  appended: 'Events written',

  charts: 'The last minutes',
  lagChart: 'Events behind, by projection',
  rateChart: 'Events a second',
  chartWritten: 'written',
  chartGathering: 'The first points come in a few seconds.',

  projections: 'Projections',
  projection: 'Projection',
  state: 'State',
  rate: 'Rate',
  generations: 'Generations',
  generation: (generation: number, version: number) =>
    `#${formatNumber(generation)} · v${formatNumber(version)}`,
  generationStatus: { live: 'live', building: 'being built', retained: 'kept' },
  streams: (streams: number) =>
    streams >= 10_000 ? '10,000 streams or more' : one(streams, 'stream', 'streams'),
  actionsOf: (projection: string) => `What to do with ${projection}`,
  rebuild: 'Rebuild',
  rebuildAll: 'Rebuild all',
  dryRun: 'Compare only (dry run)',
  verify: 'Verify 100 at random',
  verifyDeep: 'Verify every token (deep)',
  verifyAll: 'Verify',
  rollback: 'Roll back to the kept generation',
  rebuildStarted: (projection: string) => `The rebuild of ${projection} has begun.`,
  allStarted: 'All projections are being rebuilt.',
  rolledBack: (projection: string, to: number) => `${projection} reads generation ${formatNumber(to)} again.`,
  rollingBack: (projection: string, to: number) =>
    `${projection} goes back to generation ${formatNumber(to)} once that is brought up.`,

  rebuilds: 'Rebuilds',
  rebuildOf: (projection: string) => `Rebuild of ${projection}`,
  phases: {
    copying: 'Copying',
    reconciling: 'Reconciling',
    comparing: 'Comparing',
    flipping: 'Going live',
    over: 'Over',
  },
  statuses: {
    running: 'Running',
    paused: 'Paused',
    awaiting_acceptance: 'Waits for acceptance',
    done: 'Done',
    cancelled: 'Cancelled',
    failed: 'Failed',
  },
  dry: 'dry run',
  progress: (done: number, total: number) => `${formatNumber(done)} of ${one(total, 'stream', 'streams')}`,
  eventsDone: (events: number) => one(events, 'event', 'events'),
  eta: (text: string) => `about ${text} left`,
  compared: (compared: number) => `${formatNumber(compared)} compared`,
  differing: (count: number) =>
    count === 0 ? 'no difference' : one(count, 'stream differs', 'streams differ'),
  pause: 'Pause',
  resume: 'Go on',
  cancel: 'Cancel',
  accept: 'Accept the differences',
  differences: 'Differences',
  against: { live: 'from the live rows', fold: 'from the log' },

  findings: 'Verification',
  verifying: 'Comparing with the log …',
  clean: (streams: number) => `${one(streams, 'stream', 'streams')} compared with the log: all equal.`,
  notClean: (streams: number) => `${one(streams, 'stream', 'streams')} compared with the log:`,
  aborted: 'Time was up before all was looked at.',
  found: (kind: string, count: number) => `${formatNumber(count)} × ${kind.replaceAll('_', ' ')}`,
  at: (seq: number) => `at event ${formatNumber(seq)}`,
  close: 'Close',

  parked: 'Parked',
  parkedWhy: 'Streams that a projection could not take. Reads fold them from the log meanwhile.',
  noneParked: 'Nothing is parked.',
  parkedCount: (count: number) => one(count, 'stream', 'streams'),
  beforeEvent: (type: string, seq: number) => `before event ${formatNumber(seq)}, ${type}`,
  attempts: (attempts: number) => one(attempts, 'attempt', 'attempts'),
  retryAll: 'Try all again',
  retryGroup: 'Try these again',
  retryOne: 'Try again',
  retried: (count: number) => `${one(count, 'stream is', 'streams are')} tried again.`,
  showStreams: 'Show the streams',

  audit: 'What administrators did',
  auditNone: 'Nothing yet.',
  when: 'When',
  who: 'Who',
  what: 'What',
  outcome: 'Outcome',
  auditOutcomes: { requested: 'begun', done: 'done', failed: 'failed', unreadable: 'unreadable' },
  via: { api: 'API', command_line: 'command line' },
  more: 'Older ones',

  processes: 'Processes',
  role: 'Role',
  process: 'Process',
  release: 'Release',
  started: 'Started',
  request: 'Requests, p95',
  commit: 'Commits, p95',
  loop: 'Event loop, p95',
  milliseconds: (value: number | null) =>
    value === null ? '–' : `${formatNumber(Math.round(value * 10) / 10)} ms`,
};
