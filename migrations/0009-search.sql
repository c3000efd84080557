-- What messages are found by. Invariants:
--   1. A message that has been made and not removed has one row, in the conversation that made it: a fork has none of what it
--      inherited. Its text is as of when it last came to rest (`in_flight` null), so that growing writes no index.
--   2. `body` is the text for people, at most 200 KB of it. `words` and `letters` are made of it by the program, the same in every
--      database: `words` for whole words and their beginnings, `letters`, in ASCII, for what is inside of words (pg_trgm).
--   3. A search never passes the index by: each of its conditions on a text is one of the index's columns.

do $$
begin
  create extension if not exists pg_trgm;
exception
  when insufficient_privilege or undefined_file or feature_not_supported then
    raise exception 'search needs the extension pg_trgm, and it cannot be made here: %', sqlerrm
      using hint = 'Let an administrator run "create extension pg_trgm" in this database, then start again.';
end $$;

create table search_messages (
  generation integer not null,
  conversation_id uuid not null,
  id uuid not null,
  tenant_id text not null,
  owner_id text not null,
  role text not null check (role in ('user', 'assistant', 'system', 'tool')),
  streaming_status text not null check (streaming_status in ('pending', 'streaming', 'complete', 'error')),
  in_flight text check (in_flight in ('answer', 'chunks')),
  seq bigint not null,
  created_at timestamptz not null,
  body text not null,
  words tsvector not null,
  letters text not null,
  primary key (generation, conversation_id, id)
) partition by list (generation);
-- Who may read is in the index with the text, so that what others wrote costs nothing. What was added last stands in a list of
-- at most 1 MB that each search goes through: without it one message took 6.5 ms to write, with it 2 ms (measured).
create index search_messages_by_text on search_messages
  using gin ((array[tenant_id, tenant_id || ' ' || owner_id]), words, letters gin_trgm_ops)
  with (gin_pending_list_limit = 1024);
create index search_messages_by_age on search_messages (generation, tenant_id, owner_id, created_at desc, id desc);

create table search_conversations (
  generation integer not null,
  conversation_id uuid not null,
  tenant_id text not null,
  owner_id text not null,
  project_id uuid,
  title json,
  archived boolean not null,
  trashed boolean not null,
  primary key (generation, conversation_id)
) partition by list (generation);
create index search_conversations_by_project on search_conversations (generation, project_id) where project_id is not null;

-- Where there is a log already the workers build the first generation while everything runs.
insert into projection_generations (projection, generation, version, status)
select 'search', 1, 1, 'live' where not exists (select from streams);

create table search_messages_g1 partition of search_messages for values in (1)
  with (fillfactor = 90, toast_tuple_target = 128);
create table search_conversations_g1 partition of search_conversations for values in (1) with (fillfactor = 90);
