create table payments.payout_rules (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into payments.payout_rules (from_state, to_state) values
  ('none', 'draft'),
  ('draft', 'approved'),
  ('draft', 'cancelled'),
  ('approved', 'cancelled'),
  ('approved', 'executing'),
  ('executing', 'confirmed'),
  ('executing', 'refused');
comment on table payments.payout_rules is 'Which steps a payout may take; while executing it is where its transfer is.';

create table payments.payouts (
  id uuid primary key,
  provider_id text not null,
  currency text not null,
  units numeric(39,0) not null check (units > 0),
  asset text not null,
  account text not null,
  account_version int not null,
  state text not null check (state in ('draft', 'approved', 'executing', 'confirmed', 'refused', 'cancelled')),
  since timestamptz not null,
  created_by text not null,
  created_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  approval_note text,
  waiting text,
  retry_at timestamptz,
  tries int not null default 0,
  token_units numeric(39,0) check (token_units > 0),
  price_e18 numeric(60,0) check (price_e18 > 0),
  price_round bigint,
  price_observed_at timestamptz,
  payable_hold uuid unique,
  transfer_id uuid unique references payments.transfers (id),
  block_index numeric(20,0),
  fee_units numeric(39,0),
  constraint payouts_no_self_approval check (approved_by is null or approved_by <> created_by),
  check ((approved_by is null) = (approved_at is null) and (approved_by is null) = (approval_note is null)),
  check (state in ('draft', 'cancelled') or approved_by is not null),
  check ((state in ('executing', 'confirmed', 'refused')) = (transfer_id is not null)),
  check ((transfer_id is null) = (token_units is null) and (transfer_id is null) = (price_e18 is null)
     and (transfer_id is null) = (price_round is null) and (transfer_id is null) = (payable_hold is null)),
  check ((state = 'confirmed') = (block_index is not null)),
  check ((state = 'approved') = (retry_at is not null)),
  foreign key (provider_id, asset, account_version) references payments.payout_accounts (provider_id, asset, version)
);
comment on column payments.payouts.units is 'earned by the provider, in the currency''s smallest unit (scale 9)';
comment on column payments.payouts.token_units is 'paid, in the token''s smallest unit; fixed at preparation';
comment on column payments.payouts.fee_units is 'ledger fee the block showed, in the token''s smallest unit; borne by the platform';
comment on column payments.payouts.price_e18 is 'US dollars per whole token x 10^18 at preparation';
comment on column payments.payouts.retry_at is 'business time of the next look at an approved payout';
comment on column payments.payouts.waiting is 'why an approved payout is not prepared yet';
create index payouts_due on payments.payouts (retry_at, id) where retry_at is not null;
create index payouts_state on payments.payouts (state, id);

create table payments.payout_transitions (
  payout_id uuid not null references payments.payouts (id),
  seq int not null check (seq > 0),
  from_state text not null,
  to_state text not null,
  actor text not null,
  reason text not null,
  at timestamptz not null,
  machine_at timestamptz not null,
  primary key (payout_id, seq),
  foreign key (from_state, to_state) references payments.payout_rules (from_state, to_state)
);

create table payments.payout_items (
  payout_id uuid not null references payments.payouts (id),
  release_id uuid not null references payments.releases (id),
  primary key (payout_id, release_id)
);
comment on table payments.payout_items is 'What a payout is or was made of; kept when it is given up.';

create table payments.payout_claims (
  release_id uuid primary key references payments.releases (id),
  payout_id uuid not null references payments.payouts (id),
  foreign key (payout_id, release_id) references payments.payout_items (payout_id, release_id)
);
comment on table payments.payout_claims is 'The one live payout of a release; for ever once it is confirmed.';
create index payout_claims_payout on payments.payout_claims (payout_id);

create trigger payout_transitions_only_added before update or delete on payments.payout_transitions
  for each row execute function payments.refuse_change();
create trigger payout_items_only_added before update or delete on payments.payout_items
  for each row execute function payments.refuse_change();
create trigger payouts_never_deleted before delete on payments.payouts
  for each row execute function payments.refuse_change();

create function payments.guard_payout() returns trigger language plpgsql as $$
begin
  if (old.provider_id, old.currency, old.units, old.asset, old.account, old.account_version, old.created_by, old.created_at)
     is distinct from
     (new.provider_id, new.currency, new.units, new.asset, new.account, new.account_version, new.created_by, new.created_at) then
    raise exception 'payout %: what is owed to whom never changes', old.id using errcode = '23514';
  end if;
  if old.approved_by is not null and (old.approved_by, old.approved_at, old.approval_note)
     is distinct from (new.approved_by, new.approved_at, new.approval_note) then
    raise exception 'payout %: its approval never changes', old.id using errcode = '23514';
  end if;
  if old.transfer_id is not null and
     (old.transfer_id, old.token_units, old.price_e18, old.price_round, old.payable_hold)
     is distinct from (new.transfer_id, new.token_units, new.price_e18, new.price_round, new.payable_hold) then
    raise exception 'payout %: its preparation never changes', old.id using errcode = '23514';
  end if;
  if old.state in ('confirmed', 'refused', 'cancelled') then
    raise exception 'payout % is over', old.id using errcode = '23514';
  end if;
  if old.state <> new.state and not exists (
       select 1 from payments.payout_rules r where r.from_state = old.state and r.to_state = new.state) then
    raise exception 'payout %: % may not become %', old.id, old.state, new.state using errcode = '23514';
  end if;
  if new.state = 'confirmed' and not exists (
       select 1 from payments.transfers t where t.id = new.transfer_id and t.state = 'confirmed') then
    raise exception 'payout %: its transfer is not confirmed', old.id using errcode = '23514';
  end if;
  if new.state = 'refused' and not exists (
       select 1 from payments.transfers t where t.id = new.transfer_id and t.state = 'refused') then
    raise exception 'payout %: its transfer is not refused', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger payouts_guard before update on payments.payouts
  for each row execute function payments.guard_payout();

create function payments.guard_payout_claim() returns trigger language plpgsql as $$
begin
  if not exists (
       select 1 from payments.payouts p where p.id = old.payout_id and p.state in ('cancelled', 'refused')) then
    raise exception 'release % belongs to payout %', old.release_id, old.payout_id using errcode = '23514';
  end if;
  return old;
end $$;
create trigger payout_claims_guard before delete on payments.payout_claims
  for each row execute function payments.guard_payout_claim();
create trigger payout_claims_never_changed before update on payments.payout_claims
  for each row execute function payments.refuse_change();

-- Claims what is payable, locking releases that no other draft is looking at. The caller checks the sum.
create function payments.claim_releases(
  p_provider text, p_currency text, p_now timestamptz)
returns table (release_id uuid, contract_id text, net_units numeric)
language plpgsql security definer set search_path = '' as $$
begin
  return query
  with payable as (
    select r.id, r.contract_id, r.net_units
    from payments.releases r
    join payments.contracts c on c.id = r.contract_id
    where r.provider_id = p_provider and r.currency = p_currency and r.payable_at <= p_now and r.net_units > 0
      and not c.disputed
      and not exists (select 1 from payments.payout_claims x where x.release_id = r.id)
    order by r.payable_at, r.id
    for update of r skip locked
  )
  select p.id, p.contract_id, p.net_units from payable p;
end $$;
revoke execute on function payments.claim_releases(text, text, timestamptz) from public;
grant execute on function payments.claim_releases(text, text, timestamptz) to decent_app;

-- The one way from state to state; each step brings what it adds, the rest is null.
create function payments.move_payout(
  p_id uuid, p_from text, p_to text, p_actor text, p_reason text, p_at timestamptz, p_machine_at timestamptz,
  p_transfer uuid, p_token_units numeric, p_price_e18 numeric, p_price_round bigint, p_price_observed_at timestamptz,
  p_payable_hold uuid, p_block numeric, p_fee_units numeric)
returns void language plpgsql security definer set search_path = '' as $$
declare
  moved_at timestamptz;
begin
  if p_from = 'none' then
    select since into moved_at from payments.payouts where id = p_id and state = p_to;
  else
    update payments.payouts p
    set state = p_to, since = greatest(p.since, p_at), waiting = null,
        retry_at = case when p_to = 'approved' then p_at end,
        approved_by = case when p_to = 'approved' then p_actor else p.approved_by end,
        approved_at = case when p_to = 'approved' then p_at else p.approved_at end,
        approval_note = case when p_to = 'approved' then p_reason else p.approval_note end,
        transfer_id = coalesce(p_transfer, p.transfer_id),
        token_units = coalesce(p_token_units, p.token_units),
        price_e18 = coalesce(p_price_e18, p.price_e18),
        price_round = coalesce(p_price_round, p.price_round),
        price_observed_at = coalesce(p_price_observed_at, p.price_observed_at),
        payable_hold = coalesce(p_payable_hold, p.payable_hold),
        block_index = p_block,
        fee_units = p_fee_units
    where p.id = p_id and p.state = p_from
    returning p.since into moved_at;
  end if;
  if moved_at is null then
    raise exception 'payout %: it is no longer %', p_id, p_from using errcode = 'PT002';
  end if;
  insert into payments.payout_transitions (payout_id, seq, from_state, to_state, actor, reason, at, machine_at)
  select p_id, coalesce(max(seq), 0) + 1, p_from, p_to, p_actor, p_reason, moved_at, p_machine_at
  from payments.payout_transitions where payout_id = p_id;
end $$;
revoke execute on function payments.move_payout(
  uuid, text, text, text, text, timestamptz, timestamptz, uuid, numeric, numeric, bigint, timestamptz, uuid, numeric,
  numeric) from public;
grant execute on function payments.move_payout(
  uuid, text, text, text, text, timestamptz, timestamptz, uuid, numeric, numeric, bigint, timestamptz, uuid, numeric,
  numeric) to decent_app;

grant select on payments.payout_rules to decent_app;
grant select, insert on payments.payouts, payments.payout_transitions, payments.payout_items to decent_app;
grant select, insert, delete on payments.payout_claims to decent_app;
grant update (waiting, retry_at, tries) on payments.payouts to decent_app;
