create table payments.refunds (
  id                 uuid          primary key,
  contract_id        text          not null references payments.contracts (id),
  collection_id      uuid          not null references payments.collections (id),
  rail               text          not null,
  idempotency_key    text          not null unique,
  state              text          not null check (state in ('prepared', 'unknown', 'pending', 'succeeded', 'failed')),
  currency           text          not null,
  units              numeric(39,0) not null check (units > 0),
  rail_asset         text          not null,
  rail_units         numeric(39,0) not null check (rail_units > 0),
  request            jsonb         not null,
  payment_reference  text,
  provider_reference text,
  transfer_id        uuid,
  attempts           integer       not null default 0,
  next_attempt_at    timestamptz,
  error              text,
  created_at         timestamptz   not null,
  sent_at            timestamptz,
  settled_at         timestamptz,
  check ((state in ('succeeded', 'failed')) = (settled_at is not null))
);
comment on column payments.refunds.units is 'given back, smallest unit of currency';
comment on column payments.refunds.rail_units is 'given back in the rail''s asset: minor units for stripe, token units on the ledger';
comment on column payments.refunds.request is 'the exact parameters; a retry sends these again';
comment on column payments.refunds.sent_at is 'when it first left; the rail keeps the key for at least 24 h from then';
create unique index refunds_provider_reference on payments.refunds (rail, provider_reference);
create index refunds_contract on payments.refunds (contract_id, id);
create index refunds_due on payments.refunds (next_attempt_at) where next_attempt_at is not null;

create table payments.refund_events (
  refund_id uuid        not null references payments.refunds (id),
  seq       integer     not null check (seq > 0),
  state     text        not null,
  detail    text        not null,
  at        timestamptz not null,
  primary key (refund_id, seq)
);
comment on table payments.refund_events is 'history of a refund; rows are only added';

grant select, insert, update on payments.refunds to decent_app;
grant select, insert on payments.refund_events to decent_app;
