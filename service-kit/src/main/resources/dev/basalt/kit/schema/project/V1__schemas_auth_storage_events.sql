-- A project database. Run by the platform's administrator; every name is qualified, because the project's owner
-- controls the schema public.

do $$
declare r text;
begin
  foreach r in array array['anon', 'authenticated', 'service_role', 'basalt_platform'] loop
    begin
      execute format('create role %I nologin noinherit', r);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  alter role service_role bypassrls;
  alter role basalt_platform bypassrls;
end $$;

create schema extensions;
create schema auth;
create schema storage;
create schema documents;
create schema realtime;
grant usage on schema public, extensions to public;
grant usage on schema auth, storage, documents to anon, authenticated, service_role;
grant usage on schema auth, storage, basalt, realtime to basalt_platform;
revoke create on schema public from public;

create extension if not exists pgcrypto with schema extensions;
create extension if not exists "uuid-ossp" with schema extensions;

-- Who asks: the session contract of PostgREST and Supabase.
create function auth.jwt() returns jsonb language sql stable set search_path = '' as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb
$$;
create function auth.uid() returns uuid language sql stable set search_path = '' as $$
  select nullif(auth.jwt() ->> 'sub', '')::uuid
$$;
create function auth.role() returns text language sql stable set search_path = '' as $$
  select auth.jwt() ->> 'role'
$$;
create function auth.email() returns text language sql stable set search_path = '' as $$
  select auth.jwt() ->> 'email'
$$;

-- Users. Names follow GoTrue, so that SQL written for it runs unchanged.
create table auth.users (
  instance_id uuid,
  id uuid primary key,
  aud text not null default 'authenticated',
  role text not null default 'authenticated',
  email text,
  encrypted_password text,
  email_confirmed_at timestamptz,
  invited_at timestamptz,
  confirmation_token text,
  confirmation_sent_at timestamptz,
  recovery_token text,
  recovery_sent_at timestamptz,
  email_change text,
  email_change_sent_at timestamptz,
  last_sign_in_at timestamptz,
  raw_app_meta_data jsonb not null default '{}',
  raw_user_meta_data jsonb not null default '{}',
  is_super_admin boolean,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  phone text unique,
  phone_confirmed_at timestamptz,
  phone_change text,
  confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
  banned_until timestamptz,
  deleted_at timestamptz,
  is_sso_user boolean not null default false,
  is_anonymous boolean not null default false
);
create unique index users_email_key on auth.users (lower(email)) where not is_sso_user;

create table auth.identities (
  id uuid primary key,
  provider_id text not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  identity_data jsonb not null,
  provider text not null,
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  email text generated always as (lower(identity_data ->> 'email')) stored,
  unique (provider_id, provider)
);
create index identities_user on auth.identities (user_id);

