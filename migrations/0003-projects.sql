-- Projects: their contents, and the rows that are folded from their streams. Invariants that every statement keeps:
--   1. A blob is the content that its key is the SHA-256 of. It is committed before the event that names it, and is never
--      changed; one that no event names is harmless.
--   2. A row of `projects`, `project_versions` and `files` is valid in [valid_from, valid_to), in seqs of its project, as
--      those of conversations are; versions of one row do not overlap.
--   3. A generation counts for the streams of its projection's kind alone.

-- Compressed by us (zlib), so PostgreSQL need not try. `size`: bytes of the content itself. `key_id` null: clear, as in
-- `events`.
create table blobs (
  tenant_id text not null,
  sha256 text collate "C" not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size >= 0),
  key_id uuid,
  deflated bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, sha256)
);
alter table blobs alter column deflated set storage external;

alter table projection_generations add column stream_kind text not null default 'conversation'
  check (stream_kind in ('conversation', 'project'));

create table projects (
  generation integer not null,
  project_id uuid not null,
  tenant_id text not null,
  owner_id text not null,
  title json not null,
  metadata json not null,
  forked_from json,
  -- the newest version; 0 before the first
  version integer not null,
  -- files and their bytes, as of the newest event; these four follow every event in place
  files integer not null,
  bytes bigint not null,
  updated_at timestamptz not null,
  updated_seq bigint not null,
  created_at timestamptz not null,
  valid_from bigint not null,
  valid_to bigint,
  primary key (generation, project_id, valid_from)
) partition by list (generation);

-- `seq`: the event that made it. The name and the star are of the row's validity; all else is of the version for ever.
create table project_versions (
  generation integer not null,
  project_id uuid not null,
  version integer not null,
  tenant_id text not null,
  seq bigint not null,
  turn_id uuid,
  conversation_id uuid,
  conversation_seq bigint,
  outcome text check (outcome in ('completed', 'failed', 'cancelled', 'interrupted')),
  restored_from integer,
  name json,
  starred boolean not null,
  files integer not null,
  bytes bigint not null,
  created_at timestamptz not null,
  valid_from bigint not null,
  valid_to bigint,
  primary key (generation, project_id, version, valid_from)
) partition by list (generation);

-- One row a content of a path. In versions [from_version, to_version); where both are equal it was replaced before any
-- version held it.
create table files (
  generation integer not null,
  project_id uuid not null,
  path text collate "C" not null,
  tenant_id text not null,
  type text not null check (type in ('html', 'css', 'javascript')),
  sha256 text collate "C" not null,
  size bigint not null,
  from_version integer not null,
  to_version integer,
  valid_from bigint not null,
  valid_to bigint,
  primary key (generation, project_id, path, valid_from)
) partition by list (generation);

-- How often a project was shown. No event and no read model: it only grows, and is lost with nothing else.
create table project_views (
  project_id uuid primary key,
  tenant_id text not null,
  views bigint not null
) with (fillfactor = 70);

insert into projection_generations (projection, generation, version, status, stream_kind)
values ('projects', 1, 1, 'live', 'project');

create table projects_g1 partition of projects for values in (1) with (fillfactor = 70);
create table project_versions_g1 partition of project_versions for values in (1) with (fillfactor = 90);
create table files_g1 partition of files for values in (1) with (fillfactor = 90);
