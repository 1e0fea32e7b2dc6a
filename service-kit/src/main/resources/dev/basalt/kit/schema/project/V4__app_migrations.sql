-- The migrations that apps push: a row is written in the transaction of its file.
create table basalt.app_migrations (
  version numeric primary key,
  name text not null,
  checksum text not null,
  sql text not null,
  applied_at timestamptz not null default clock_timestamp(),
  millis integer not null
);
grant select on basalt.app_migrations to basalt_platform;

create function basalt.record_app_migration(version numeric, name text, checksum text, sql text, millis integer)
returns void language sql security definer set search_path = '' as $$
  insert into basalt.app_migrations (version, name, checksum, sql, millis) values ($1, $2, $3, $4, $5)
$$;
revoke execute on function basalt.record_app_migration(numeric, text, text, text, integer) from public;

-- Databases made before this; a new one's owner is told by the maker of databases.
do $$
declare owner text := (select nspowner::pg_catalog.regrole::text from pg_catalog.pg_namespace where nspname = 'documents');
begin
  execute pg_catalog.format('grant usage on schema basalt to %s', owner);
  execute pg_catalog.format('grant select on basalt.app_migrations to %s', owner);
  execute pg_catalog.format(
    'grant execute on function basalt.record_app_migration(numeric, text, text, text, integer) to %s', owner);
end $$;
