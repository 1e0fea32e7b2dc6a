-- Functions: which there are, what each version consists of, what ran.

create table functions (
  id uuid primary key,
  project_id uuid not null references projects (id) on delete cascade,
  name text not null check (name ~ '^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$'),
  -- The version that answers; older ones stay for going back.
  version integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (project_id, name)
);

create table function_versions (
  function_id uuid not null references functions (id) on delete cascade,
  version integer not null,
  manifest jsonb not null,
  -- SHA-256 of the packed files, and the blob that holds them; versions of the same content share one.
  digest text not null,
  blob text not null,
  size_bytes bigint not null,
  created_at timestamptz not null default now(),
  primary key (function_id, version)
);
create index function_versions_digest on function_versions (function_id, digest);

create trigger functions_notify after insert or update or delete on functions for each row execute function notify_directory();

-- One row an invocation, kept for a while.
create table invocations (
  id uuid primary key,
  project_id uuid not null,
  function_name text not null,
  version integer not null,
  kind text not null check (kind in ('http', 'before', 'after')),
  at timestamptz not null,
  request_id text not null,
  cause text not null,
  depth smallint not null,
  outcome text not null,
  error jsonb,
  cold boolean not null,
  queue_us bigint not null,
  init_us bigint not null,
  run_us bigint not null,
  billed_ms bigint not null,
  memory_mb integer not null,
  peak_kib integer not null,
  logs jsonb not null
);
create index invocations_project on invocations (project_id, at desc);
create index invocations_age on invocations using brin (at);
