-- What the migrations and the SQL functions make, for people to read; a test compares it.
-- After a change: CHATLOG_TEST_UPDATE_SCHEMA=1 npm test -- --testPathPatterns platform/schema

CREATE TABLE blobs (
  tenant_id text NOT NULL,
  sha256 text NOT NULL,
  size bigint NOT NULL,
  key_id uuid,
  deflated bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT blobs_pkey PRIMARY KEY (tenant_id, sha256),
  CONSTRAINT blobs_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT blobs_size_check CHECK ((size >= 0))
);

CREATE TABLE chain_runs (
  stream_id uuid NOT NULL,
  from_seq bigint NOT NULL,
  to_seq bigint NOT NULL,
  seal bigint NOT NULL,
  macs bytea NOT NULL,
  CONSTRAINT chain_runs_check CHECK ((to_seq >= from_seq)),
  CONSTRAINT chain_runs_pkey PRIMARY KEY (stream_id, from_seq)
);

CREATE TABLE chain_seals (
  seal bigint NOT NULL,
  runs bytea NOT NULL,
  mac bytea NOT NULL,
  sealed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT chain_seals_pkey PRIMARY KEY (seal),
  CONSTRAINT chain_seals_seal_check CHECK ((seal >= 1))
);

CREATE TABLE commands (
  tenant_id text NOT NULL,
  principal text NOT NULL,
  command_id text NOT NULL,
  body_sha256 text NOT NULL,
  stream_id uuid NOT NULL,
  seq_from bigint,
  seq_to bigint NOT NULL,
  result json NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT commands_pkey PRIMARY KEY (tenant_id, principal, command_id)
);

CREATE TABLE conversations (
  generation integer NOT NULL,
  conversation_id uuid NOT NULL,
  tenant_id text NOT NULL,
  owner_id text NOT NULL,
  project_id uuid,
  title json,
  archived boolean NOT NULL,
  trashed_at timestamp with time zone,
  turn_id uuid,
  turn_status text,
  leaf_id uuid,
  updated_at timestamp with time zone NOT NULL,
  updated_seq bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  valid_from bigint NOT NULL,
  valid_to bigint,
  forked_from uuid,
  forked_at bigint,
  CONSTRAINT conversations_pkey PRIMARY KEY (generation, conversation_id, valid_from),
  CONSTRAINT conversations_turn_status_check CHECK ((turn_status = ANY (ARRAY['requested'::text, 'running'::text])))
) PARTITION BY LIST (generation);
CREATE TABLE conversations_g1 PARTITION OF conversations FOR VALUES IN (1) WITH (fillfactor=70);

CREATE TABLE entities (
  id uuid NOT NULL,
  stream_id uuid NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT entities_pkey PRIMARY KEY (id)
);

CREATE TABLE events (
  stream_id uuid NOT NULL,
  seq bigint NOT NULL,
  event_id uuid NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  schema_version smallint NOT NULL,
  type text NOT NULL,
  key_id uuid,
  data json NOT NULL,
  metadata json NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (stream_id, seq),
  CONSTRAINT events_seq_check CHECK ((seq >= 1))
) PARTITION BY HASH (stream_id);
CREATE TABLE events_00 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 0);
CREATE TABLE events_01 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 1);
CREATE TABLE events_02 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 2);
CREATE TABLE events_03 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 3);
CREATE TABLE events_04 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 4);
CREATE TABLE events_05 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 5);
CREATE TABLE events_06 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 6);
CREATE TABLE events_07 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 7);
CREATE TABLE events_08 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 8);
CREATE TABLE events_09 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 9);
CREATE TABLE events_10 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 10);
CREATE TABLE events_11 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 11);
CREATE TABLE events_12 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 12);
CREATE TABLE events_13 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 13);
CREATE TABLE events_14 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 14);
CREATE TABLE events_15 PARTITION OF events FOR VALUES WITH (modulus 16, remainder 15);

CREATE TABLE files (
  generation integer NOT NULL,
  project_id uuid NOT NULL,
  path text NOT NULL,
  tenant_id text NOT NULL,
  type text NOT NULL,
  sha256 text NOT NULL,
  size bigint NOT NULL,
  from_version integer NOT NULL,
  to_version integer,
  valid_from bigint NOT NULL,
  valid_to bigint,
  CONSTRAINT files_pkey PRIMARY KEY (generation, project_id, path, valid_from),
  CONSTRAINT files_type_check CHECK ((type = ANY (ARRAY['html'::text, 'css'::text, 'javascript'::text])))
) PARTITION BY LIST (generation);
CREATE TABLE files_g1 PARTITION OF files FOR VALUES IN (1) WITH (fillfactor=90);

