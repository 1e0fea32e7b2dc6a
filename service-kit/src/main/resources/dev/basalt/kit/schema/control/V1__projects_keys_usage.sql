-- The control database: which projects there are, where their databases are, who may call them, what they used.

create table servers (
  id text primary key,
  host text not null,
  port integer not null,
  created_at timestamptz not null default now()
);

create table projects (
  id uuid primary key,
  ref text not null unique check (ref ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
  name text not null,
  status text not null default 'active' check (status in ('active', 'paused', 'deleting')),
  settings jsonb not null default '{}',
  -- What runs when data changes; written in the transaction that deploys a function, read with the project.
  triggers jsonb not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

-- One row a database on a server. Stock is blank and migrated; a project claims one by one UPDATE.
create table project_databases (
  name text primary key,
  server_id text not null references servers (id),
  state text not null check (state in ('building', 'stock', 'assigned', 'dropping')),
  project_id uuid unique references projects (id),
  app_role text not null,
  app_password bytea not null,
  owner_role text not null,
  owner_password bytea not null,
  schema_version text not null,
  created_at timestamptz not null default now(),
  check ((state = 'assigned') = (project_id is not null))
);
create index project_databases_stock on project_databases (created_at) where state = 'stock';

create table api_keys (
  id uuid primary key,
  project_id uuid not null references projects (id) on delete cascade,
  kind text not null check (kind in ('publishable', 'secret')),
  hash bytea not null unique,
  hint text not null,
  -- Only a publishable key is kept readable: it is meant to stand in public pages.
  value text check (value is null or kind = 'publishable'),
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index api_keys_project on api_keys (project_id);

create table signing_keys (
  kid text primary key,
  project_id uuid not null references projects (id) on delete cascade,
  state text not null check (state in ('standby', 'current', 'previous', 'revoked')),
  public_key bytea not null,
  private_key bytea not null,
  created_at timestamptz not null default now()
);
create index signing_keys_project on signing_keys (project_id);
create unique index signing_keys_current on signing_keys (project_id) where state = 'current';

-- Usage. A batch is applied once: its row and its counts commit together.
create table usage_batches (
  instance uuid not null,
  sequence bigint not null,
  received_at timestamptz not null default now(),
  primary key (instance, sequence)
);

create table usage_minutes (
  project_id uuid not null,
  service text not null,
  operation text not null,
  minute timestamptz not null,
  requests bigint not null default 0,
  errors bigint not null default 0,
  bytes_in bigint not null default 0,
  bytes_out bigint not null default 0,
  database_us bigint not null default 0,
  function_ms bigint not null default 0,
  function_mb_ms bigint not null default 0,
  primary key (project_id, minute, service, operation)
);

create table request_log (
  id bigint generated always as identity primary key,
  project_id uuid not null,
  at timestamptz not null,
  request_id text not null,
  service text not null,
  operation text not null,
  status smallint not null,
  duration_us bigint not null,
  database_us bigint not null,
  bytes_in bigint not null,
  bytes_out bigint not null,
  role text not null,
  client text
);
create index request_log_project on request_log (project_id, at desc);
create index request_log_age on request_log using brin (at);

-- Every service keeps projects in memory; a change reaches all of them.
create function notify_directory() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'projects' then
    perform pg_notify('basalt_directory', coalesce(new.ref, old.ref));
  else
    perform pg_notify('basalt_directory', p.ref) from projects p where p.id = coalesce(new.project_id, old.project_id);
  end if;
  return null;
end $$;
create trigger projects_notify after insert or update or delete on projects for each row execute function notify_directory();
create trigger api_keys_notify after insert or update or delete on api_keys for each row execute function notify_directory();
create trigger signing_keys_notify after insert or update or delete on signing_keys for each row execute function notify_directory();
create trigger project_databases_notify after update on project_databases for each row
  when (new.project_id is not null) execute function notify_directory();
