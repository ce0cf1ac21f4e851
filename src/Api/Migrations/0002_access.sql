-- Who may call: API keys by the SHA-256 of their text, and the keys that protect console cookies.
create schema if not exists access;

create table access.api_keys (
  id uuid primary key,
  name text not null check (name <> ''),
  key_sha256 bytea not null unique check (octet_length(key_sha256) = 32),
  scopes text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz null
);
comment on column access.api_keys.name is 'account id of the caller; the actor of everything it does';
comment on column access.api_keys.key_sha256 is 'SHA-256 of the whole key text; the text itself is never stored';

create table access.data_protection_keys (
  friendly_name text primary key,
  xml text not null
);

grant usage on schema access to decent_app;
grant select on access.api_keys to decent_app;
grant select, insert on access.data_protection_keys to decent_app;
