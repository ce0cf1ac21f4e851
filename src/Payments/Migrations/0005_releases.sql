create table payments.releases (
  id           uuid          primary key,
  contract_id  text          not null references payments.contracts (id),
  provider_id  text          not null,
  currency     text          not null,
  gross_units  numeric(39,0) not null check (gross_units > 0),
  fee_units    numeric(39,0) not null check (fee_units >= 0),
  net_units    numeric(39,0) not null check (net_units >= 0),
  period_start timestamptz   not null,
  period_end   timestamptz   not null,
  payable_at   timestamptz   not null,
  created_at   timestamptz   not null,
  unique (contract_id, period_end),
  check (period_start < period_end),
  check (gross_units = fee_units + net_units)
);
comment on table payments.releases is 'earned slices; rows are only added';
comment on column payments.releases.gross_units is 'earned in the period, smallest unit of currency';
comment on column payments.releases.fee_units is 'the platform''s part of gross_units';
comment on column payments.releases.net_units is 'the provider''s part of gross_units';
comment on column payments.releases.payable_at is 'from when it may be paid out';
create index releases_provider on payments.releases (provider_id, payable_at);

grant select, insert on payments.releases to decent_app;
