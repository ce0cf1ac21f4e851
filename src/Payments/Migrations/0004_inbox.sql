create table payments.inbox (
  source       text        not null check (source ~ '^[a-z0-9_-]{1,32}$'),
  event_id     text        not null check (length(event_id) between 1 and 255),
  id           uuid        not null unique,
  type         text        not null,
  headers      jsonb       not null,
  body         bytea       not null,
  received_at  timestamptz not null,
  state        text        not null default 'stored' check (state in ('stored', 'processed', 'set_aside')),
  outcome      text,
  attempts     integer     not null default 0,
  retry_at     timestamptz,
  processed_at timestamptz,
  primary key (source, event_id)
);
comment on table payments.inbox is 'signed deliveries exactly as received; one row per event of the rail';
comment on column payments.inbox.state is 'set_aside: gave up after repeated faults, a finding says so';
create index inbox_waiting on payments.inbox (coalesce(retry_at, received_at)) where state = 'stored';

-- What rails said, deduplicated: webhook, sweep and re-read write the same rows. Columns only grow towards more
-- knowledge (greatest amount, least time), so neither order nor repetition matters.
create table payments.facts (
  provider        text          not null,
  kind            text          not null,
  key             text          not null,
  unit            text          not null default '',
  object_id       text          not null default '',
  payment_key     text,
  session_key     text,
  contract_ref    text,
  collection_ref  uuid,
  refund_ref      uuid,
  account         text,
  units           numeric(39,0),
  requested_units numeric(39,0),
  tax_units       numeric(39,0),
  fee_units       numeric(39,0),
  price_e9s       numeric(39,0),
  detail          text,
  occurred_at     timestamptz   not null,
  source          text          not null,
  first_seen_at   timestamptz   not null,
  primary key (provider, kind, key, unit)
);
comment on column payments.facts.key is 'what the fact is about: the payment, refund or session at the rail';
comment on column payments.facts.unit is 'currency in lower case, or ledger canister id; empty when no amount';
comment on column payments.facts.units is 'amount in the rail''s own unit: minor unit of the currency, base unit of the ledger';
comment on column payments.facts.requested_units is 'what the rail asked for, same unit';
comment on column payments.facts.tax_units is 'tax within units, same unit';
comment on column payments.facts.fee_units is 'what the rail kept, same unit';
comment on column payments.facts.price_e9s is 'price in USD scale 9 the rail converted from, when it says';
comment on column payments.facts.source is 'inbox event id, or the sweep that saw it first';
create index facts_payment on payments.facts (provider, payment_key);

-- How far a rail's own list of payments was read, for payments whose contract nobody polls.
create table payments.sweeps (
  rail        text        primary key,
  swept_until timestamptz not null,
  next_at     timestamptz not null
);
comment on column payments.sweeps.swept_until is 'everything the rail listed until then was taken in';

grant select, insert, update on payments.inbox, payments.facts, payments.sweeps to decent_app;
