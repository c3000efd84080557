-- Names this history of the log: two logs, or one before and after a restore, have different epochs.
--
-- Invariant: the parts change exactly when a cursor of before may mean something else now. The stored random comes with the
-- log, the system identifier with the cluster (a dump loaded elsewhere), the timeline with a restore or a promotion,
-- the oid with the database. Reading the system identifier may be forbidden on a rented server: then `complete` is false
-- and the epoch is made of the rest. Fails on a standby: an epoch is the primary's to tell.
create or replace function log_epoch(out epoch text, out complete boolean)
language plpgsql stable
as $$
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
$$;