CREATE TABLE fold_attempts (
  projection text NOT NULL,
  generation integer NOT NULL,
  stream_id uuid NOT NULL,
  attempts integer NOT NULL,
  cautious_to bigint NOT NULL DEFAULT 0,
  CONSTRAINT fold_attempts_pkey PRIMARY KEY (projection, generation, stream_id)
);

CREATE TABLE log_identity (
  only_row boolean NOT NULL DEFAULT true,
  random uuid NOT NULL DEFAULT gen_random_uuid(),
  CONSTRAINT log_identity_only_row_check CHECK (only_row),
  CONSTRAINT log_identity_pkey PRIMARY KEY (only_row)
);

CREATE TABLE message_paths (
  generation integer NOT NULL,
  conversation_id uuid NOT NULL,
  path json NOT NULL,
  valid_from bigint NOT NULL,
  valid_to bigint,
  CONSTRAINT message_paths_pkey PRIMARY KEY (generation, conversation_id, valid_from)
) PARTITION BY LIST (generation);
CREATE TABLE message_paths_g1 PARTITION OF message_paths FOR VALUES IN (1) WITH (fillfactor=70);

CREATE TABLE message_segments (
  generation integer NOT NULL,
  conversation_id uuid NOT NULL,
  segment bigint NOT NULL,
  path json NOT NULL,
  CONSTRAINT message_segments_pkey PRIMARY KEY (generation, conversation_id, segment)
) PARTITION BY LIST (generation);
CREATE TABLE message_segments_g1 PARTITION OF message_segments FOR VALUES IN (1);

CREATE TABLE messages (
  generation integer NOT NULL,
  conversation_id uuid NOT NULL,
  id uuid NOT NULL,
  tenant_id text NOT NULL,
  parent_id uuid,
  role text NOT NULL,
  content json NOT NULL,
  blocks json NOT NULL,
  tool_name json,
  tool_call json,
  tool_result json,
  tool_use_id json,
  tool_error boolean NOT NULL,
  streaming_status text NOT NULL,
  metadata json NOT NULL,
  repairs json NOT NULL,
  project_id uuid,
  turn_id uuid,
  seq bigint NOT NULL,
  updated_seq bigint NOT NULL,
  segment bigint NOT NULL,
  depth integer NOT NULL,
  in_flight text,
  folded_seq bigint NOT NULL,
  written_at timestamp with time zone NOT NULL DEFAULT now(),
  removed boolean NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  valid_from bigint NOT NULL,
  valid_to bigint,
  CONSTRAINT messages_in_flight_check CHECK ((in_flight = ANY (ARRAY['answer'::text, 'chunks'::text]))),
  CONSTRAINT messages_pkey PRIMARY KEY (generation, conversation_id, id, valid_from),
  CONSTRAINT messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'system'::text, 'tool'::text]))),
  CONSTRAINT messages_streaming_status_check CHECK ((streaming_status = ANY (ARRAY['pending'::text, 'streaming'::text, 'complete'::text, 'error'::text])))
) PARTITION BY LIST (generation);
CREATE TABLE messages_g1 PARTITION OF messages FOR VALUES IN (1) WITH (fillfactor=70);

CREATE TABLE moments (
  generation integer NOT NULL,
  conversation_id uuid NOT NULL,
  tenant_id text NOT NULL,
  seq bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  kind text,
  n integer,
  label json,
  subject_id uuid,
  version integer,
  messages integer NOT NULL,
  tools integer NOT NULL,
  versions integer NOT NULL,
  statuses integer NOT NULL,
  forks integer NOT NULL,
  turn_id uuid,
  turn_status text,
  open_tool_calls json,
  writing_id uuid,
  project_id uuid,
  project_seq bigint,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  cache_creation_tokens bigint NOT NULL,
  cache_read_tokens bigint NOT NULL,
  CONSTRAINT moments_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'tool'::text, 'version'::text, 'status'::text, 'fork'::text]))),
  CONSTRAINT moments_pkey PRIMARY KEY (generation, conversation_id, seq),
  CONSTRAINT moments_turn_status_check CHECK ((turn_status = ANY (ARRAY['requested'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text, 'interrupted'::text])))
) PARTITION BY LIST (generation);
CREATE TABLE moments_g1 PARTITION OF moments FOR VALUES IN (1);

