-- Says, in one snapshot, what became of each unit of a flush that failed or whose outcome is unknown.
--
-- Invariant it rests on: the primary key of `events` gives each (stream, seq) to one event for ever, and a unit is whole
-- or absent. So whose event_id stands at the first seq of one of its parts tells everything about the unit:
--   ours      our event ids stand: it was committed. `ats` holds their recorded_at, in the order of the unit's parts.
--   answered  its command key stands, but not our events: someone else ran the command, or we did and it had no events.
--   beaten    someone else's event stands at a seq of ours, the stream to be made exists already, or the expected head is
--             not there; `beaten_on` is the first such stream.
--   free      nothing of it stands and nothing stands in its way: it can be sent again.
-- "ours" goes before "answered": a unit that was committed has written its command too.
--
-- p_part_*: one entry a stream's part of a unit, in the order of the units (numbered from 1) and of their parts.
-- p_part_follows: the part comes right after an earlier unit of the same flush, so its head is that unit's affair.
-- p_command_*: one entry a unit that has a command.
create or replace function sort_units(
  p_part_unit integer[],
  p_part_stream uuid[],
  p_part_seq bigint[],
  p_part_event_id uuid[],
  p_part_creates boolean[],
  p_part_follows boolean[],
  p_command_unit integer[],
  p_command_tenant text[],
  p_command_principal text[],
  p_command_id text[]
) returns table (unit integer, verdict text, ats bigint[], command json, beaten_on uuid)
language sql stable
as $$
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
$$;
