-- Functions: which versions answer under which name, and what their code may know.

-- "live" is what a plain call gets; every function has it.
create table function_aliases (
  function_id uuid not null references functions (id) on delete cascade,
  name text not null check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  version integer not null,
  -- A part of the calls goes to another version.
  canary_version integer,
  canary_weight double precision check (canary_weight > 0 and canary_weight < 1),
  updated_at timestamptz not null default now(),
  primary key (function_id, name),
  foreign key (function_id, version) references function_versions (function_id, version),
  foreign key (function_id, canary_version) references function_versions (function_id, version),
  check ((canary_version is null) = (canary_weight is null))
);
insert into function_aliases (function_id, name, version) select id, 'live', version from functions;
alter table functions drop column version;

create table function_secrets (
  project_id uuid not null references projects (id) on delete cascade,
  name text not null check (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,127}$'),
  -- Encrypted with the master key, for this project and name alone.
  value bytea not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (project_id, name)
);
create trigger function_secrets_notify after insert or update or delete on function_secrets
  for each row execute function notify_directory();
