-- The one way to write the books. A batch comes as parallel arrays and is applied in order, all or none:
--   1. keys are claimed in key order (a concurrent twin waits here); known keys with the same digest are replays
--   2. accounts are resolved, missing ones opened in path order
--   3. every balance is locked in account order in one statement; numbers of the journal are drawn after that
--   4. holds, entries, postings and links are written, limits are judged operation by operation on running balances
-- A refusal raises one of the LB codes and takes everything with it.
--
-- LB001 unbalanced, LB002 account invalid, LB003 floor, LB004 ceiling, LB005 key used with another body (hint: first
-- id), LB006 hold invalid, LB007 amount out of range.

-- Opens what is missing of the named accounts.
create function ledger.open_accounts(
  p_at timestamptz,
  p_path text[], p_side smallint[], p_floor numeric[],
  p_asset text[], p_scale smallint[], p_kind text[], p_ledger text[]
) returns void language plpgsql as $$
begin
  insert into ledger.assets (code, scale, kind, ledger, first_used_at)
  select distinct on (w.asset) w.asset, w.scale, w.kind, w.ledger, p_at
  from unnest(p_asset, p_scale, p_kind, p_ledger) as w (asset, scale, kind, ledger)
  order by w.asset
  on conflict (code) do nothing;

  insert into ledger.accounts (path, asset, side, floor, opened_at)
  select w.path, w.asset, w.side, w.floor, p_at
  from unnest(p_path, p_asset, p_side, p_floor) as w (path, asset, side, floor)
  where not exists (select from ledger.accounts a where a.path = w.path and a.asset = w.asset)
  order by w.path, w.asset
  on conflict (path, asset) do nothing;

  insert into ledger.balances (account_id, balance, held)
  select a.id, 0, 0
  from unnest(p_path, p_asset) as w (path, asset)
  join ledger.accounts a on a.path = w.path and a.asset = w.asset
  where not exists (select from ledger.balances b where b.account_id = a.id)
  order by a.id
  on conflict (account_id) do nothing;
end
$$;

