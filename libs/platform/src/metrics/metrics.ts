import { absentGauge, counter, counterFrom0, gauge, histogram } from './registry.js';

/** Around what a commit and a delivery take, in seconds: from a fast disk to the patience of an append. */
const QUICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const REQUEST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const TURN = [1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];

/**
 * What this process counts and times, by Prometheus' conventions: `chatlog_` first, the unit last. No label has values that
 * grow with the data: no ids, no paths but templates, no error texts. Instruments of a process live as long as it does, so
 * they are plain values, as loggers are.
 */
export const metrics = {
  build: gauge('chatlog_build_info', 'Always 1; says which program this is', 'release', 'role'),
  up: gauge('chatlog_up', '1: these figures are fresh; 0: what they are about did not answer', 'part'),

  commitSeconds: histogram(
    'chatlog_commit_seconds',
    'From an append that came to its commit: what a writer waits',
    QUICK,
  ),
  flushSeconds: histogram(
    'chatlog_flush_seconds',
    'One group commit, with its retries, until the fate of all its units is known',
    QUICK,
  ),
  flushUnits: histogram(
    'chatlog_flush_units',
    'Units that one group commit took along',
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  ),
  events: counter('chatlog_events_total', 'Events that this process has committed', 'type'),
  appendFailures: counterFrom0(
    'chatlog_append_failures_total',
    'Units that were not committed, by why',
    'reason',
    [
      'log_unavailable',
      'storage_full',
      'wrong_expected_version',
      'idempotency_key_reused',
      'refused',
      'other',
    ],
  ),
  deliverySeconds: histogram(
    'chatlog_delivery_seconds',
    "From an event's recorded time to its hand-over to a live reader's connection",
    QUICK,
  ),
  readers: gauge('chatlog_stream_readers', 'Readers that follow a stream here'),

  requestSeconds: histogram(
    'chatlog_http_request_seconds',
    'HTTP requests; streams are left out',
    REQUEST,
    'method',
    'route',
    'status',
  ),

  turns: counterFrom0('chatlog_turns_total', 'Turns that ended, by how', 'outcome', [
    'completed',
    'failed',
    'cancelled',
    'interrupted',
  ]),
  turnSeconds: histogram('chatlog_turn_seconds', 'From the start of a turn to its end here', TURN, 'outcome'),
  turnsRunning: gauge('chatlog_turns_running', 'Turns that run here'),
  tokens: counter('chatlog_tokens_total', 'Tokens that the model reported', 'kind'),

  projectedEvents: counter('chatlog_projected_events_total', 'Events that were projected', 'projection'),
  batches: counter(
    'chatlog_projector_batches_total',
    'Batches of a projector, by how they ended',
    'projection',
    'outcome',
  ),
  foldsKilled: counterFrom0(
    'chatlog_folds_killed_total',
    'Fold threads that were killed or died, by why',
    'reason',
    ['late', 'died'],
  ),
  sweeps: counter('chatlog_sweeps_total', 'Rounds of the sweeper', 'outcome'),
  swept: counter('chatlog_swept_streams_total', 'Streams that a sweep found behind'),

  lagEvents: gauge('chatlog_projection_lag_events', 'Events that the live rows lack', 'projection'),
  lagSeconds: gauge(
    'chatlog_projection_lag_seconds',
    'For how long the stream that has waited longest is behind',
    'projection',
  ),
  oldestUnprojectedSeconds: absentGauge(
    'chatlog_oldest_unprojected_seconds',
    'Age of the oldest event that some live projection lacks; parked streams wait for a person',
  ),
  parked: gauge('chatlog_parked_streams', 'Streams that are parked in the live generation', 'projection'),
  rebuilding: gauge(
    'chatlog_rebuilds_open',
    'Rebuilds that are not over, by how they stand',
    'projection',
    'status',
  ),
  rebuildProgress: gauge(
    'chatlog_rebuild_progress_ratio',
    'Streams that an open rebuild has copied, of all',
    'projection',
  ),

  poolConnections: gauge('chatlog_pool_connections', 'Connections to the database', 'state'),
  poolWaiting: gauge('chatlog_pool_waiting', 'Requests that wait for a connection'),
  queueJobs: gauge('chatlog_queue_jobs', 'Jobs of a queue', 'queue', 'state'),

  auditChecks: counter(
    'chatlog_audit_checks_total',
    'Read models of a stream that the auditor compared',
    'projection',
  ),
  auditMismatches: counter(
    'chatlog_audit_mismatches_total',
    'Read models of a stream that the auditor found to differ from the fold',
    'projection',
  ),

  backupLastSuccess: absentGauge(
    'chatlog_backup_last_success_timestamp_seconds',
    'When the newest whole backup was made, in seconds since 1970; absent: there is none',
  ),
  backupFailures: counter('chatlog_backup_failures_total', 'Scheduled backups that failed'),
};
