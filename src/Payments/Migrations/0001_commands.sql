-- Answers of commands that came with an Idempotency-Key. The row commits with the command's effect.
create schema if not exists payments;
grant usage on schema payments to decent_app;

create table payments.http_idempotency (
  scope       text        not null check (length(scope) between 1 and 512),
  key         text        not null check (length(key) between 1 and 255),
  body_digest bytea       not null check (length(body_digest) = 32),
  response    jsonb,
  created_at  timestamptz not null,
  primary key (scope, key)
);
comment on column payments.http_idempotency.scope is 'caller + method + route';
comment on column payments.http_idempotency.body_digest is 'SHA-256 of the request body';
comment on column payments.http_idempotency.response is 'answer of the first run; null only inside its transaction';
create index http_idempotency_created_at on payments.http_idempotency (created_at);
grant select, insert, update, delete on payments.http_idempotency to decent_app;
