-- Takes a stream off the work list when every fed generation of its kind that is not parked on it has reached the listed seq; a
-- generation that is being built counts for the streams that it has copied, and from `copied_at` on for every stream. The
-- shared lock is the fence: whoever sets `copied_at` takes it alone, so no settling that began before, and saw less, ends
-- after. A statement of its own, outside the
-- projector's transaction: held open there it blocked whole flushes (measured).
-- A stream that stays listed waits from the first event on that is not everywhere yet: one that is written to all the time is
-- not as late as its oldest listing.
-- Committed without waiting for the disk. WAL is lost from its end only: where this delete survives a crash, so do the
-- checkpoints before it; where it does not, the row is found again.
create or replace function settle_pending(p_stream uuid) returns void
language plpgsql
as $$
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
$$;
