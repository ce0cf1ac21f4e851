-- The journal. Postings, entries and links are partitioned by recorded time, one partition per month, made by the
-- posting function when the first posting of a month comes. There is no default partition on purpose: attaching a
-- month then needs no lock that a reader or writer of other months would wait for.
create sequence ledger.journal_seq as bigint;

create table ledger.idempotency_keys (
  key text collate "C" primary key check (length(key) between 1 and 300),
  kind smallint not null check (kind in (1, 2, 3)),
  subject_id uuid not null,
  digest bytea not null check (length(digest) = 32),
  recorded_at timestamptz not null
);
comment on column ledger.idempotency_keys.kind is '1 posting, 2 hold placed, 3 hold released';
comment on column ledger.idempotency_keys.subject_id is 'id of the posting or hold the key first made or released';
comment on column ledger.idempotency_keys.digest is 'SHA-256 of the canonical body';

create table ledger.postings (
  seq bigint not null,
  recorded_at timestamptz not null,
  effective_at timestamptz not null,
  id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  fact boolean not null,
  encoding smallint not null,
  key text collate "C" not null,
  reason text collate "C" not null,
  hash bytea not null check (length(hash) = 32),
  primary key (id, recorded_at)
) partition by range (recorded_at);
create index postings_seq on ledger.postings (seq);
comment on column ledger.postings.seq is
  'drawn while the accounts are locked, so within one account it follows commit order';
comment on column ledger.postings.xid is
  'inserting transaction: rows below the oldest running one can no longer be joined by earlier ones';
comment on column ledger.postings.recorded_at is 'business clock when the books took it';
comment on column ledger.postings.effective_at is 'business time of what happened';
comment on column ledger.postings.fact is 'true: happened outside already, limits report instead of refusing';
comment on column ledger.postings.encoding is 'version of the canonical encoding';
comment on column ledger.postings.hash is 'SHA-256 of the canonical encoding';

create table ledger.entries (
  seq bigint not null,
  leg integer not null,
  account_id bigint not null,
  recorded_at timestamptz not null,
  effective_at timestamptz not null,
  posting_id uuid not null,
  amount numeric(39,0) not null check (amount <> 0
    and amount between -170141183460469231731687303715884105727 and 170141183460469231731687303715884105727),
  balance_after numeric(39,0) not null
    check (balance_after between -170141183460469231731687303715884105727 and 170141183460469231731687303715884105727),
  primary key (seq, leg, recorded_at)
) partition by range (recorded_at);
create index entries_account on ledger.entries (account_id, seq);
comment on column ledger.entries.amount is 'smallest units: above zero debit, below zero credit';
comment on column ledger.entries.balance_after is 'smallest units, on the account''s normal side, after this entry';

create table ledger.links (
  seq bigint not null,
  ordinal integer not null,
  recorded_at timestamptz not null,
  subject_id uuid not null,
  kind text collate "C" not null check (length(kind) between 1 and 64),
  id text collate "C" not null check (length(id) between 1 and 300),
  primary key (seq, ordinal, recorded_at)
) partition by range (recorded_at);
create index links_target on ledger.links (kind, id, seq);
comment on column ledger.links.subject_id is 'the posting or hold that was caused';

create table ledger.breaches (
  seq bigint not null,
  account_id bigint not null references ledger.accounts (id),
  posting_id uuid not null,
  recorded_at timestamptz not null,
  is_floor boolean not null,
  limit_units numeric(39,0) not null,
  reached_units numeric(39,0) not null,
  primary key (seq, account_id)
);
comment on table ledger.breaches is 'limits that a fact went through';
comment on column ledger.breaches.limit_units is 'floor or ceiling in smallest units, on the normal side';
comment on column ledger.breaches.reached_units is
  'balance (less holds, for a floor) after the posting, smallest units, normal side';

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'ledger.% is append-only', tg_table_name using errcode = 'LB900';
end
$$;

create trigger append_only before update or delete on ledger.postings
  for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.entries
  for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.links for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.breaches
  for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.idempotency_keys
  for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.assets
  for each row execute function ledger.refuse_change();
create trigger never_deleted before delete on ledger.accounts for each row execute function ledger.refuse_change();
create trigger never_deleted before delete on ledger.balances for each row execute function ledger.refuse_change();
create trigger never_moved before update of id, path, asset, side on ledger.accounts
  for each row execute function ledger.refuse_change();

create trigger not_truncated before truncate on ledger.postings
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.entries
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.links for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.breaches
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.idempotency_keys
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.assets
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.accounts
  for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.balances
  for each statement execute function ledger.refuse_change();

-- Makes the partitions of the month of a moment. Attaching takes SHARE UPDATE EXCLUSIVE on the parents, which neither
-- readers nor writers wait for; two makers of the same month take turns by the advisory lock.
create function ledger.ensure_month(p_at timestamptz) returns void language plpgsql as $$
declare
  v_start timestamp := date_trunc('month', p_at at time zone 'UTC');
  v_suffix text := to_char(v_start, '"_y"YYYY"m"MM');
  v_table text;
begin
  if to_regclass('ledger.links' || v_suffix) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(7310883517242340722);
  -- Asked of the table itself: the lookup by name above may remember its own "no" from before the wait.
  perform from pg_catalog.pg_class c where c.relnamespace = 'ledger'::regnamespace and c.relname = 'links' || v_suffix;
  if found then
    return;
  end if;
  foreach v_table in array array['postings', 'entries', 'links'] loop
    execute format('create table ledger.%I (like ledger.%I including all)', v_table || v_suffix, v_table);
    execute format('alter table ledger.%I attach partition ledger.%I for values from (%L) to (%L)', v_table,
      v_table || v_suffix, v_start at time zone 'UTC', (v_start + interval '1 month') at time zone 'UTC');
    execute format('create trigger not_truncated before truncate on ledger.%I for each statement '
      'execute function ledger.refuse_change()', v_table || v_suffix);
  end loop;
end
$$;
