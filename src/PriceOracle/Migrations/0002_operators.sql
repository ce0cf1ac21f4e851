-- What people do to a feed: proposals that need a second person, and what became of them.
create table prices.proposals (
  id bigint generated always as identity primary key,
  asset text not null,
  kind text not null check (kind in ('resume', 'manual_price')),
  price_e18 numeric(60,0) check (price_e18 > 0),
  reason text not null check (length(reason) >= 10),
  evidence text not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  clears_on_accept boolean not null,
  proposed_by text not null check (proposed_by <> ''),
  proposed_at timestamptz not null,
  unique (id, proposed_by),
  check (valid_to > valid_from and valid_to <= valid_from + interval '72 hours'),
  check ((kind = 'manual_price') = (price_e18 is not null))
);
comment on table prices.proposals is 'Waits for a second person; a proposal alone changes nothing.';
comment on column prices.proposals.price_e18 is 'US dollars per whole token, times 10^18';
create index proposals_by_asset on prices.proposals (asset, id desc);
grant select, insert on prices.proposals to decent_app;

create table prices.proposal_decisions (
  proposal_id bigint not null,
  decision text not null check (decision in ('approved', 'revoked')),
  proposed_by text not null,
  decided_by text not null check (decided_by <> ''),
  decided_at timestamptz not null,
  reason text not null,
  round_id bigint references prices.rounds (id),
  primary key (proposal_id, decision),
  foreign key (proposal_id, proposed_by) references prices.proposals (id, proposed_by),
  constraint two_people check (decision <> 'approved' or decided_by <> proposed_by)
);
comment on table prices.proposal_decisions is 'Approval takes another person; anybody may revoke.';
grant select, insert on prices.proposal_decisions to decent_app;

create trigger proposals_only_added before update or delete on prices.proposals
  for each row execute function prices.refuse_change();
create trigger proposal_decisions_only_added before update or delete on prices.proposal_decisions
  for each row execute function prices.refuse_change();