-- A session is one family of refresh tokens, of which one is current. It is stored as its hash. The one before it is
-- remembered for a short while: together with the seed it yields the current one again, for a client that asked twice.
create table auth.sessions (
  id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  aal text not null default 'aal1',
  amr jsonb not null default '[]',
  not_after timestamptz,
  refreshed_at timestamptz,
  user_agent text,
  ip inet,
  refresh_hash bytea not null,
  refresh_parent_hash bytea,
  refresh_seed bytea,
  -- Marks every token of the family, so that an old one is told from one that was made up.
  refresh_family_key bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_user on auth.sessions (user_id);

create table auth.audit_log_entries (
  id uuid primary key,
  payload jsonb not null,
  ip_address text not null default '',
  created_at timestamptz not null default now()
);
create index audit_log_entries_age on auth.audit_log_entries (created_at);

grant select, insert, update, delete on all tables in schema auth to basalt_platform;
grant usage on all sequences in schema auth to basalt_platform;
-- Secrets of users are columns that nobody but the platform reads.
grant select (id, aud, role, email, email_confirmed_at, invited_at, confirmation_sent_at, recovery_sent_at,
  email_change_sent_at, last_sign_in_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at, phone,
  phone_confirmed_at, confirmed_at, banned_until, deleted_at, is_sso_user, is_anonymous)
  on auth.users to service_role;
grant select on auth.identities to service_role;
grant execute on all functions in schema auth to anon, authenticated, service_role, basalt_platform;

-- Objects. The row is the object; its bytes lie in the blob store under the key in "version".
create table storage.buckets (
  id text primary key,
  name text not null unique,
  owner uuid,
  owner_id text,
  public boolean not null default false,
  avif_autodetection boolean default false,
  file_size_limit bigint,
  allowed_mime_types text[],
  type text not null default 'STANDARD',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text not null references storage.buckets (id),
  name text collate "C" not null,
  owner uuid,
  owner_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_accessed_at timestamptz not null default now(),
  metadata jsonb,
  user_metadata jsonb,
  path_tokens text[] generated always as (string_to_array(name, '/')) stored,
  version text not null,
  unique (bucket_id, name)
);
-- The sweeper asks whether any row still names a blob.
create index objects_version on storage.objects (version);
alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
grant select, insert, update, delete on storage.buckets, storage.objects
  to anon, authenticated, service_role, basalt_platform;

create function storage.foldername(name text) returns text[] language sql immutable set search_path = '' as $$
  select (string_to_array(name, '/'))[1:array_length(string_to_array(name, '/'), 1) - 1]
$$;
create function storage.filename(name text) returns text language sql immutable set search_path = '' as $$
  select (string_to_array(name, '/'))[array_length(string_to_array(name, '/'), 1)]
$$;
create function storage.extension(name text) returns text language sql immutable set search_path = '' as $$
  select reverse(split_part(reverse(storage.filename(name)), '.', 1))
$$;
grant execute on all functions in schema storage to anon, authenticated, service_role, basalt_platform;

-- Events: written by triggers in the transaction that changes the data, delivered at least once after it commits.
create table basalt.events (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity unique,
  function_name text not null,
  type text not null,
  source text not null,
  subject text not null,
  data jsonb not null,
  depth smallint not null default 0,
  created_at timestamptz not null default now(),
  available_at timestamptz not null default now(),
  attempts smallint not null default 0,
  last_error text,
  dead_at timestamptz
);
create index events_due on basalt.events (available_at, seq) where dead_at is null;
grant select, insert, update, delete on basalt.events to basalt_platform;
grant usage on all sequences in schema basalt to basalt_platform;

-- A trigger of a table: create trigger ... execute function basalt.emit_event('function', 'table').
create function basalt.emit_event() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  new_row jsonb := case when tg_op <> 'DELETE' then pg_catalog.to_jsonb(new) end;
  old_row jsonb := case when tg_op <> 'INSERT' then pg_catalog.to_jsonb(old) end;
  event_depth smallint := coalesce(nullif(pg_catalog.current_setting('basalt.event_depth', true), ''), '0')::smallint;
begin
  insert into basalt.events (function_name, type, source, subject, data, depth) values (
    tg_argv[0],
    'dev.basalt.table.' || pg_catalog.lower(tg_op),
    '/tables/' || tg_table_schema || '.' || tg_table_name,
    coalesce(coalesce(new_row, old_row) ->> 'id', ''),
    pg_catalog.jsonb_build_object('type', pg_catalog.lower(tg_op), 'schema', tg_table_schema, 'table', tg_table_name,
      'record', new_row, 'old_record', old_row),
    event_depth);
  return null;
end $$;
revoke execute on function basalt.emit_event() from public;

-- DDL reloads the schema cache, under the channel that existing migrations already notify.
create function basalt.notify_ddl() returns event_trigger language plpgsql set search_path = '' as $$
begin
  perform pg_catalog.pg_notify('pgrst', 'reload schema');
end $$;
create event trigger basalt_ddl on ddl_command_end execute function basalt.notify_ddl();
create event trigger basalt_drop on sql_drop execute function basalt.notify_ddl();

-- The owner may add policies, triggers and indexes to the platform's tables and change nothing else of them. It has to
-- own storage's tables to add policies, so ownership is held back here.
create function basalt.guard_platform() returns event_trigger language plpgsql set search_path = '' as $$
declare command record;
begin
  if (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    return;
  end if;
  if tg_event = 'ddl_command_end' then
    for command in select * from pg_catalog.pg_event_trigger_ddl_commands() loop
      if (command.schema_name in ('auth', 'storage', 'basalt', 'realtime')
            or command.object_identity in ('auth', 'storage', 'basalt', 'realtime'))
          and command.command_tag not in ('CREATE POLICY', 'ALTER POLICY', 'CREATE TRIGGER', 'CREATE INDEX', 'COMMENT') then
        raise exception '% on % is the platform''s', command.command_tag, command.object_identity
          using errcode = '42501';
      end if;
    end loop;
  else
    for command in select * from pg_catalog.pg_event_trigger_dropped_objects() loop
      if command.schema_name in ('auth', 'storage', 'basalt', 'realtime')
          and command.object_type not in ('policy', 'trigger', 'index') and not command.is_temporary then
        raise exception 'dropping % % is the platform''s', command.object_type, command.object_identity
          using errcode = '42501';
      end if;
    end loop;
  end if;
end $$;
create event trigger basalt_guard_ddl on ddl_command_end execute function basalt.guard_platform();
create event trigger basalt_guard_drop on sql_drop execute function basalt.guard_platform();
