-- Forks. A fork's stream goes on from its parent's: its first event has the seq after the one that was forked at, and
-- `lineage` says whose events the seqs before it are. Nothing is copied. Invariants:
--   1. lineage is flat, [{streamId, upTo}, …] with rising upTo; the last upTo is first_seq − 1, and each stream in it
--      reached its upTo before this row was written. What a stream holds up to there never changes.
--   2. Rows of a read model are not copied either: what a conversation shows at a seq is, for each message, the version with
--      the greatest valid_from of all its streams' rows, each stream's only up to its upTo. Within one stream
--      valid_from ≥ first_seq, so no two streams of a lineage have rows of the same valid_from.
--   3. An event of the fork on an inherited message makes a whole row of it in the fork.

-- Whom it was forked off: not always in the lineage, where it was forked at a seq that this one had inherited itself.
alter table streams
  add column parent_id uuid,
  add constraint streams_fork_check check ((parent_id is null) = (lineage is null));
create index streams_by_parent on streams (parent_id, first_seq) where parent_id is not null;

alter table conversations
  add column forked_from uuid,
  add column forked_at bigint;
create index conversations_by_parent on conversations
  (generation, tenant_id, owner_id, forked_from, created_at desc, conversation_id desc)
  where valid_to is null and forked_from is not null;
