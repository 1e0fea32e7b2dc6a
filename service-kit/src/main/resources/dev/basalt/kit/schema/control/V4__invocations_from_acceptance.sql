-- Invocations are on record from their acceptance on, and usage counts all that functions took.

alter table invocations
  -- The function host closes the list of kinds; each new one would be a migration here.
  drop constraint invocations_kind_check,
  add column state text not null default 'done' check (state in ('pending', 'running', 'done', 'lost')),
  alter column outcome drop not null,
  -- The alias or version that the caller asked for by name.
  add column qualifier text,
  add column event_id uuid,
  -- The invocation whose function asked for this one.
  add column parent_id uuid,
  add column billed_init_ms bigint not null default 0,
  add column cpu_us bigint not null default 0,
  add column egress_bytes bigint not null default 0,
  -- Lines that the function printed and the record does not hold.
  add column logs_cut integer not null default 0,
  -- When its host, if it lived, would have ended it.
  add column expires_at timestamptz;
drop index invocations_project;
create index invocations_project on invocations (project_id, at desc, id desc);
create index invocations_function on invocations (project_id, function_name, at desc, id desc);
create index invocations_request on invocations (project_id, request_id);
create index invocations_open on invocations (expires_at) where state in ('pending', 'running');

-- Projects that ever had invocations queued: a start asks them for what a crash left, as it asks those with event triggers.
create table queueing_projects (
  project_id uuid primary key references projects (id) on delete cascade
);

alter table usage_minutes
  add column function_init_ms bigint not null default 0,
  add column function_cpu_us bigint not null default 0,
  add column egress_bytes bigint not null default 0;