CREATE TABLE parked (
  projection text NOT NULL,
  generation integer NOT NULL,
  stream_id uuid NOT NULL,
  tenant_id text NOT NULL,
  fold_version text NOT NULL,
  seq bigint NOT NULL,
  error text NOT NULL,
  attempts integer NOT NULL,
  parked_at timestamp with time zone NOT NULL DEFAULT now(),
  event_type text NOT NULL DEFAULT ''::text,
  fingerprint text NOT NULL DEFAULT ''::text,
  CONSTRAINT parked_pkey PRIMARY KEY (projection, generation, stream_id)
);

CREATE TABLE pending (
  stream_id uuid NOT NULL,
  tenant_id text NOT NULL,
  seq bigint NOT NULL,
  since timestamp with time zone NOT NULL,
  CONSTRAINT pending_pkey PRIMARY KEY (stream_id)
) WITH (fillfactor=60);

CREATE TABLE process_reports (
  process_id uuid NOT NULL,
  role text NOT NULL,
  host text NOT NULL,
  pid integer NOT NULL,
  release text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  request_ms double precision,
  commit_ms double precision,
  loop_ms double precision,
  CONSTRAINT process_reports_pkey PRIMARY KEY (process_id)
) WITH (fillfactor=50);

CREATE TABLE project_versions (
  generation integer NOT NULL,
  project_id uuid NOT NULL,
  version integer NOT NULL,
  tenant_id text NOT NULL,
  seq bigint NOT NULL,
  turn_id uuid,
  conversation_id uuid,
  conversation_seq bigint,
  outcome text,
  restored_from integer,
  name json,
  starred boolean NOT NULL,
  files integer NOT NULL,
  bytes bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  valid_from bigint NOT NULL,
  valid_to bigint,
  CONSTRAINT project_versions_outcome_check CHECK ((outcome = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text, 'interrupted'::text]))),
  CONSTRAINT project_versions_pkey PRIMARY KEY (generation, project_id, version, valid_from)
) PARTITION BY LIST (generation);
CREATE TABLE project_versions_g1 PARTITION OF project_versions FOR VALUES IN (1) WITH (fillfactor=90);

CREATE TABLE project_views (
  project_id uuid NOT NULL,
  tenant_id text NOT NULL,
  views bigint NOT NULL,
  CONSTRAINT project_views_pkey PRIMARY KEY (project_id)
) WITH (fillfactor=70);

CREATE TABLE projection_checkpoints (
  projection text NOT NULL,
  generation integer NOT NULL,
  stream_id uuid NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  state json,
  CONSTRAINT projection_checkpoints_pkey PRIMARY KEY (projection, generation, stream_id)
) WITH (fillfactor=70);

CREATE TABLE projection_generations (
  projection text NOT NULL,
  generation integer NOT NULL,
  version integer NOT NULL,
  status text NOT NULL,
  fed_at timestamp with time zone NOT NULL DEFAULT now(),
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  stream_kind text NOT NULL DEFAULT 'conversation'::text,
  copied_at timestamp with time zone,
  retained_at timestamp with time zone,
  CONSTRAINT projection_generations_generation_check CHECK ((generation >= 1)),
  CONSTRAINT projection_generations_pkey PRIMARY KEY (projection, generation),
  CONSTRAINT projection_generations_status_check CHECK ((status = ANY (ARRAY['building'::text, 'live'::text, 'retained'::text, 'dropping'::text]))),
  CONSTRAINT projection_generations_stream_kind_check CHECK ((stream_kind = ANY (ARRAY['conversation'::text, 'project'::text])))
);

CREATE TABLE projects (
  generation integer NOT NULL,
  project_id uuid NOT NULL,
  tenant_id text NOT NULL,
  owner_id text NOT NULL,
  title json NOT NULL,
  metadata json NOT NULL,
  forked_from json,
  version integer NOT NULL,
  files integer NOT NULL,
  bytes bigint NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  updated_seq bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  valid_from bigint NOT NULL,
  valid_to bigint,
  CONSTRAINT projects_pkey PRIMARY KEY (generation, project_id, valid_from)
) PARTITION BY LIST (generation);
CREATE TABLE projects_g1 PARTITION OF projects FOR VALUES IN (1) WITH (fillfactor=70);

