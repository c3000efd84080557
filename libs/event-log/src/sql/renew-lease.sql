-- Moves the end of the lease that p_owner holds on the open turn.
--
-- Invariant: a lease that has run out is never renewed, though nobody took it yet: from that moment on the turn may be
-- interrupted by anyone, and its runner must stop.
create or replace function renew_lease(p_stream uuid, p_turn uuid, p_owner text, p_lease_ms integer) returns boolean
language sql
as $$
  with renewed as (
    update turns
    set lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
    where stream_id = p_stream and turn_id = p_turn and owner = p_owner and lease_until >= clock_timestamp()
    returning 1
  )
  select exists (select from renewed)
$$;
