-- The hash chain over the log. Whoever holds the key makes it behind the appends; without a key nothing stands here, and the
-- key itself is in no table. Invariants:
--   1. The runs of a stream cover its events from first_seq on, without a gap or an overlap.
--   2. `macs`: an HMAC of 16 bytes an event, each over the event's stored bytes and the one before it. A stream's first
--      run begins with one more, over the stream's row in `streams`.
--   3. A seal lists its runs in `runs` (stream, from, to, last HMAC: 48 bytes each); its `mac` covers its number, that
--      list and the mac of the seal before it. Seals are 1, 2, 3 … without gaps.
--   4. Nothing here is ever changed or removed.
create table chain_seals (
  seal bigint primary key check (seal >= 1),
  runs bytea not null,
  mac bytea not null,
  sealed_at timestamptz not null default now()
);
alter table chain_seals alter column runs set storage external;

create table chain_runs (
  stream_id uuid not null,
  from_seq bigint not null,
  to_seq bigint not null check (to_seq >= from_seq),
  seal bigint not null,
  macs bytea not null,
  primary key (stream_id, from_seq)
);
-- an HMAC is as good as random: compressing it is in vain
alter table chain_runs alter column macs set storage external;
create index chain_runs_by_seal on chain_runs (seal);

create trigger append_only before update or delete or truncate on chain_seals
  for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on chain_runs
  for each statement execute function refuse_change();

-- Which streams grew lately, for the sealer. Events lie in the order of their times, so a summary of each 32 pages is enough,
-- and costs an append nothing.
create index events_by_time on events using brin (recorded_at) with (pages_per_range = 32, autosummarize = on);
