-- Read models: pure folds of `events`, made anew at will. Invariants that every statement of the project keeps:
--   1. The rows of a (projection, generation, stream) and its checkpoint move in one transaction, so the rows are always
--      fold(events[1..checkpoint.seq]), except for the text of a message in flight (see `messages`).
--   2. A row version is valid in [valid_from, valid_to), in seqs of its conversation; valid_to null: it is the current one.
--      Versions of one row neither overlap nor leave gaps, so a read at any seq is a row lookup.
--   3. Exactly one generation of each projection is live; rows of different generations never meet in a read.
-- Text that people or models wrote is json, not text: \u0000 and lone surrogates survive.

-- `fed_at`: when a process that feeds the generation last said so. A generation that is not live and was unfed for ten
-- minutes is stale: it holds back no pending row and must be reconciled before it is read again.
create table projection_generations (
  projection text not null,
  generation integer not null check (generation >= 1),
  version integer not null,
  status text not null check (status in ('building', 'live', 'retained')),
  fed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  primary key (projection, generation)
);
-- The one pointer that a flip moves.
create unique index projection_generations_live on projection_generations (projection) where status = 'live';

-- How far a stream is projected. `state` is the small conversation state at seq that the next fold goes on from; without
-- messages.
create table projection_checkpoints (
  projection text not null,
  generation integer not null,
  stream_id uuid not null,
  seq bigint not null default 0,
  state json,
  primary key (projection, generation, stream_id)
) with (fillfactor = 70);

-- Folds that have begun at a checkpoint and are not finished, counted before each begins, so that an event that kills its
-- process is counted too; the transaction that moves the checkpoint removes the row. Up to `cautious_to` events are folded
-- one at a time: an attempt on them failed. Unlogged: it must survive a process, not the server, and costs no WAL.
create unlogged table fold_attempts (
  projection text not null,
  generation integer not null,
  stream_id uuid not null,
  attempts integer not null,
  cautious_to bigint not null default 0,
  primary key (projection, generation, stream_id)
);

-- Streams that one projection cannot go on with, and why. `seq` is the event that it stopped before; `fold_version` the
-- code that failed: other code tries again by itself when it starts.
create table parked (
  projection text not null,
  generation integer not null,
  stream_id uuid not null,
  tenant_id text not null,
  fold_version text not null,
  seq bigint not null,
  error text not null,
  attempts integer not null,
  parked_at timestamptz not null default now(),
  primary key (projection, generation, stream_id)
);
create index parked_by_tenant on parked (tenant_id, projection, generation);

create table conversations (
  generation integer not null,
  conversation_id uuid not null,
  tenant_id text not null,
  owner_id text not null,
  project_id uuid,
  title json,
  archived boolean not null,
  trashed_at timestamptz,
  -- the open turn, if there is one
  turn_id uuid,
  turn_status text check (turn_status in ('requested', 'running')),
  -- these three follow the newest event in place, within their version: no index has them
  leaf_id uuid,
  updated_at timestamptz not null,
  updated_seq bigint not null,
  created_at timestamptz not null,
  valid_from bigint not null,
  valid_to bigint,
  primary key (generation, conversation_id, valid_from)
) partition by list (generation);
create index conversations_by_owner on conversations
  (generation, tenant_id, owner_id, created_at desc, conversation_id desc) where valid_to is null and trashed_at is null;
create index conversations_by_project on conversations
  (generation, tenant_id, owner_id, project_id, created_at desc, conversation_id desc)
  where valid_to is null and trashed_at is null;
create index conversations_with_trash on conversations
  (generation, tenant_id, owner_id, created_at desc, conversation_id desc) where valid_to is null;

-- `segment` is the seq of the first message of an unbranched chain, `depth` the distance from the root: a first child of
-- a segment's last message continues it, any other child begins a segment. A child is newer than its parent, so along a
-- path messages go by seq, which also bounds a page as of an earlier seq (by depth it went over every later row: measured).
-- While a message is in flight (an answer that streams, or chunks that are appended) its one version is updated in place,
-- and only after it grew by a quarter, so its text lags the checkpoint: it is as of `folded_seq`, and whoever needs it
-- exact folds the message's own events. An answer's version that is over has no text at all: its events have it.
create table messages (
  generation integer not null,
  conversation_id uuid not null,
  id uuid not null,
  tenant_id text not null,
  parent_id uuid,
  role text not null check (role in ('user', 'assistant', 'system', 'tool')),
  content json not null,
  blocks json not null,
  tool_name json,
  tool_call json,
  tool_result json,
  tool_use_id json,
  tool_error boolean not null,
  streaming_status text not null check (streaming_status in ('pending', 'streaming', 'complete', 'error')),
  metadata json not null,
  repairs json not null,
  project_id uuid,
  turn_id uuid,
  seq bigint not null,
  updated_seq bigint not null,
  segment bigint not null,
  depth integer not null,
  in_flight text check (in_flight in ('answer', 'chunks')),
  folded_seq bigint not null,
  written_at timestamptz not null default now(),
  removed boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  valid_from bigint not null,
  valid_to bigint,
  primary key (generation, conversation_id, id, valid_from)
) partition by list (generation);
create index messages_by_place on messages (generation, conversation_id, segment, seq);
create index messages_by_parent on messages (generation, conversation_id, parent_id, seq);

-- `path`: the chain of [segment, to seq] from the root to the message that the segment's first message is a child of.
-- Written once.
create table message_segments (
  generation integer not null,
  conversation_id uuid not null,
  segment bigint not null,
  path json not null,
  primary key (generation, conversation_id, segment)
) partition by list (generation);

-- The selected branch: [segment, to seq] from the root to the leaf; the last seq is null where the leaf is its
-- segment's last message, and then the path follows the segment as it grows, without a new row.
create table message_paths (
  generation integer not null,
  conversation_id uuid not null,
  path json not null,
  valid_from bigint not null,
  valid_to bigint,
  primary key (generation, conversation_id, valid_from)
) partition by list (generation);

insert into projection_generations (projection, generation, version, status)
values ('conversations', 1, 1, 'live'), ('messages', 1, 1, 'live');

create table conversations_g1 partition of conversations for values in (1) with (fillfactor = 70);
create table messages_g1 partition of messages for values in (1) with (fillfactor = 70);
create table message_segments_g1 partition of message_segments for values in (1);
create table message_paths_g1 partition of message_paths for values in (1) with (fillfactor = 70);
