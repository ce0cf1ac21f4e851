create table payments.chain_cursors (
  asset text primary key,
  ledger text not null,
  next_block numeric(20,0) not null check (next_block >= 0),
  watched_at timestamptz not null
);
comment on column payments.chain_cursors.next_block is 'first block of the ledger that was not looked at';

create table payments.wallet_blocks (
  asset text not null,
  block_index numeric(20,0) not null,
  direction text not null check (direction in ('in', 'out', 'self')),
  counterparty text not null,
  units numeric(39,0) not null check (units >= 0),
  fee_units numeric(39,0) not null check (fee_units >= 0),
  memo bytea,
  created_at_time_ns numeric(20,0),
  transaction_id text,
  block_at timestamptz not null,
  seen_at timestamptz not null,
  transfer_id uuid references payments.transfers (id),
  deposit_state text check (deposit_state in ('relay', 'unrecognised', 'accepted')),
  decided_by text,
  decided_at timestamptz,
  reason text,
  primary key (asset, block_index),
  check ((direction = 'in') = (deposit_state is not null)),
  check (transfer_id is null or direction = 'out'),
  check ((deposit_state = 'accepted') = (decided_by is not null)),
  check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (reason is null))
);
comment on table payments.wallet_blocks is 'Every block that touches our own account on a ledger, by the watcher.';
comment on column payments.wallet_blocks.units is 'moved, in the token''s smallest unit';
comment on column payments.wallet_blocks.fee_units is 'fee taken from the sender, same unit';
create index wallet_blocks_transfer on payments.wallet_blocks (transfer_id) where transfer_id is not null;
create index wallet_blocks_deposits on payments.wallet_blocks (block_at desc) where direction = 'in';

create function payments.guard_wallet_block() returns trigger language plpgsql as $$
begin
  if old.deposit_state is distinct from 'unrecognised' or new.deposit_state is distinct from 'accepted'
     or (old.direction, old.counterparty, old.units, old.fee_units, old.memo, old.transaction_id, old.block_at)
        is distinct from
        (new.direction, new.counterparty, new.units, new.fee_units, new.memo, new.transaction_id, new.block_at) then
    raise exception 'block % of % was seen as it was', old.block_index, old.asset using errcode = '23514';
  end if;
  return new;
end $$;
create trigger wallet_blocks_guard before update on payments.wallet_blocks
  for each row execute function payments.guard_wallet_block();
create trigger wallet_blocks_never_deleted before delete on payments.wallet_blocks
  for each row execute function payments.refuse_change();

grant select, insert on payments.wallet_blocks to decent_app;
grant update (deposit_state, decided_by, decided_at, reason) on payments.wallet_blocks to decent_app;
grant select, insert, update on payments.chain_cursors to decent_app;
