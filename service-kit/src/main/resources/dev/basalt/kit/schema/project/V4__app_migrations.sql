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

-- A row of a restored dump. Belongs to the platform's role: a trigger on auth.users has the rights of whoever writes there.
create function basalt.restore_auth_row(target text, names text[], fields text[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  columns text;
  row_values text;
begin
  if target not in ('users', 'identities') then
    raise exception 'rows of auth.% are not restored', target using errcode = '22023';
  end if;
  select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by c.place),
      pg_catalog.string_agg(pg_catalog.format('$1[%s]::%s', c.place, pg_catalog.format_type(a.atttypid, a.atttypmod)),
        ', ' order by c.place)
    into columns, row_values
    from pg_catalog.unnest(names) with ordinality c (name, place)
    join pg_catalog.pg_attribute a on a.attrelid = ('auth.' || target)::pg_catalog.regclass and a.attname = c.name
    where a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
  execute pg_catalog.format('insert into auth.%I (%s) values (%s)', target, columns, row_values) using fields;
end $$;
alter function basalt.restore_auth_row(text, text[], text[]) owner to basalt_platform;
revoke execute on function basalt.restore_auth_row(text, text[], text[]) from public;

-- Databases made before this; a new one's owner is told by the maker of databases.
do $$
declare owner text := (select nspowner::pg_catalog.regrole::text from pg_catalog.pg_namespace where nspname = 'documents');
begin
  execute pg_catalog.format('grant usage on schema basalt to %s', owner);
  execute pg_catalog.format('grant select on basalt.app_migrations to %s', owner);
  execute pg_catalog.format('grant execute on function basalt.record_app_migration(numeric, text, text, text, integer),'
    ' basalt.restore_auth_row(text, text[], text[]) to %s', owner);
end $$;
