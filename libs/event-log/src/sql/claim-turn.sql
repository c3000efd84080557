-- Gives the open turn's lease to p_owner, or not.
--
-- Invariant: a turn has at most one owner whose lease runs, by the database's clock alone. A lease that runs is never given
-- to anyone, not even to its owner again: a job that is delivered twice to one process must not run twice. The log is the
-- fence behind it: whoever holds a lease may still be paused for longer than it.
create or replace function claim_turn(p_stream uuid, p_turn uuid, p_owner text, p_lease_ms integer) returns boolean
language sql
as $$
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
$$;
