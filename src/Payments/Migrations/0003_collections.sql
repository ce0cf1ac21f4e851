create table payments.collections (
  id                 uuid          primary key,
  contract_id        text          references payments.contracts (id),
  rail               text          not null check (rail ~ '^[a-z0-9_-]{1,32}$'),
  state              text          not null
    check (state in ('starting', 'open', 'settled', 'not_applied', 'failed', 'expired')),
  token              text,
  price_units        numeric(39,0) check (price_units > 0),
  currency           text,
  expected_asset     text,
  expected_units     numeric(39,0) check (expected_units > 0),
  received_asset     text,
  received_units     numeric(39,0) check (received_units > 0),
  fee_units          numeric(39,0) check (fee_units >= 0),
  resolution         text,
  checkout_url       text,
  provider_reference text,
  payment_reference  text,
  payment_object     text,
  error              text,
  next_poll_at       timestamptz,
  polls              integer       not null default 0,
  created_at         timestamptz   not null,
  opened_at          timestamptz,
  settled_at         timestamptz,
  check ((expected_asset is null) = (expected_units is null)),
  check ((received_asset is null) = (received_units is null)),
  check ((state in ('settled', 'not_applied')) = (settled_at is not null)),
  check (state <> 'settled' or (contract_id is not null and received_units is not null))
);
comment on column payments.collections.contract_id is 'null: money came whose contract is not known';
comment on column payments.collections.price_units is 'price of the contract in the smallest unit of currency';
comment on column payments.collections.expected_units is 'what the rail must receive, smallest unit of expected_asset';
comment on column payments.collections.received_units is 'what the rail received, smallest unit of received_asset';
comment on column payments.collections.fee_units is 'what the rail kept, smallest unit of received_asset; null: not known yet';
comment on column payments.collections.provider_reference is 'checkout session or payment intent at the rail';
comment on column payments.collections.payment_reference is 'the payment at the rail: key of its facts';
comment on column payments.collections.payment_object is 'the rail''s own object of the payment, for people and look-ups';
create unique index collections_provider_reference on payments.collections (rail, provider_reference);
create unique index collections_payment_reference on payments.collections (rail, payment_reference);
create index collections_contract on payments.collections (contract_id, id);
create index collections_poll on payments.collections (next_poll_at) where next_poll_at is not null;
-- One collection at a time may wait for a contract's money on the same rail in the same asset.
create unique index collections_one_open on payments.collections (contract_id, rail, coalesce(token, ''))
  where state in ('starting', 'open');

alter table payments.contracts
  add constraint contracts_paid_collection foreign key (paid_collection_id) references payments.collections (id);

create table payments.collection_attempts (
  collection_id   uuid        not null references payments.collections (id),
  n               integer     not null check (n > 0),
  idempotency_key text        not null unique,
  request         jsonb       not null,
  outcome         text        not null check (outcome in ('committed', 'started', 'refused', 'unknown')),
  detail          text,
  created_at      timestamptz not null,
  answered_at     timestamptz,
  primary key (collection_id, n)
);
comment on table payments.collection_attempts is 'calls that start a collection; committed before the call leaves';
comment on column payments.collection_attempts.request is 'the exact parameters; a retry sends these again';

grant select, insert, update on payments.collections, payments.collection_attempts to decent_app;
