create table payments.reconciliation_runs (
  id uuid primary key,
  actor text not null,
  at timestamptz not null,
  machine_at timestamptz not null,
  slot timestamptz unique,
  agrees boolean not null,
  lines jsonb not null
);
comment on column payments.reconciliation_runs.slot is 'scheduled business time this run stands for; null when asked for by a person';
create index reconciliation_runs_newest on payments.reconciliation_runs (at desc, id desc);
create trigger reconciliation_runs_only_added before update or delete on payments.reconciliation_runs
  for each row execute function payments.refuse_change();
grant select, insert on payments.reconciliation_runs to decent_app;
