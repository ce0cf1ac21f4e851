-- Accounts and their balances. Written by ledger.apply alone; see 0004.
create schema ledger;
grant usage on schema ledger to decent_app;

create table ledger.assets (
  code text collate "C" primary key check (length(code) between 1 and 64),
  scale smallint not null check (scale between 0 and 18),
  kind text not null check (kind in ('fiat', 'token')),
  ledger text check ((kind = 'token') = (ledger is not null)),
  first_used_at timestamptz not null
);
comment on table ledger.assets is
  'assets as they were when first used; an asset never changes its scale, kind or ledger';
comment on column ledger.assets.scale is 'decimal places of the smallest unit';
comment on column ledger.assets.ledger is 'canister id of a token''s ledger as text';

create table ledger.accounts (
  id bigint generated always as identity primary key,
  path text collate "C" not null check (length(path) between 1 and 200),
  asset text collate "C" not null references ledger.assets (code),
  side smallint not null check (side in (1, -1)),
  floor numeric(39,0),
  ceiling numeric(39,0),
  opened_at timestamptz not null,
  unique (path, asset),
  check (floor <= ceiling)
);
comment on column ledger.accounts.side is '1: grows by debits, -1: grows by credits';
comment on column ledger.accounts.floor is
  'smallest units, on the normal side: balance less holds may not fall below it by intent; null: none';
comment on column ledger.accounts.ceiling is
  'smallest units, on the normal side: balance may not rise above it by intent; null: none';

-- Half-empty pages let the hot update of a balance stay on its page, where no index has to follow.
create table ledger.balances (
  account_id bigint primary key references ledger.accounts (id),
  balance numeric(39,0) not null
    check (balance between -170141183460469231731687303715884105727 and 170141183460469231731687303715884105727),
  held numeric(39,0) not null
    check (held between 0 and 170141183460469231731687303715884105727)
) with (fillfactor = 50);
comment on column ledger.balances.balance is
  'smallest units, on the account''s normal side; equals the sum of its entries';
comment on column ledger.balances.held is 'smallest units reserved by open holds';
