-- The track of a conversation: a row for each event that is a mark on it (`kind`) or changes what stands, written once.
-- Each row has everything that stands from it on, and running totals of all marks and tokens up to it, so the state and the
-- timeline at any seq are look-ups: nothing is added up, whatever the distance from the start.
-- `n` numbers the marks of a kind 1, 2, 3 … without gaps; the five counts are the greatest `n` of each kind so far.
create table moments (
  generation integer not null,
  conversation_id uuid not null,
  tenant_id text not null,
  seq bigint not null,
  at timestamptz not null,
  kind text check (kind in ('message', 'tool', 'version', 'status', 'fork')),
  n integer,
  label json,
  subject_id uuid,
  version integer,
  messages integer not null,
  tools integer not null,
  versions integer not null,
  statuses integer not null,
  forks integer not null,
  -- the newest turn, open or ended
  turn_id uuid,
  turn_status text check (turn_status in ('requested', 'running', 'completed', 'failed', 'cancelled', 'interrupted')),
  open_tool_calls json,
  -- the answer that is being written
  writing_id uuid,
  project_id uuid,
  project_seq bigint,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_creation_tokens bigint not null,
  cache_read_tokens bigint not null,
  primary key (generation, conversation_id, seq)
) partition by list (generation);
create unique index moments_by_number on moments (generation, conversation_id, kind, n) where kind is not null;

insert into projection_generations (projection, generation, version, status) values ('moments', 1, 1, 'live');

create table moments_g1 partition of moments for values in (1);

-- These two began with (generation, conversation_id), as the primary key does. In a table that was not analysed yet all three
-- looked equally good for a look-up by id, and the lower tree won: 15,000 rows were gone over for one (measured). What
-- tells them apart stands first now, so that each kind of look-up fits one index alone.
drop index messages_by_place;
drop index messages_by_parent;
create index messages_by_place on messages (segment, conversation_id, generation, seq);
create index messages_by_parent on messages (parent_id, conversation_id, generation, seq);