CREATE TABLE rebuild_buckets (
  rebuild_id uuid NOT NULL,
  bucket integer NOT NULL,
  after_id uuid,
  up_to_id uuid,
  cursor uuid,
  streams bigint NOT NULL DEFAULT 0,
  events bigint NOT NULL DEFAULT 0,
  rows bigint NOT NULL DEFAULT 0,
  done boolean NOT NULL DEFAULT false,
  CONSTRAINT rebuild_buckets_pkey PRIMARY KEY (rebuild_id, bucket),
  CONSTRAINT rebuild_buckets_rebuild_id_fkey FOREIGN KEY (rebuild_id) REFERENCES rebuilds(id) ON DELETE CASCADE
) WITH (fillfactor=50);

CREATE TABLE rebuild_differences (
  rebuild_id uuid NOT NULL,
  stream_id uuid NOT NULL,
  against text NOT NULL,
  difference json NOT NULL,
  CONSTRAINT rebuild_differences_against_check CHECK ((against = ANY (ARRAY['live'::text, 'fold'::text]))),
  CONSTRAINT rebuild_differences_pkey PRIMARY KEY (rebuild_id, stream_id, against),
  CONSTRAINT rebuild_differences_rebuild_id_fkey FOREIGN KEY (rebuild_id) REFERENCES rebuilds(id) ON DELETE CASCADE
);

CREATE TABLE rebuilds (
  id uuid NOT NULL,
  projection text NOT NULL,
  generation integer NOT NULL,
  version integer NOT NULL,
  live_generation integer,
  status text NOT NULL,
  phase text NOT NULL,
  dry_run boolean NOT NULL,
  accept_diff boolean NOT NULL,
  requested_by text NOT NULL,
  streams_total bigint NOT NULL DEFAULT 0,
  compared bigint NOT NULL DEFAULT 0,
  differing bigint,
  error text,
  baseline_ms double precision,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  copied_at timestamp with time zone,
  ended_at timestamp with time zone,
  CONSTRAINT rebuilds_phase_check CHECK ((phase = ANY (ARRAY['copying'::text, 'reconciling'::text, 'comparing'::text, 'flipping'::text, 'over'::text]))),
  CONSTRAINT rebuilds_pkey PRIMARY KEY (id),
  CONSTRAINT rebuilds_status_check CHECK ((status = ANY (ARRAY['running'::text, 'paused'::text, 'awaiting_acceptance'::text, 'done'::text, 'cancelled'::text, 'failed'::text])))
);

CREATE TABLE restored_parts (
  backup_id uuid NOT NULL,
  part text NOT NULL,
  CONSTRAINT restored_parts_backup_id_fkey FOREIGN KEY (backup_id) REFERENCES restores(backup_id),
  CONSTRAINT restored_parts_pkey PRIMARY KEY (backup_id, part)
);

CREATE TABLE restores (
  backup_id uuid NOT NULL,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  CONSTRAINT restores_pkey PRIMARY KEY (backup_id)
);

CREATE TABLE search_conversations (
  generation integer NOT NULL,
  conversation_id uuid NOT NULL,
  tenant_id text NOT NULL,
  owner_id text NOT NULL,
  project_id uuid,
  title json,
  archived boolean NOT NULL,
  trashed boolean NOT NULL,
  CONSTRAINT search_conversations_pkey PRIMARY KEY (generation, conversation_id)
) PARTITION BY LIST (generation);
CREATE TABLE search_conversations_g1 PARTITION OF search_conversations FOR VALUES IN (1) WITH (fillfactor=90);

CREATE TABLE search_messages (
  generation integer NOT NULL,
  conversation_id uuid NOT NULL,
  id uuid NOT NULL,
  tenant_id text NOT NULL,
  owner_id text NOT NULL,
  role text NOT NULL,
  streaming_status text NOT NULL,
  in_flight text,
  seq bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  body text NOT NULL,
  words tsvector NOT NULL,
  letters text NOT NULL,
  CONSTRAINT search_messages_in_flight_check CHECK ((in_flight = ANY (ARRAY['answer'::text, 'chunks'::text]))),
  CONSTRAINT search_messages_pkey PRIMARY KEY (generation, conversation_id, id),
  CONSTRAINT search_messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'system'::text, 'tool'::text]))),
  CONSTRAINT search_messages_streaming_status_check CHECK ((streaming_status = ANY (ARRAY['pending'::text, 'streaming'::text, 'complete'::text, 'error'::text])))
) PARTITION BY LIST (generation);
CREATE TABLE search_messages_g1 PARTITION OF search_messages FOR VALUES IN (1) WITH (fillfactor=90, toast_tuple_target=128);

