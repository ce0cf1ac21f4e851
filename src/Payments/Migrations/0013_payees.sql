create table payments.payout_accounts (
  provider_id text not null check (provider_id ~ '^[A-Za-z0-9_.-]{1,64}$'),
  asset text not null,
  version int not null check (version > 0),
  account text not null,
  set_by text not null,
  set_at timestamptz not null,
  machine_at timestamptz not null,
  primary key (provider_id, asset, version)
);
comment on table payments.payout_accounts is 'Where providers are paid; the highest version counts, older ones stay.';
comment on column payments.payout_accounts.account is 'ICRC-1 account text in canonical form';
create trigger payout_accounts_only_added before update or delete on payments.payout_accounts
  for each row execute function payments.refuse_change();
grant select, insert on payments.payout_accounts to decent_app;
