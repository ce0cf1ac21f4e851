create table payments.findings (
  id uuid primary key,
  code text not null check (code ~ '^[a-z][a-z0-9_]{2,63}$'),
  severity text not null check (severity in ('info', 'warning', 'critical')),
  subject text not null check (subject <> ''),
  detail text not null,
  state text not null check (state in ('open', 'resolved')),
  raised_at timestamptz not null,
  last_seen_at timestamptz not null,
  occurrences bigint not null default 1,
  raised_by text not null,
  resolved_at timestamptz,
  resolved_how text,
  resolved_by text,
  check ((state = 'resolved') = (resolved_at is not null and resolved_how is not null))
);
create unique index findings_one_open on payments.findings (code, subject) where state = 'open';
create index findings_newest on payments.findings (raised_at desc, id desc);
comment on table payments.findings is 'What is not as it should be; one open row per code and subject.';

create function payments.keep_resolved_findings() returns trigger language plpgsql as $$
begin
  if old.state = 'resolved' then
    raise exception 'finding % is closed and cannot change', old.id using errcode = '23514';
  end if;
  return new;
end $$;
create trigger findings_keep_resolved before update on payments.findings
  for each row execute function payments.keep_resolved_findings();

grant select, insert, update on payments.findings to decent_app;