CREATE TABLE snapshots (
  stream_id uuid NOT NULL,
  reducer_version integer NOT NULL,
  seq bigint NOT NULL,
  state json NOT NULL,
  CONSTRAINT snapshots_pkey PRIMARY KEY (stream_id, reducer_version)
);

CREATE TABLE streams (
  stream_id uuid NOT NULL,
  tenant_id text NOT NULL,
  owner_id text NOT NULL,
  kind text NOT NULL,
  first_seq bigint NOT NULL DEFAULT 1,
  lineage json,
  created_at timestamp with time zone NOT NULL,
  parent_id uuid,
  CONSTRAINT streams_first_seq_check CHECK ((first_seq >= 1)),
  CONSTRAINT streams_fork_check CHECK (((parent_id IS NULL) = (lineage IS NULL))),
  CONSTRAINT streams_kind_check CHECK ((kind = ANY (ARRAY['conversation'::text, 'project'::text, 'admin'::text]))),
  CONSTRAINT streams_pkey PRIMARY KEY (stream_id)
);

CREATE TABLE turns (
  stream_id uuid NOT NULL,
  turn_id uuid NOT NULL,
  owner text,
  lease_until timestamp with time zone,
  requested_at timestamp with time zone NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  CONSTRAINT turns_pkey PRIMARY KEY (stream_id)
) WITH (fillfactor=60);

CREATE EXTENSION pg_trgm;

CREATE INDEX chain_runs_by_seal ON public.chain_runs USING btree (seal);
CREATE INDEX conversations_by_owner ON ONLY public.conversations USING btree (generation, tenant_id, owner_id, created_at DESC, conversation_id DESC) WHERE ((valid_to IS NULL) AND (trashed_at IS NULL));
CREATE INDEX conversations_by_parent ON ONLY public.conversations USING btree (generation, tenant_id, owner_id, forked_from, created_at DESC, conversation_id DESC) WHERE ((valid_to IS NULL) AND (forked_from IS NOT NULL));
CREATE INDEX conversations_by_project ON ONLY public.conversations USING btree (generation, tenant_id, owner_id, project_id, created_at DESC, conversation_id DESC) WHERE ((valid_to IS NULL) AND (trashed_at IS NULL));
CREATE INDEX conversations_with_trash ON ONLY public.conversations USING btree (generation, tenant_id, owner_id, created_at DESC, conversation_id DESC) WHERE (valid_to IS NULL);
CREATE INDEX events_by_time ON ONLY public.events USING brin (recorded_at) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX events_without_deltas ON ONLY public.events USING btree (stream_id, seq) WHERE (type <> 'StreamDeltaReceived'::text);
CREATE INDEX messages_by_parent ON ONLY public.messages USING btree (parent_id, conversation_id, generation, seq);
CREATE INDEX messages_by_place ON ONLY public.messages USING btree (segment, conversation_id, generation, seq);
CREATE UNIQUE INDEX moments_by_number ON ONLY public.moments USING btree (generation, conversation_id, kind, n) WHERE (kind IS NOT NULL);
CREATE INDEX parked_by_age ON public.parked USING btree (parked_at DESC, stream_id DESC, projection DESC, generation DESC);
CREATE INDEX parked_by_tenant ON public.parked USING btree (tenant_id, projection, generation);
CREATE INDEX pending_by_age ON public.pending USING btree (since, stream_id);
CREATE INDEX pending_by_tenant ON public.pending USING btree (tenant_id);
CREATE UNIQUE INDEX projection_generations_live ON public.projection_generations USING btree (projection) WHERE (status = 'live'::text);
CREATE UNIQUE INDEX rebuilds_open ON public.rebuilds USING btree (projection) WHERE (status = ANY (ARRAY['running'::text, 'paused'::text, 'awaiting_acceptance'::text]));
CREATE INDEX search_conversations_by_project ON ONLY public.search_conversations USING btree (generation, project_id) WHERE (project_id IS NOT NULL);
CREATE INDEX search_messages_by_age ON ONLY public.search_messages USING btree (generation, tenant_id, owner_id, created_at DESC, id DESC);
CREATE INDEX search_messages_by_text ON ONLY public.search_messages USING gin ((ARRAY[tenant_id, ((tenant_id || ' '::text) || owner_id)]), words, letters gin_trgm_ops) WITH (gin_pending_list_limit='1024');
CREATE INDEX streams_by_owner ON public.streams USING btree (tenant_id, owner_id, kind, created_at, stream_id);
CREATE INDEX streams_by_parent ON public.streams USING btree (parent_id, first_seq) WHERE (parent_id IS NOT NULL);

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.chain_runs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.chain_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_00 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_01 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_02 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_03 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_04 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_05 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_06 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_07 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_08 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_09 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_10 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_11 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_12 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_13 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_14 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events_15 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.streams FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION public.append_units(p_stream uuid[], p_expected bigint[], p_count integer[], p_event_id uuid[], p_type text[], p_schema_version smallint[], p_key_id uuid[], p_data json[], p_metadata json[], p_rest json)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
AS $function$
declare
  v_clock constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_created uuid[] := '{}';
  -- beside each created stream: where its predecessor stands, for a fork
  v_origins uuid[] := '{}';
  v_streams uuid[];
  v_seqs bigint[];
  v_ats timestamptz[];
  v_heads timestamptz[];
  v_stray uuid;
