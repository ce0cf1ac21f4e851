-- Every payment on a ledger canister. States move only through payments.move_transfer, along payments.transfer_rules;
-- attempts and their events are only added.
create table payments.transfer_rules (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into payments.transfer_rules (from_state, to_state) values
  ('none', 'prepared'),
  ('prepared', 'submitting'),
  ('prepared', 'unknown'),
  ('submitting', 'submitted'),
  ('submitting', 'prepared'),
  ('submitting', 'refused'),
  ('submitting', 'unknown'),
  ('submitted', 'confirmed'),
  ('submitted', 'prepared'),
  ('submitted', 'refused'),
  ('submitted', 'unknown'),
  ('unknown', 'confirmed'),
  ('unknown', 'prepared'),
  ('unknown', 'refused');
comment on table payments.transfer_rules is 'Which steps a transfer may take; none is before the first.';

create table payments.transfers (
  id uuid primary key,
  kind text not null check (kind in ('payout', 'refund', 'sweep')),
  owner_id text not null check (owner_id <> ''),
  asset text not null,
  ledger text not null,
  profile text not null,
  from_account text not null,
  to_account text not null,
  units numeric(39,0) not null check (units > 0),
  reserved_fee_units numeric(39,0) not null check (reserved_fee_units >= 0),
  wallet_hold uuid not null unique,
  memo bytea not null unique check (octet_length(memo) = 32),
  memo_version smallint not null,
  memo_preimage bytea not null,
  explicit_fee_units numeric(39,0),
  created_at_time_ns bigint check (created_at_time_ns > 0),
  argument bytea,
  scan_origin numeric(20,0),
  send_until timestamptz,
  state text not null check (state in ('prepared', 'submitting', 'submitted', 'confirmed', 'refused', 'unknown')),
  reason text not null,
  planned_at timestamptz not null,
  since timestamptz not null,
  next_step text check (next_step in ('send', 'submit', 'resolve', 'verify', 'retry', 'scan_retry', 'scan_refuse')),
  due_at timestamptz,
  claimed_block numeric(20,0),
  block_index numeric(20,0),
  transaction_id text,
  lease_token bigint not null default 0,
  lease_until timestamptz,
  check ((argument is null) = (created_at_time_ns is null)),
  check ((argument is null) = (scan_origin is null)),
  check ((argument is null) = (send_until is null)),
  check ((state = 'confirmed') = (block_index is not null)),
  check ((state in ('confirmed', 'refused')) = (next_step is null)),
  check ((next_step is null) = (due_at is null)),
  check (state = 'prepared' or argument is not null)
);
comment on column payments.transfers.units is 'what the receiver gets, in the token''s smallest unit';
comment on column payments.transfers.reserved_fee_units is 'ledger fee held on top of units, same unit';
comment on column payments.transfers.explicit_fee_units is 'fee written into the argument, same unit; null lets the ledger take its own';
comment on column payments.transfers.memo is 'SHA-256 of memo_preimage';
comment on column payments.transfers.created_at_time_ns is 'nanoseconds since 1970, business clock; fixed with the first attempt';
comment on column payments.transfers.argument is 'Candid bytes of the transfer argument; the same in every attempt';
comment on column payments.transfers.scan_origin is 'length of the ledger before the first attempt';
comment on column payments.transfers.send_until is 'business time after which no further attempt is made';
comment on column payments.transfers.due_at is 'business time of the next step';
comment on column payments.transfers.lease_until is 'machine time until which one worker has it';
create unique index transfers_one_live on payments.transfers (kind, owner_id) where state <> 'refused';
create index transfers_due on payments.transfers (due_at, id) where due_at is not null;
create index transfers_in_flight on payments.transfers (asset, state) where state not in ('confirmed', 'refused');

create table payments.transfer_transitions (
  transfer_id uuid not null references payments.transfers (id),
  seq int not null check (seq > 0),
  from_state text not null,
  to_state text not null,
  actor text not null,
  reason text not null,
  at timestamptz not null,
  machine_at timestamptz not null,
  primary key (transfer_id, seq),
  foreign key (from_state, to_state) references payments.transfer_rules (from_state, to_state)
);
comment on column payments.transfer_transitions.at is 'business time';
comment on column payments.transfer_transitions.machine_at is 'machine time';

create table payments.transfer_attempts (
  transfer_id uuid not null references payments.transfers (id),
  number int not null check (number > 0),
  request_id bytea not null unique check (octet_length(request_id) = 32),
  ingress_expiry_ns bigint not null,
  envelope bytea not null,
  argument bytea not null,
  created_at timestamptz not null,
  machine_at timestamptz not null,
  primary key (transfer_id, number)
);
comment on column payments.transfer_attempts.envelope is 'the signed bytes exactly as they are sent, every time';
comment on column payments.transfer_attempts.ingress_expiry_ns is 'nanoseconds since 1970; never executed later';

create table payments.transfer_attempt_events (
  id bigint generated always as identity primary key,
  transfer_id uuid not null,
  number int not null,
  kind text not null check (kind in ('sent', 'paid', 'declined', 'doubtful', 'never_ran', 'expired')),
  detail text not null,
  certificate bytea,
  at timestamptz not null,
  machine_at timestamptz not null,
  foreign key (transfer_id, number) references payments.transfer_attempts (transfer_id, number)
);
comment on column payments.transfer_attempt_events.kind is
  'sent: bytes about to leave; paid: answered Ok or Duplicate; declined: answered and paid nothing; doubtful: answered '
  'and may have paid; never_ran: proven never executed; expired: cannot run any more, may have run';
create unique index transfer_attempt_ended_once on payments.transfer_attempt_events (transfer_id, number)
  where kind <> 'sent';
create index transfer_attempt_sent on payments.transfer_attempt_events (transfer_id, number) where kind = 'sent';

create function payments.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of %.% are never changed', tg_table_schema, tg_table_name using errcode = '23514';
end $$;
create trigger transfer_transitions_only_added before update or delete on payments.transfer_transitions
  for each row execute function payments.refuse_change();
create trigger transfer_attempts_only_added before update or delete on payments.transfer_attempts
  for each row execute function payments.refuse_change();
create trigger transfer_attempt_events_only_added before update or delete on payments.transfer_attempt_events
  for each row execute function payments.refuse_change();
create trigger transfers_never_deleted before delete on payments.transfers
  for each row execute function payments.refuse_change();

create function payments.guard_transfer() returns trigger language plpgsql as $$
begin
  if (old.kind, old.owner_id, old.asset, old.ledger, old.profile, old.from_account, old.to_account, old.units,
      old.reserved_fee_units, old.wallet_hold, old.memo, old.memo_version, old.memo_preimage, old.planned_at)
     is distinct from
     (new.kind, new.owner_id, new.asset, new.ledger, new.profile, new.from_account, new.to_account, new.units,
      new.reserved_fee_units, new.wallet_hold, new.memo, new.memo_version, new.memo_preimage, new.planned_at) then
    raise exception 'transfer %: what is paid to whom never changes', old.id using errcode = '23514';
  end if;
  if old.argument is not null and
     (old.argument, old.created_at_time_ns, old.explicit_fee_units, old.scan_origin, old.send_until)
     is distinct from
     (new.argument, new.created_at_time_ns, new.explicit_fee_units, new.scan_origin, new.send_until) then
    raise exception 'transfer %: arguments are fixed for life', old.id using errcode = '23514';
  end if;
  if old.state in ('confirmed', 'refused') then
    raise exception 'transfer % is settled', old.id using errcode = '23514';
  end if;
  if old.state <> new.state and not exists (
       select 1 from payments.transfer_rules r where r.from_state = old.state and r.to_state = new.state) then
    raise exception 'transfer %: % may not become %', old.id, old.state, new.state using errcode = '23514';
  end if;
  -- Bytes may leave only while exactly the newest attempt is open; everything else needs every attempt ended.
  if old.state <> new.state and new.state in ('prepared', 'refused', 'unknown', 'confirmed') and exists (
       select 1 from payments.transfer_attempts a where a.transfer_id = new.id and not exists (
         select 1 from payments.transfer_attempt_events e
         where e.transfer_id = a.transfer_id and e.number = a.number and e.kind <> 'sent')) then
    raise exception 'transfer %: an attempt can still run', old.id using errcode = '23514';
  end if;
  if old.state <> new.state and new.state = 'submitting' and not exists (
       select 1 from payments.transfer_attempts a where a.transfer_id = new.id and not exists (
         select 1 from payments.transfer_attempt_events e
         where e.transfer_id = a.transfer_id and e.number = a.number and e.kind <> 'sent')) then
    raise exception 'transfer %: there are no bytes to send', old.id using errcode = '23514';
  end if;
  if old.state <> new.state and new.state in ('prepared', 'refused') and exists (
       select 1 from payments.transfer_attempt_events e where e.transfer_id = new.id and e.kind = 'paid') then
    raise exception 'transfer %: the ledger said it was paid', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger transfers_guard before update on payments.transfers
  for each row execute function payments.guard_transfer();

create function payments.guard_transfer_attempt() returns trigger language plpgsql as $$
declare
  t payments.transfers;
  last_number int;
begin
  select * into t from payments.transfers where id = new.transfer_id for update;
  if t.argument is distinct from new.argument then
    raise exception 'transfer %: an attempt carries other arguments', new.transfer_id using errcode = '23514';
  end if;
  if t.state <> 'prepared' then
    raise exception 'transfer %: no attempt may start while it is %', new.transfer_id, t.state using errcode = '23514';
  end if;
  if new.created_at >= t.send_until then
    raise exception 'transfer %: too late for another attempt', new.transfer_id using errcode = '23514';
  end if;
  select coalesce(max(number), 0) into last_number from payments.transfer_attempts where transfer_id = new.transfer_id;
  if new.number <> last_number + 1 then
    raise exception 'transfer %: attempt % is out of order', new.transfer_id, new.number using errcode = '23514';
  end if;
  if exists (
       select 1 from payments.transfer_attempts a where a.transfer_id = new.transfer_id and not exists (
         select 1 from payments.transfer_attempt_events e
         where e.transfer_id = a.transfer_id and e.number = a.number and e.kind <> 'sent')) then
    raise exception 'transfer %: an older attempt can still run', new.transfer_id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger transfer_attempts_guard before insert on payments.transfer_attempts
  for each row execute function payments.guard_transfer_attempt();

-- The one way from state to state. Fails when the worker's claim is no longer the last one, or the state is another.
create function payments.move_transfer(
  p_id uuid, p_token bigint, p_from text, p_to text, p_step text, p_due timestamptz, p_actor text, p_reason text,
  p_at timestamptz, p_machine_at timestamptz, p_claimed_block numeric, p_block numeric, p_transaction_id text,
  p_keep_claim boolean)
returns void language plpgsql security definer set search_path = '' as $$
declare
  moved_at timestamptz;
begin
  update payments.transfers t
  set state = p_to, reason = p_reason, since = greatest(t.since, p_at), next_step = p_step, due_at = p_due,
      claimed_block = coalesce(p_claimed_block, t.claimed_block), block_index = p_block,
      transaction_id = p_transaction_id,
      lease_until = case when p_keep_claim then t.lease_until end
  where t.id = p_id and t.state = p_from and t.lease_token = p_token
  returning t.since into moved_at;
  if not found then
    raise exception 'transfer %: it is no longer % under claim %', p_id, p_from, p_token using errcode = 'PT001';
  end if;
  insert into payments.transfer_transitions (transfer_id, seq, from_state, to_state, actor, reason, at, machine_at)
  select p_id, coalesce(max(seq), 0) + 1, p_from, p_to, p_actor, p_reason, moved_at, p_machine_at
  from payments.transfer_transitions where transfer_id = p_id;
end $$;

create function payments.guard_new_transfer() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.state <> 'prepared' or new.argument is not null or new.lease_token <> 0 then
    raise exception 'transfer % does not start at the beginning', new.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger transfers_start before insert on payments.transfers
  for each row execute function payments.guard_new_transfer();

revoke execute on function payments.move_transfer(
  uuid, bigint, text, text, text, timestamptz, text, text, timestamptz, timestamptz, numeric, numeric, text,
  boolean) from public;
grant execute on function payments.move_transfer(
  uuid, bigint, text, text, text, timestamptz, text, text, timestamptz, timestamptz, numeric, numeric, text,
  boolean) to decent_app;
grant select on payments.transfer_rules to decent_app;
grant select, insert on payments.transfers, payments.transfer_transitions, payments.transfer_attempts,
  payments.transfer_attempt_events to decent_app;
-- Not the state: that moves through the function above.
grant update (explicit_fee_units, created_at_time_ns, argument, scan_origin, send_until, next_step, due_at, claimed_block,
  lease_token, lease_until) on payments.transfers to decent_app;
