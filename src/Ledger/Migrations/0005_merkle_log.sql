-- The journal as a Merkle log (RFC 6962 hashing, SHA-256). Writers only leave their rows; one sequencing step after
-- another gives them their place: it takes the rows of all transactions below the oldest one still running, so that
-- no row can ever turn up behind a place already given. A leaf is SHA-256(0x00 || seq as 8 bytes || record hash).

-- Leaves in order, up to 256 to a row; a row never reaches over a multiple of 256.
create table ledger.log_chunks (
  first_index bigint primary key check (first_index >= 0),
  size integer not null check (size between 1 and 256 and first_index / 256 = (first_index + size - 1) / 256),
  min_seq bigint not null,
  max_seq bigint not null,
  seqs bigint[] not null check (cardinality(seqs) = size),
  leaves bytea not null check (length(leaves) = 32 * size)
);
alter table ledger.log_chunks alter column leaves set storage external;
create index log_chunks_seq on ledger.log_chunks (max_seq, min_seq);
comment on column ledger.log_chunks.first_index is 'place of the first leaf in the log, from 0';
comment on column ledger.log_chunks.seqs is 'journal number of each leaf''s record';
comment on column ledger.log_chunks.leaves is 'leaf hashes, 32 bytes each';

-- Roots of the full subtrees of 2^height leaves, from height 8 up; with them a proof reads a number of rows that
-- grows with the logarithm of the log.
create table ledger.log_nodes (
  height smallint not null check (height between 8 and 62),
  index bigint not null check (index >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (height, index)
);
comment on column ledger.log_nodes.index is 'the subtree spans leaves index * 2^height up to (index + 1) * 2^height';

create table ledger.log_rounds (
  round bigint generated always as identity primary key,
  size_after bigint not null,
  xid_to xid8 not null,
  seq_seen bigint not null,
  xmax_seen xid8 not null,
  recorded_at timestamptz not null
);
comment on column ledger.log_rounds.xid_to is 'rows of every transaction below this one have their place';
comment on column ledger.log_rounds.seq_seen is 'last journal number drawn before the transaction xmax_seen had its id';

create table ledger.checkpoints (
  size bigint primary key check (size >= 0),
  root bytea not null check (length(root) = 32),
  recorded_at timestamptz not null,
  note text not null
);
comment on column ledger.checkpoints.note is 'the signed note as published outside the database';

create trigger append_only before update or delete on ledger.log_chunks
  for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.log_nodes
  for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.log_rounds
  for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.checkpoints
  for each row execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.log_chunks
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.log_nodes
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.log_rounds
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.checkpoints
  for each statement execute function ledger.refuse_change();

create index hold_events_seq on ledger.hold_events (seq) where hash is not null;

-- Everything that has a place in the log.
create view ledger.records as
  select seq, hash, xid from ledger.postings
  union all
  select seq, hash, xid from ledger.holds
  union all
  select seq, hash, xid from ledger.hold_events where hash is not null;

-- Where the log stands: its size, whether numbers were drawn since the last round, and the last checkpoint.
create function ledger.log_state() returns table (size bigint, behind boolean, checkpoint_size bigint, checkpoint_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(r.size_after, 0), case when s.is_called then s.last_value else 0 end > coalesce(r.seq_seen, 0)
      or r.xid_to < r.xmax_seen, coalesce(c.size, 0), c.recorded_at
  from ledger.journal_seq s
  left join (select * from ledger.log_rounds order by round desc limit 1) r on true
  left join (select * from ledger.checkpoints order by size desc limit 1) c on true
$$;

-- Gives the finished rows their places, in order of their numbers within the round. Must run in READ COMMITTED.
create function ledger.log_sequence(p_at timestamptz) returns table (size_before bigint, size_after bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_before bigint;
  v_after bigint;
  v_from xid8;
  v_to xid8;
  v_floor bigint;
  v_seen bigint;
  v_xmax xid8;
begin
  if pg_current_xact_id_if_assigned() is not null then
    raise exception 'sequencing comes first in its transaction';
  end if;
  perform pg_advisory_xact_lock(7310883517242340723);
  select r.size_after, r.xid_to into v_before, v_from from ledger.log_rounds r order by r.round desc limit 1;
  v_before := coalesce(v_before, 0);
  v_from := coalesce(v_from, '0'::xid8);

  -- A transaction draws its numbers after it has its id. So whatever has an id above xmax_seen, our own id taken after
  -- the look at the numbers, has numbers above seq_seen; and once everything below xmax_seen is placed, nothing at or
  -- below seq_seen is left to be found. (The xmax of a snapshot would not do: ids above it may be at work already.)
  select r.seq_seen into v_floor from ledger.log_rounds r where r.xmax_seen <= v_from order by r.round desc limit 1;
  select case when s.is_called then s.last_value else 0 end into v_seen from ledger.journal_seq s;
  v_xmax := pg_current_xact_id();
  v_to := pg_snapshot_xmin(pg_current_snapshot());

  with placed as (
    insert into ledger.log_chunks (first_index, size, min_seq, max_seq, seqs, leaves)
    select min(l.n), count(*), min(l.seq), max(l.seq), array_agg(l.seq order by l.n),
      string_agg(sha256('\x00'::bytea || int8send(l.seq) || l.hash), ''::bytea order by l.n)
    from (
      select v_before + row_number() over (order by r.seq) - 1 as n, r.seq, r.hash
      from ledger.records r
      where r.seq > coalesce(v_floor, 0) and r.xid >= v_from and r.xid < v_to
    ) l
    group by l.n / 256
    returning size
  )
  select v_before + coalesce(sum(p.size), 0) into v_after from placed p;

  insert into ledger.log_rounds (size_after, xid_to, seq_seen, xmax_seen, recorded_at)
  values (v_after, v_to, v_seen, v_xmax, p_at);
  return query select v_before, v_after;
end
$$;

-- Keeps the roots of full subtrees and, when it came to one, the checkpoint.
create function ledger.log_close_round(
  p_height smallint[], p_index bigint[], p_hash bytea[], p_size bigint, p_root bytea, p_at timestamptz, p_note text
) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.log_nodes (height, index, hash)
  select n.height, n.index, n.hash from unnest(p_height, p_index, p_hash) as n (height, index, hash)
  on conflict (height, index) do nothing;
  if p_note is not null then
    insert into ledger.checkpoints (size, root, recorded_at, note) values (p_size, p_root, p_at, p_note)
    on conflict (size) do nothing;
  end if;
end
$$;

revoke all on all functions in schema ledger from public;
grant select on all tables in schema ledger to decent_app;
grant execute on function ledger.log_state, ledger.log_sequence, ledger.log_close_round to decent_app;