begin
  if p_rest is not null then
    insert into commands (tenant_id, principal, command_id, body_sha256, stream_id, seq_from, seq_to, result, at)
    select c.tenant_id, c.principal, c.command_id, c.body_sha256, c.stream_id, c.seq_from, c.seq_to, c.result::json, v_clock
    from json_to_recordset(p_rest -> 'commands') as c (
      tenant_id text, principal text, command_id text, body_sha256 text, stream_id uuid,
      seq_from bigint, seq_to bigint, result text
    )
    order by c.tenant_id, c.principal, c.command_id;

    with asked as (
      select * from json_to_recordset(p_rest -> 'streams') as s (
        stream_id uuid, tenant_id text, owner_id text, kind text, first_seq bigint, parent_id uuid, lineage json, origin_id uuid
      )
    ), made as (
      insert into streams (stream_id, tenant_id, owner_id, kind, first_seq, parent_id, lineage, created_at)
      select s.stream_id, s.tenant_id, s.owner_id, s.kind, s.first_seq, s.parent_id, s.lineage, v_clock
      from asked s
      order by s.stream_id
      returning stream_id
    )
    select coalesce(array_agg(m.stream_id order by m.stream_id), '{}'),
           coalesce(array_agg(a.origin_id order by m.stream_id), '{}')
    into v_created, v_origins
    from made m join asked a using (stream_id);
  end if;

  if cardinality(p_stream) > 0 then
    -- one row a stream, in order, then one an event
    select array_agg(h.stream_id), array_agg(h.expected + k), array_agg(greatest(v_clock, h.recorded_at)),
           array_agg(greatest(v_clock, h.recorded_at)) filter (where k = 1),
           (array_agg(h.stream_id) filter (
             where h.recorded_at is null and (h.origin is not null or h.stream_id <> all (v_created))
                or h.stream_id <= h.before
           ))[1]
    into v_streams, v_seqs, v_ats, v_heads, v_stray
    from (
      select s.stream_id, s.expected, s.count, o.origin, p.recorded_at, lag(s.stream_id) over (order by s.n) as before
      from unnest(p_stream, p_expected, p_count) with ordinality as s (stream_id, expected, count, n)
      cross join lateral (select v_origins[array_position(v_created, s.stream_id)] as origin) o
      left join lateral (
        select e.recorded_at from events e where e.stream_id = coalesce(o.origin, s.stream_id) and e.seq = s.expected
      ) p on true
      order by s.n offset 0
    ) h
    cross join lateral generate_series(1, h.count) as k;

    if v_stray is not null then
      raise exception 'the head of stream % is not at the expected seq', v_stray using errcode = 'LC001';
    end if;

    insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, key_id, data, metadata)
    select * from unnest(v_streams, v_seqs, p_event_id, v_ats, p_schema_version, p_type, p_key_id, p_data, p_metadata);
  end if;

  if p_rest is not null then
    insert into entities (id, stream_id, seq)
    select e.id, e.stream_id, e.seq
    from json_to_recordset(p_rest -> 'entities') as e (id uuid, stream_id uuid, seq bigint)
    order by e.id;

    -- Closed before opened: a flush holds at most one of the two for a stream.
    delete from turns t
    using json_to_recordset(p_rest -> 'closes') as c (stream_id uuid, turn_id uuid)
    where t.stream_id = c.stream_id and t.turn_id = c.turn_id;

    insert into turns (stream_id, turn_id, requested_at)
    select o.stream_id, o.turn_id, v_clock
    from json_to_recordset(p_rest -> 'opens') as o (stream_id uuid, turn_id uuid)
    order by o.stream_id;

    insert into snapshots as s (stream_id, reducer_version, seq, state)
    select n.stream_id, n.reducer_version, n.seq, n.state::json
    from json_to_recordset(p_rest -> 'snapshots') as n (stream_id uuid, reducer_version integer, seq bigint, state text)
    order by n.stream_id, n.reducer_version
    on conflict (stream_id, reducer_version) do update set seq = excluded.seq, state = excluded.state
      where s.seq < excluded.seq;

    insert into pending as w (stream_id, tenant_id, seq, since)
    select n.stream_id, n.tenant_id, n.seq, v_clock
    from json_to_recordset(p_rest -> 'pending') as n (stream_id uuid, tenant_id text, seq bigint)
    order by n.stream_id
    on conflict (stream_id) do update set seq = greatest(w.seq, excluded.seq);
  end if;

  return (
    select array_agg((extract(epoch from h.recorded_at) * 1000)::bigint order by h.n)
    from unnest(v_heads) with ordinality as h (recorded_at, n)
  );
