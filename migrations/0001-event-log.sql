-- The event log: the only truth. Everything else can be made again from `events`.
-- Invariants that every statement of the project keeps:
--   1. Within a stream, seq is first_seq, first_seq + 1, … without gaps, in commit order. The primary key of `events`
--      is the lock, the order and the fence: whoever commits a seq first owns it.
--   2. A unit (one append to one or more streams) is whole or absent, with its rows in the other tables here.
--   3. Nothing in `events` or `streams` is ever changed or removed.
-- tenant_id and owner_id are text: the principals of today are names, those of tomorrow may be foreign ids.

-- Written once, with the stream's first event. `lineage` says which ancestor serves the seqs below first_seq of a fork.
create table streams (
  stream_id uuid primary key,
  tenant_id text not null,
  owner_id text not null,
  kind text not null check (kind in ('conversation', 'project')),
  first_seq bigint not null default 1 check (first_seq >= 1),
  lineage json,
  created_at timestamptz not null
);
create index streams_by_owner on streams (tenant_id, owner_id, kind, created_at, stream_id);

-- `data` is json, not jsonb: the bytes that came in, \u0000 and lone surrogates and all. `key_id` null: clear text.
create table events (
  stream_id uuid not null,
  seq bigint not null check (seq >= 1),
  event_id uuid not null,
  recorded_at timestamptz not null,
  schema_version smallint not null,
  type text not null,
  key_id uuid,
  data json not null,
  metadata json not null,
  primary key (stream_id, seq)
) partition by hash (stream_id);

-- The answer of every command, for ever: a repeat gets it again. seq_from is null where the command changed nothing.
create table commands (
  tenant_id text not null,
  principal text not null,
  command_id text not null,
  body_sha256 text not null,
  stream_id uuid not null,
  seq_from bigint,
  seq_to bigint not null,
  result json not null,
  at timestamptz not null,
  primary key (tenant_id, principal, command_id)
);

-- A message's, turn's or version's id → the stream and the seq that created it, written with the append.
create table entities (
  id uuid primary key,
  stream_id uuid not null,
  seq bigint not null
);

-- Streams that are ahead of a projection: the sweeper's work list and the lists' overlay. `since` stays while the row stays.
create table pending (
  stream_id uuid primary key,
  tenant_id text not null,
  seq bigint not null,
  since timestamptz not null
) with (fillfactor = 60);
create index pending_by_age on pending (since, stream_id);
create index pending_by_tenant on pending (tenant_id);

-- The open turn of each conversation, at most one. Leases go by the database's clock alone.
create table turns (
  stream_id uuid primary key,
  turn_id uuid not null,
  owner text,
  lease_until timestamptz,
  requested_at timestamptz not null,
  attempts integer not null default 0
) with (fillfactor = 60);

-- The small state that `decide` needs, as of seq: a cache that can be folded again from `events`.
-- One row per reducer version, so that an old and a new process do not overwrite each other's.
create table snapshots (
  stream_id uuid not null,
  reducer_version integer not null,
  seq bigint not null,
  state json not null,
  primary key (stream_id, reducer_version)
);

-- One random per log, made with it: part of the epoch that tells a restored history from this one.
create table log_identity (
  only_row boolean primary key default true check (only_row),
  random uuid not null default gen_random_uuid()
);
insert into log_identity default values;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: the log is append-only', tg_op, tg_table_name using errcode = '42501';
end
$$;

do $$
declare part text;
begin
  for n in 0..15 loop
    part := format('events_%s', lpad(n::text, 2, '0'));
    execute format('create table %I partition of events for values with (modulus 16, remainder %s)', part, n);
    -- Statement triggers do not descend to a partition that is named directly, so each has its own.
    execute format('create trigger append_only before update or delete or truncate on %I
                    for each statement execute function refuse_change()', part);
    execute format('alter table %I enable always trigger append_only', part);
    execute format('revoke update, delete, truncate on %I from public, current_user', part);
  end loop;
end
$$;

create trigger append_only before update or delete or truncate on events
  for each statement execute function refuse_change();
alter table events enable always trigger append_only;
revoke update, delete, truncate on events from public, current_user;

create trigger append_only before update or delete or truncate on streams
  for each statement execute function refuse_change();
alter table streams enable always trigger append_only;
revoke update, delete, truncate on streams from public, current_user;

-- Folds and rebuilds skip deltas through it; it costs 3 B of WAL an event (measured), as deltas are not in it.
create index events_without_deltas on events (stream_id, seq) where type <> 'StreamDeltaReceived';