create function ledger.apply(
  p_at timestamptz,
  p_encoding smallint,
  p_account_path text[], p_account_side smallint[], p_account_floor numeric[],
  p_account_asset text[], p_account_scale smallint[], p_account_kind text[], p_account_ledger text[],
  p_op_kind smallint[], p_op_id uuid[], p_op_key text[], p_op_reason text[], p_op_digest bytea[], p_op_hash bytea[],
  p_op_effective_at timestamptz[], p_op_fact boolean[], p_op_account integer[], p_op_amount numeric[], p_op_evidence text[],
  p_leg_op integer[], p_leg_account integer[], p_leg_amount numeric[],
  p_link_op integer[], p_link_kind text[], p_link_id text[],
  p_settle_op integer[], p_settle_hold uuid[], p_settle_asset text[], p_settle_amount numeric[], p_settle_closes boolean[]
) returns table (op integer, id uuid, replayed boolean, breach_account text, breach_asset text, breach_limit text, breach_reached text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
-- Planning these statements anew for every batch costs more than running them, and a plan made while the tables were
-- small must not read them from end to end once they have grown.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  c_max constant numeric := 170141183460469231731687303715884105727;
  v_fresh boolean[];
  v_account bigint[];
  v_sound boolean;
  v_seq bigint[];
  v_bad record;
begin
  if cardinality(p_op_key) = 0 then
    return;
  end if;

  -- 1. keys
  with claimed as (
    insert into ledger.idempotency_keys (key, kind, subject_id, digest, recorded_at)
    select o.key, o.kind, o.id, o.digest, p_at
    from unnest(p_op_key, p_op_kind, p_op_id, p_op_digest) as o (key, kind, id, digest)
    order by o.key
    on conflict (key) do nothing
    returning key
  )
  select array_agg(c.key is not null order by o.op) into v_fresh
  from unnest(p_op_key) with ordinality as o (key, op)
  left join claimed c on c.key = o.key;

  if false = any (v_fresh) then
    select k.key, k.subject_id into v_bad
    from unnest(p_op_key, p_op_kind, p_op_digest) with ordinality as o (key, kind, digest, op)
    join ledger.idempotency_keys k on k.key = o.key
    where not v_fresh[o.op] and (k.digest <> o.digest or k.kind <> o.kind)
    order by o.op
    limit 1;
    if found then
      raise exception 'key % was used with another body', v_bad.key using errcode = 'LB005', hint = v_bad.subject_id::text;
    end if;
    if not (true = any (v_fresh)) then
      return query
        select o.op::integer, k.subject_id, true, null::text, null::text, null::text, null::text
        from unnest(p_op_key) with ordinality as o (key, op)
        join ledger.idempotency_keys k on k.key = o.key
        order by 1;
      return;
    end if;
  end if;

  -- 2. accounts
  for v_try in 1..2 loop
    select array_agg(a.id order by w.n),
      bool_and(a.id is null
        or (a.side = w.side and s.scale = w.scale and s.kind = w.kind and s.ledger is not distinct from w.ledger))
    into v_account, v_sound
    from unnest(p_account_path, p_account_side, p_account_asset, p_account_scale, p_account_kind, p_account_ledger)
      with ordinality as w (path, side, asset, scale, kind, ledger, n)
    left join ledger.accounts a on a.path = w.path and a.asset = w.asset
    left join ledger.assets s on s.code = a.asset;
    if not v_sound then
      raise exception 'an account or asset of this batch is known with other properties' using errcode = 'LB002';
    end if;
    exit when array_position(v_account, null) is null;
    perform ledger.open_accounts(p_at, p_account_path, p_account_side, p_account_floor,
      p_account_asset, p_account_scale, p_account_kind, p_account_ledger);
  end loop;

  -- 3. locks, then numbers
  perform ledger.ensure_month(p_at);
  perform b.account_id
  from ledger.balances b
  where b.account_id = any (v_account || array(
    select h.account_id from ledger.holds h where h.id = any (p_settle_hold || p_op_id)))
  order by b.account_id
  for no key update;

  v_seq := array(select nextval('ledger.journal_seq') from generate_series(1, cardinality(p_op_key)));

  -- 4a. holds placed
  if 2 = any (p_op_kind) then
    insert into ledger.holds (id, account_id, amount, seq, recorded_at, encoding, key, reason, hash)
    select o.id, v_account[o.account], o.amount, v_seq[o.op], p_at, p_encoding, o.key, o.reason, o.hash
    from unnest(p_op_kind, p_op_id, p_op_account, p_op_amount, p_op_key, p_op_reason, p_op_hash)
      with ordinality as o (kind, id, account, amount, key, reason, hash, op)
    where o.kind = 2 and v_fresh[o.op];
  end if;

  -- 4b. holds settled and released
  if 3 = any (p_op_kind) or cardinality(p_settle_op) > 0 then
    with wanted as (
      select s.op, s.n, s.hold, s.asset, s.amount, s.closes
      from unnest(p_settle_op, p_settle_hold, p_settle_asset, p_settle_amount, p_settle_closes)
        with ordinality as s (op, hold, asset, amount, closes, n)
      where v_fresh[s.op]
      union all
      select o.op, 0, o.id, null, 0, true
      from unnest(p_op_kind, p_op_id) with ordinality as o (kind, id, op)
      where o.kind = 3 and v_fresh[o.op]
    ), state as (
      select w.op, w.n, w.hold, w.amount, w.closes,
        coalesce(bool_or(w.closes) over earlier, false) as closed,
        h.amount - coalesce((select sum(e.amount) from ledger.hold_events e where e.hold_id = h.id), 0)
          - coalesce(sum(w.amount) over earlier, 0) as remaining,
        h.id is not null and h.seq < v_seq[w.op] and (w.asset is null or w.asset = a.asset) as known
      from wanted w
      left join ledger.holds h on h.id = w.hold
      left join ledger.accounts a on a.id = h.account_id
      window earlier as (partition by w.hold order by w.op, w.n rows between unbounded preceding and 1 preceding)
    ), bad as (
      select s.op, s.hold from state s where not s.known or s.closed or s.remaining <= 0 or s.amount > s.remaining
    ), parts as (
      select s.op, s.n, 1 as part, s.hold, 'settled' as kind, s.amount, s.closes from state s where s.amount > 0
      union all
      select s.op, s.n, 2, s.hold, 'released', s.remaining - s.amount, true
      from state s where s.closes and s.remaining > s.amount
    ), written as (
      insert into ledger.hold_events (seq, ordinal, hold_id, kind, amount, closes, posting_id, evidence, recorded_at,
        encoding, key, reason, hash)
      select v_seq[p.op], row_number() over (partition by p.op order by p.n, p.part), p.hold, p.kind, p.amount, p.closes,
        case when o.kind = 1 then o.id end, o.evidence, p_at,
        case when o.kind = 3 then p_encoding end, case when o.kind = 3 then o.key end,
        case when o.kind = 3 then o.reason end, case when o.kind = 3 then o.hash end
      from parts p
      join unnest(p_op_kind, p_op_id, p_op_key, p_op_reason, p_op_hash, p_op_evidence)
        with ordinality as o (kind, id, key, reason, hash, evidence, op) on o.op = p.op
      where not exists (select from bad)
    )
    select b.hold into v_bad from bad b order by b.op limit 1;
    if found then
      raise exception 'hold % is unknown, closed, of another asset or has less left than asked for', v_bad.hold
        using errcode = 'LB006';
    end if;
  end if;

  -- 4c. entries and postings
  with legs as (
    select l.op, l.n, a.id as account_id, a.asset, a.side, l.amount
    from unnest(p_leg_op, p_leg_account, p_leg_amount) with ordinality as l (op, account, amount, n)
    left join ledger.accounts a on a.id = v_account[l.account]
    where v_fresh[l.op]
  ), bad as (
    select l.op from legs l group by l.op, l.asset having sum(l.amount) <> 0
    union all
    select o.op from unnest(p_op_kind) with ordinality as o (kind, op)
    left join legs l on l.op = o.op
    where v_fresh[o.op]
    group by o.op, o.kind
    having (o.kind = 1 and count(l.op) < 2) or (o.kind <> 1 and count(l.op) > 0)
  ), entered as (
    insert into ledger.entries (seq, leg, account_id, recorded_at, effective_at, posting_id, amount, balance_after)
    select v_seq[l.op], row_number() over (partition by l.op order by l.n), l.account_id, p_at, p_op_effective_at[l.op],
      p_op_id[l.op], l.amount, b.balance + sum(l.amount * l.side) over (partition by l.account_id order by l.op, l.n)
    from legs l
    join ledger.balances b on b.account_id = l.account_id
    where not exists (select from bad)
  ), posted as (
    insert into ledger.postings (seq, recorded_at, effective_at, id, fact, encoding, key, reason, hash)
    select v_seq[o.op], p_at, o.effective_at, o.id, o.fact, p_encoding, o.key, o.reason, o.hash
    from unnest(p_op_kind, p_op_effective_at, p_op_id, p_op_fact, p_op_key, p_op_reason, p_op_hash)
      with ordinality as o (kind, effective_at, id, fact, key, reason, hash, op)
    where o.kind = 1 and v_fresh[o.op]
  )
  select b.op into v_bad from bad b limit 1;
  if found then
    raise exception 'operation % does not balance', v_bad.op using errcode = 'LB001';
  end if;

  if cardinality(p_link_op) > 0 then
    insert into ledger.links (seq, ordinal, recorded_at, subject_id, kind, id)
    select v_seq[k.op], row_number() over (partition by k.op order by k.n), p_at, p_op_id[k.op], k.kind, k.id
    from unnest(p_link_op, p_link_kind, p_link_id) with ordinality as k (op, kind, id, n)
    where v_fresh[k.op];
  end if;

  -- 4d. balances and limits: judged after each operation on what it left, and only where it made things worse
  with moves as (
    select l.op, a.id as account_id, l.amount * a.side as balance, 0 as held
    from unnest(p_leg_op, p_leg_account, p_leg_amount) as l (op, account, amount)
    join ledger.accounts a on a.id = v_account[l.account]
    where v_fresh[l.op]
    union all
    select o.op, v_account[o.account], 0, o.amount
    from unnest(p_op_kind, p_op_account, p_op_amount) with ordinality as o (kind, account, amount, op)
    where o.kind = 2 and v_fresh[o.op]
    union all
    select array_position(v_seq, e.seq), h.account_id, 0, -e.amount
    from ledger.hold_events e
    join ledger.holds h on h.id = e.hold_id
    where (3 = any (p_op_kind) or cardinality(p_settle_op) > 0) and e.seq = any (v_seq)
  ), steps as (
    select m.op, m.account_id, sum(m.balance) as balance, sum(m.held) as held from moves m group by m.op, m.account_id
  ), running as (
    select s.op, s.account_id, s.balance as moved, s.balance - s.held as freed,
      b.balance + sum(s.balance) over earlier as balance,
      b.held + sum(s.held) over earlier as held
    from steps s
    join ledger.balances b on b.account_id = s.account_id
    window earlier as (partition by s.account_id order by s.op)
  ), judged as (
    select r.op, r.account_id, a.path, a.asset, a.floor, a.ceiling, r.balance, r.balance - r.held as available,
      r.balance not between -c_max and c_max or r.held > c_max as out_of_range,
      r.freed < 0 and r.balance - r.held < a.floor as below,
      r.moved > 0 and r.balance > a.ceiling as above,
      coalesce(p_op_fact[r.op], false) as fact
    from running r
    join ledger.accounts a on a.id = r.account_id
  ), refused as (
    select j.* from judged j where j.out_of_range or ((j.below or j.above) and not j.fact)
  ), reported as (
    insert into ledger.breaches (seq, account_id, posting_id, recorded_at, is_floor, limit_units, reached_units)
    select v_seq[j.op], j.account_id, p_op_id[j.op], p_at, j.below,
      case when j.below then j.floor else j.ceiling end, case when j.below then j.available else j.balance end
    from judged j
    where (j.below or j.above) and j.fact and not exists (select from refused)
  ), settled as (
    update ledger.balances b
    set balance = b.balance + t.balance, held = b.held + t.held
    from (select s.account_id, sum(s.balance) as balance, sum(s.held) as held from steps s group by s.account_id) t
    where b.account_id = t.account_id and not exists (select from refused)
  )
  select r.* into v_bad from refused r order by r.op, r.account_id limit 1;
  if found then
    if v_bad.out_of_range then
      raise exception 'account % (%) would leave the range of amounts', v_bad.path, v_bad.asset using errcode = 'LB007';
    elsif v_bad.below then
      raise exception 'account % (%) would have % available, its floor is %', v_bad.path, v_bad.asset, v_bad.available, v_bad.floor
        using errcode = 'LB003';
    else
      raise exception 'account % (%) would hold %, its ceiling is %', v_bad.path, v_bad.asset, v_bad.balance, v_bad.ceiling
        using errcode = 'LB004';
    end if;
  end if;

  return query
    select o.op::integer, case when v_fresh[o.op] then o.id else k.subject_id end, not v_fresh[o.op],
      a.path, a.asset, x.limit_units::text, x.reached_units::text
    from unnest(p_op_key, p_op_id) with ordinality as o (key, id, op)
    left join ledger.idempotency_keys k on k.key = o.key and not v_fresh[o.op]
    left join ledger.breaches x on x.seq = v_seq[o.op]
    left join ledger.accounts a on a.id = x.account_id
    order by 1, x.account_id;
end
$$;

revoke all on all functions in schema ledger from public;
grant select on all tables in schema ledger to decent_app;
grant execute on function ledger.apply to decent_app;
