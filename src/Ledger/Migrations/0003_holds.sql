-- Holds. A hold is its row and the events after it; what remains of it is its amount less the sum of its events.
-- Nothing here is ever updated: ledger.balances.held keeps the sum per account.
create table ledger.holds (
  id uuid primary key,
  account_id bigint not null references ledger.accounts (id),
  amount numeric(39,0) not null check (amount between 1 and 170141183460469231731687303715884105727),
  seq bigint not null unique,
  recorded_at timestamptz not null,
  xid xid8 not null default pg_current_xact_id(),
  encoding smallint not null,
  key text collate "C" not null,
  reason text collate "C" not null,
  hash bytea not null check (length(hash) = 32)
);
create index holds_account on ledger.holds (account_id);
comment on column ledger.holds.amount is 'smallest units reserved, on the account''s normal side';
comment on column ledger.holds.hash is 'SHA-256 of the canonical encoding';

create table ledger.hold_events (
  seq bigint not null,
  ordinal integer not null,
  hold_id uuid not null references ledger.holds (id),
  kind text not null check (kind in ('settled', 'released')),
  amount numeric(39,0) not null check (amount between 1 and 170141183460469231731687303715884105727),
  closes boolean not null,
  posting_id uuid,
  evidence text,
  recorded_at timestamptz not null,
  xid xid8 not null default pg_current_xact_id(),
  encoding smallint,
  key text collate "C",
  reason text collate "C",
  hash bytea check (length(hash) = 32),
  primary key (seq, ordinal),
  check (posting_id is not null or (evidence is not null and key is not null and hash is not null))
);
create index hold_events_hold on ledger.hold_events (hold_id);
comment on column ledger.hold_events.amount is 'smallest units taken out of the hold';
comment on column ledger.hold_events.closes is 'true: nothing may follow on this hold';
comment on column ledger.hold_events.posting_id is 'posting that consumed the hold; its hash covers the settlement';

create trigger append_only before update or delete on ledger.holds for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.hold_events
  for each row execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.holds for each statement execute function ledger.refuse_change();
create trigger not_truncated before truncate on ledger.hold_events
  for each statement execute function ledger.refuse_change();
