create table payments.contracts (
  id                 text          primary key check (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  list_id            uuid          not null unique,
  provider_id        text          not null check (provider_id ~ '^[A-Za-z0-9_.-]{1,64}$'),
  renter_id          text          not null check (renter_id ~ '^[A-Za-z0-9_.-]{1,64}$'),
  currency           text          not null,
  price_units        numeric(39,0) not null check (price_units > 0),
  service_start      timestamptz   not null,
  service_end        timestamptz   not null,
  payment_deadline   timestamptz   not null,
  refund_account     text,
  fee_bps            integer       not null check (fee_bps between 0 and 10000),
  state              text          not null
    check (state in ('awaiting_payment', 'active', 'completed', 'cancelled', 'expired')),
  paid_units         numeric(39,0) not null default 0,
  paid_collection_id uuid,
  released_units     numeric(39,0) not null default 0,
  fee_units          numeric(39,0) not null default 0,
  refunded_units     numeric(39,0) not null default 0,
  dust_units         numeric(39,0) not null default 0,
  released_until     timestamptz,
  disputed           boolean       not null default false,
  events             integer       not null default 0,
  created_at         timestamptz   not null,
  activated_at       timestamptz,
  ended_at           timestamptz,
  changed_at         timestamptz   not null,
  next_check_at      timestamptz,
  check (service_start < service_end),
  check (paid_units >= 0 and released_units >= 0 and fee_units >= 0 and refunded_units >= 0 and dust_units >= 0),
  check (fee_units <= released_units),
  check (released_units + refunded_units + dust_units <= paid_units),
  -- Service delivered means paid, and a terminal contract holds no unsettled money.
  check (state not in ('active', 'completed') or paid_units = price_units),
  check (state not in ('completed', 'cancelled') or released_units + refunded_units + dust_units = paid_units),
  check (state not in ('awaiting_payment', 'expired') or paid_units = 0),
  check (paid_units = 0 or paid_collection_id is not null)
);
comment on column payments.contracts.list_id is 'UUIDv7 in order of registration, for lists';
comment on column payments.contracts.price_units is 'price in the currency''s smallest unit (scale 9)';
comment on column payments.contracts.fee_bps is 'platform''s share of what is earned, basis points; fixed at registration';
comment on column payments.contracts.paid_units is 'settled for the contract, same unit as price_units';
comment on column payments.contracts.released_units is 'earned slices so far, gross of fees, same unit';
comment on column payments.contracts.fee_units is 'platform fees within released_units, same unit';
comment on column payments.contracts.refunded_units is 'going or gone back to the renter, same unit';
comment on column payments.contracts.dust_units is 'left to the platform by the refund''s rounding, same unit';
comment on column payments.contracts.released_until is 'period_end of the last release';
comment on column payments.contracts.changed_at is 'business time of the last change; never goes back';
comment on column payments.contracts.next_check_at is 'when its open collections must be closed at their rails; null: nothing to close';
create index contracts_check on payments.contracts (next_check_at) where next_check_at is not null;
create index contracts_active on payments.contracts (released_until) where state = 'active';
create index contracts_state on payments.contracts (state, list_id);
create index contracts_provider on payments.contracts (provider_id);

create table payments.contract_events (
  contract_id text        not null references payments.contracts (id),
  seq         integer     not null check (seq > 0),
  kind        text        not null,
  actor       text        not null,
  detail      text        not null,
  at          timestamptz not null,
  primary key (contract_id, seq)
);
comment on table payments.contract_events is 'history of a contract; rows are only added';

grant select, insert, update on payments.contracts to decent_app;
grant select, insert on payments.contract_events to decent_app;
