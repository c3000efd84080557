-- The open turns whose runner is missing, oldest first: at most p_limit.
--
-- Invariant of `turns`: one row an open turn, written with its TurnRequested and removed with its terminal event. Whether
-- it was started stands in the log alone: the first TurnStarted after the event that created the turn, as a conversation
-- has one open turn at a time.
--   unowned: not started, and no lease runs: it may be started.
--   expired: started, and its lease has run out: it is never continued, only interrupted.
create or replace function open_turns(p_state text, p_stream uuid, p_limit integer) returns table (
  stream_id uuid,
  turn_id uuid,
  owner text,
  attempts integer,
  requested_at timestamptz,
  requested_age_ms bigint,
  lease_runs boolean,
  started_at timestamptz
)
language sql stable
as $$
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
$$;
