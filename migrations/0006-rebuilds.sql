-- Rebuilds: a new generation of a projection, made beside the live one. Invariants that every statement keeps:
--   1. While a generation is being copied (`status` building, `copied_at` null) only bucket jobs give it streams, each whole, with
--      its checkpoint, in one transaction; live workers feed what it holds. From `copied_at` on it counts for every stream.
--   2. A bucket's cursor moves in the transaction that writes its streams, so a job that dies resumes without a gap.
--   3. At most one rebuild of a projection is not over.
--   4. Nothing here is needed to read: a rebuild that is lost is begun again.

-- `retained_at`: since when a generation is the one to roll back to; it is dropped a set time later.
alter table projection_generations
  add column copied_at timestamptz,
  add column retained_at timestamptz;

create table rebuilds (
  id uuid primary key,
  projection text not null,
  -- of the new generation
  generation integer not null,
  version integer not null,
  -- the generation that was live when it began; null: there was none
  live_generation integer,
  status text not null check (status in ('running', 'paused', 'awaiting_acceptance', 'done', 'cancelled', 'failed')),
  phase text not null check (phase in ('copying', 'reconciling', 'comparing', 'flipping', 'over')),
  dry_run boolean not null,
  accept_diff boolean not null,
  requested_by text not null,
  streams_total bigint not null default 0,
  -- in the phase that runs
  compared bigint not null default 0,
  -- streams whose rows differ from the live ones, or from the fold; null: not known yet
  differing bigint,
  error text,
  -- how long requests took before it began, in milliseconds: it slows down when they take much longer
  baseline_ms double precision,
  started_at timestamptz not null default now(),
  copied_at timestamptz,
  ended_at timestamptz
);
create unique index rebuilds_open on rebuilds (projection) where status in ('running', 'paused', 'awaiting_acceptance');

-- Streams of a kind in order of their ids, cut into ranges: (after, up to]; null: open. `cursor`: the last one copied.
create table rebuild_buckets (
  rebuild_id uuid not null references rebuilds (id) on delete cascade,
  bucket integer not null,
  after_id uuid,
  up_to_id uuid,
  cursor uuid,
  streams bigint not null default 0,
  events bigint not null default 0,
  rows bigint not null default 0,
  done boolean not null default false,
  primary key (rebuild_id, bucket)
) with (fillfactor = 50);

-- What the comparison found, at most some hundred streams of each rebuild. `against`: the live generation, or the fold.
create table rebuild_differences (
  rebuild_id uuid not null references rebuilds (id) on delete cascade,
  stream_id uuid not null,
  against text not null check (against in ('live', 'fold')),
  difference json not null,
  primary key (rebuild_id, stream_id, against)
);

-- What each process says of itself, about every second; gone with a crash of the server, and said again. Rebuilds slow down
-- by it. Times in milliseconds, over the last seconds; null: nothing was measured.
create unlogged table process_reports (
  process_id uuid primary key,
  role text not null,
  host text not null,
  pid integer not null,
  release text not null,
  started_at timestamptz not null,
  at timestamptz not null default clock_timestamp(),
  request_ms double precision,
  commit_ms double precision,
  loop_ms double precision
) with (fillfactor = 50);

-- Actions of administrators are events of a stream of their own.
alter table streams drop constraint streams_kind_check;
alter table streams add constraint streams_kind_check check (kind in ('conversation', 'project', 'admin'));

alter table projection_generations drop constraint projection_generations_status_check;
alter table projection_generations add constraint projection_generations_status_check
  check (status in ('building', 'live', 'retained', 'dropping'));

-- What a parked stream has in common with others: `fingerprint` is of the projection, the event's type and the error without
-- its values. Empty: parked by a release that did not say, until that is tried again.
alter table parked
  add column event_type text not null default '',
  add column fingerprint text not null default '';
create index parked_by_age on parked (parked_at desc, stream_id desc, projection desc, generation desc);
