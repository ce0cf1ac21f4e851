-- Named leases: at most one live holder per name, and a token that only grows, so that a holder who slept too long
-- is recognised by whatever it writes to.
create table ops.leases (
  name text primary key check (length(name) between 1 and 200),
  holder text not null,
  token bigint not null check (token > 0),
  expires_at timestamptz not null
);
comment on column ops.leases.token is 'fencing token; grows by one with every change of holder';
comment on column ops.leases.expires_at is 'machine time';

grant usage on schema ops to decent_app;
grant select on ops.migrations to decent_app;
grant select, insert, update on ops.leases to decent_app;
