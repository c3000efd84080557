-- Restores of backups into this database. Invariants:
--   1. A part's row is written in the transaction that loads the part, so a restore that died goes on after it.
--   2. While a restore has no `finished_at` the log is not whole, and nobody may use it.
create table restores (
  backup_id uuid primary key,
  started_at timestamptz not null default now(),
  finished_at timestamptz
);

create table restored_parts (
  backup_id uuid not null references restores (backup_id),
  part text not null,
  primary key (backup_id, part)
);