end
$function$
;
CREATE OR REPLACE FUNCTION public.claim_turn(p_stream uuid, p_turn uuid, p_owner text, p_lease_ms integer)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  with claimed as (
    update turns
    set owner = p_owner,
        lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond',
        attempts = attempts + 1
    where stream_id = p_stream and turn_id = p_turn
      and (owner is null or lease_until < clock_timestamp())
    returning 1
  )
  select exists (select from claimed)
$function$
;
CREATE OR REPLACE FUNCTION public.log_epoch(OUT epoch text, OUT complete boolean)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_system text;
begin
  complete := true;
  begin
    select system_identifier::text into v_system from pg_control_system();
  exception when insufficient_privilege then
    complete := false;
    v_system := 'unreadable';
  end;
  select left(encode(sha256(convert_to(
           concat_ws('/', l.random, v_system, left(pg_walfile_name(pg_current_wal_lsn()), 8), d.oid), 'UTF8')), 'hex'), 16)
  into strict epoch
  from log_identity l, pg_database d
  where d.datname = current_database();
end
$function$
;
CREATE OR REPLACE FUNCTION public.open_turns(p_state text, p_stream uuid, p_limit integer)
 RETURNS TABLE(stream_id uuid, turn_id uuid, owner text, attempts integer, requested_at timestamp with time zone, requested_age_ms bigint, lease_runs boolean, started_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select t.stream_id, t.turn_id, t.owner, t.attempts, t.requested_at,
         (extract(epoch from clock_timestamp() - t.requested_at) * 1000)::bigint,
         l.runs, s.recorded_at
  from turns t
  cross join lateral (select coalesce(t.lease_until >= clock_timestamp(), false) as runs) l
  left join lateral (
    select e.recorded_at from events e
    where e.stream_id = t.stream_id and e.type <> 'StreamDeltaReceived' and e.type = 'TurnStarted'
      and e.seq > coalesce((select n.seq from entities n where n.id = t.turn_id), 0)
    order by e.seq limit 1
  ) s on true
  where (p_stream is null or t.stream_id = p_stream)
    and case p_state
          when 'unowned' then s.recorded_at is null and not l.runs
          when 'expired' then s.recorded_at is not null and not l.runs
          else true
        end
  order by t.requested_at, t.stream_id
  limit p_limit
$function$
;
CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% on % is refused: the log is append-only', tg_op, tg_table_name using errcode = '42501';
end
$function$
;
CREATE OR REPLACE FUNCTION public.renew_lease(p_stream uuid, p_turn uuid, p_owner text, p_lease_ms integer)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  with renewed as (
    update turns
    set lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
    where stream_id = p_stream and turn_id = p_turn and owner = p_owner and lease_until >= clock_timestamp()
    returning 1
  )
  select exists (select from renewed)
$function$
;
CREATE OR REPLACE FUNCTION public.search_lag(p_tenant text, p_owner text, p_generation integer, p_most integer, OUT events bigint, OUT streams integer, OUT seconds double precision)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
begin
  select coalesce(sum(l.head - l.seq), 0), count(*),
         greatest(0, coalesce(extract(epoch from clock_timestamp() - min(l.since)), 0))
  into events, streams, seconds
  from (
    select h.head, b.since, coalesce(c.seq, s.first_seq - 1) as seq
    from (
      select p.stream_id, p.since from pending p where p.tenant_id = p_tenant
      union all
      select k.stream_id, k.parked_at from parked k
      where k.tenant_id = p_tenant and k.projection = 'search' and k.generation = p_generation
        and not exists (select from pending p where p.stream_id = k.stream_id)
    ) b
    cross join lateral (
      select s.first_seq from streams s
      where s.stream_id = b.stream_id and s.kind = 'conversation' and (p_owner is null or s.owner_id = p_owner) limit 1
    ) s
    cross join lateral (
      select e.seq as head from events e where e.stream_id = b.stream_id order by e.seq desc limit 1
    ) h
    left join projection_checkpoints c
      on c.projection = 'search' and c.generation = p_generation and c.stream_id = b.stream_id
    where h.head > coalesce(c.seq, s.first_seq - 1)
    order by b.since limit p_most
  ) l;
end
$function$
;
CREATE OR REPLACE FUNCTION public.settle_pending(p_stream uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_reached bigint;
begin
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock_shared(7041766202);
  select coalesce(min(coalesce(c.seq, 0)), 9223372036854775807) into v_reached
  from projection_generations g
  join streams s on s.stream_id = p_stream and s.kind = g.stream_kind
  left join projection_checkpoints c
    on c.projection = g.projection and c.generation = g.generation and c.stream_id = p_stream
  where g.status <> 'dropping' and (g.status = 'live' or g.fed_at > now() - interval '10 minutes')
    and (g.status <> 'building' or g.copied_at is not null or c.stream_id is not null)
    and not exists (
      select from parked k
      where k.projection = g.projection and k.generation = g.generation and k.stream_id = p_stream);
  delete from pending p where p.stream_id = p_stream and p.seq <= v_reached;
  update pending p set since = n.recorded_at
  from (
    select e.recorded_at from events e
    where e.stream_id = p_stream and e.seq > v_reached and e.type <> 'StreamDeltaReceived'
    order by e.seq limit 1
  ) n
  where p.stream_id = p_stream and p.since < n.recorded_at;
end
$function$
;
CREATE OR REPLACE FUNCTION public.sort_units(p_part_unit integer[], p_part_stream uuid[], p_part_seq bigint[], p_part_event_id uuid[], p_part_creates boolean[], p_part_follows boolean[], p_command_unit integer[], p_command_tenant text[], p_command_principal text[], p_command_id text[])
 RETURNS TABLE(unit integer, verdict text, ats bigint[], command json, beaten_on uuid)
 LANGUAGE sql
 STABLE
AS $function$
  with parts as (
    select p.unit,
           coalesce(bool_and(e.event_id = p.event_id), false) as ours,
           array_agg(p.stream_id order by p.n) filter (
             where e.event_id <> p.event_id
                or case when p.creates then s.stream_id is not null else head.seq is null and not p.follows end
           ) as beaten_on,
           array_agg((extract(epoch from e.recorded_at) * 1000)::bigint order by p.n) as ats
    from unnest(p_part_unit, p_part_stream, p_part_seq, p_part_event_id, p_part_creates, p_part_follows)
           with ordinality as p (unit, stream_id, seq, event_id, creates, follows, n)
    left join lateral (select * from events e where e.stream_id = p.stream_id and e.seq = p.seq) e on true
    left join lateral (select * from events e where e.stream_id = p.stream_id and e.seq = p.seq - 1) head on true
    left join streams s on p.creates and s.stream_id = p.stream_id
    group by p.unit
  ), commanded as (
    select u.unit, case when c.command_id is not null then row_to_json(c) end as command
    from unnest(p_command_unit, p_command_tenant, p_command_principal, p_command_id)
           as u (unit, tenant_id, principal, command_id)
    left join commands c using (tenant_id, principal, command_id)
  )
  select coalesce(p.unit, c.unit),
         case when p.ours then 'ours'
              when c.command is not null then 'answered'
              when p.beaten_on is not null then 'beaten'
              else 'free' end,
         case when p.ours then p.ats end,
         c.command,
         p.beaten_on[1]
  from parts p full join commanded c on c.unit = p.unit
$function$
;
CREATE OR REPLACE FUNCTION public.trashed_since(p_conversation uuid, p_seq bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
begin
  return coalesce((
    select e.type = 'ConversationTrashed' from events e
    where e.stream_id = p_conversation and e.seq > p_seq and e.type <> 'StreamDeltaReceived'
      and e.type in ('ConversationTrashed', 'ConversationRestored')
    order by e.seq desc limit 1
  ), false);
end
$function$
;
