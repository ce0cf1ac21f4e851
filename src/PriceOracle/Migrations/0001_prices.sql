-- What the oracle saw, what it decided and why. Everything seen or decided is only ever added to.
create schema if not exists prices;
grant usage on schema prices to decent_app;

create table prices.token_facts (
  ledger text primary key,
  asset text not null,
  symbol text not null,
  decimals integer not null,
  fee_units numeric(39,0) not null,
  code text not null,
  detail text not null,
  read_at timestamptz not null
);
comment on table prices.token_facts is 'What each ledger said of its token, and whether it is what configuration says.';
comment on column prices.token_facts.fee_units is 'transfer fee, smallest units of the token';
comment on column prices.token_facts.code is 'OK, or E_DECIMALS, E_SYMBOL, E_FEE: the asset is shut';
grant select, insert, update on prices.token_facts to decent_app;

create table prices.pools (
  source_id text primary key,
  pool_id text not null,
  ledger0 text not null,
  ledger1 text not null,
  fee integer not null check (fee > 0),
  pinned_at timestamptz not null,
  checked_at timestamptz not null
);
comment on table prices.pools is 'Pools resolved through a registry once and kept; another answer of the registry shuts the source.';
comment on column prices.pools.fee is 'fee tier, millionths';
grant select, insert on prices.pools to decent_app;
grant update (checked_at) on prices.pools to decent_app;

create table prices.observations (
  id bigint generated always as identity primary key,
  source_id text not null,
  venue text not null,
  base text not null,
  quote text not null,
  observed_at timestamptz not null,
  code text not null,
  detail text not null,
  price_e18 numeric(60,0) check (price_e18 > 0),
  tvl_quote_e18 numeric(78,0) not null,
  depth_quote_e18 numeric(78,0) not null,
  base_reserve_units numeric(39,0),
  quote_reserve_units numeric(39,0),
  sqrt_price_x96 numeric(49,0),
  liquidity numeric(39,0),
  flags text[] not null,
  raw text,
  raw_sha256 bytea check (length(raw_sha256) = 32),
  latency_ms bigint not null,
  check ((code = 'OK') = (price_e18 is not null))
);
comment on table prices.observations is 'One answer of one source.';
comment on column prices.observations.price_e18 is 'quote token per whole base token, times 10^18';
comment on column prices.observations.tvl_quote_e18 is 'twice the poorer side, whole quote tokens times 10^18';
comment on column prices.observations.depth_quote_e18 is 'what moves the price by 2 %, whole quote tokens times 10^18';
comment on column prices.observations.base_reserve_units is 'smallest units of the base token';
comment on column prices.observations.quote_reserve_units is 'smallest units of the quote token';
comment on column prices.observations.latency_ms is 'machine time';
create index observations_by_source on prices.observations (source_id, observed_at desc);
create index observations_failures on prices.observations (source_id, observed_at desc) where code <> 'OK';
create index observations_successes on prices.observations (source_id, observed_at desc) where code = 'OK';
grant select, insert on prices.observations to decent_app;

create table prices.samples (
  id bigint generated always as identity primary key,
  asset text not null,
  route_id text not null,
  venue text not null,
  observed_at timestamptz not null,
  code text not null,
  price_e18 numeric(60,0) check (price_e18 > 0),
  tvl_usd_e6 numeric(78,0) not null,
  depth_usd_e6 numeric(78,0) not null,
  flags text[] not null,
  observation_ids bigint[] not null,
  check ((code = 'OK') = (price_e18 is not null))
);
comment on table prices.samples is 'The value of a route at an instant: the product of its observations.';
comment on column prices.samples.price_e18 is 'US dollars per whole token, times 10^18';
comment on column prices.samples.tvl_usd_e6 is 'money behind the poorest pool of the route, US dollars times 10^6';
comment on column prices.samples.depth_usd_e6 is 'money that moves the price by 2 %, US dollars times 10^6';
create index samples_by_asset on prices.samples (asset, observed_at desc);
grant select, insert on prices.samples to decent_app;

create table prices.rounds (
  id bigint generated always as identity primary key,
  asset text not null,
  started_at timestamptz not null,
  outcome text not null,
  value_e18 numeric(60,0) check (value_e18 > 0),
  confidence_e18 numeric(60,0),
  price_e18 numeric(60,0) check (price_e18 > 0),
  state_before text not null check (state_before in ('Bootstrap', 'Fresh', 'Stale', 'Held', 'Halted')),
  state_after text not null check (state_after in ('Bootstrap', 'Fresh', 'Stale', 'Held', 'Halted')),
  flags text[] not null,
  reason text not null,
  observation_ids bigint[] not null,
  input text not null,
  decision text not null,
  previous_hash bytea check (length(previous_hash) = 32),
  hash bytea not null check (length(hash) = 32),
  check ((state_after = 'Bootstrap') = (price_e18 is null))
);
comment on table prices.rounds is 'A decision with everything it was made from; a chain of hashes per asset.';
comment on column prices.rounds.value_e18 is 'value the round arrived at, accepted or not; US dollars per whole token, times 10^18';
comment on column prices.rounds.price_e18 is 'last good price after the round; US dollars per whole token, times 10^18';
comment on column prices.rounds.input is 'JSON, as text because the hash covers these bytes';
comment on column prices.rounds.hash is 'SHA-256 over previous_hash, input and decision';
create index rounds_by_asset on prices.rounds (asset, id desc);
grant select, insert on prices.rounds to decent_app;

create table prices.prices (
  round_id bigint primary key references prices.rounds (id),
  asset text not null,
  at timestamptz not null,
  price_e18 numeric(60,0) not null check (price_e18 > 0)
);
comment on table prices.prices is 'Accepted prices only.';
comment on column prices.prices.price_e18 is 'US dollars per whole token, times 10^18';
create index prices_by_asset on prices.prices (asset, at desc);
grant select, insert on prices.prices to decent_app;

create table prices.states (
  asset text primary key,
  version bigint not null check (version > 0),
  state text not null check (state in ('Bootstrap', 'Fresh', 'Stale', 'Held', 'Halted')),
  body jsonb not null,
  last_round_at timestamptz,
  last_hash bytea check (length(last_hash) = 32)
);
comment on table prices.states is 'What each feed remembers between rounds; restored exactly after a restart.';
grant select, insert, update on prices.states to decent_app;

create table prices.events (
  id bigint generated always as identity primary key,
  asset text not null,
  at timestamptz not null,
  kind text not null,
  state_from text,
  state_to text,
  detail text not null,
  actor text not null
);
comment on table prices.events is 'Every change of state, with its reason.';
create index events_by_asset on prices.events (asset, id desc);
grant select, insert on prices.events to decent_app;

create function prices.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'prices.% is only ever added to', tg_table_name using errcode = '42501';
end $$;
create trigger observations_only_added before update or delete on prices.observations
  for each row execute function prices.refuse_change();
create trigger samples_only_added before update or delete on prices.samples
  for each row execute function prices.refuse_change();
create trigger rounds_only_added before update or delete on prices.rounds
  for each row execute function prices.refuse_change();
create trigger prices_only_added before update or delete on prices.prices
  for each row execute function prices.refuse_change();
create trigger events_only_added before update or delete on prices.events
  for each row execute function prices.refuse_change();
