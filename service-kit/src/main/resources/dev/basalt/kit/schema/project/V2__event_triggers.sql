-- Makes a function's event triggers what a deployment says, in one step. The platform may call it, nobody else: it acts as
-- the administrator, because a trigger needs the table's owner and the right to run basalt.emit_event.
create function basalt.install_triggers(function_name text, wanted jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  trigger_name text := 'basalt_event_' || pg_catalog.md5(function_name);
  old record;
  item jsonb;
  target oid;
begin
  for old in
    select c.relname, n.nspname from pg_catalog.pg_trigger t
    join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where t.tgname = trigger_name
  loop
    execute pg_catalog.format('drop trigger %I on %I.%I', trigger_name, old.nspname, old.relname);
  end loop;
  for item in select value from pg_catalog.jsonb_array_elements(wanted) loop
    if (item ->> 'schema') in ('auth', 'storage', 'basalt', 'realtime', 'extensions', 'pg_catalog', 'information_schema') then
      raise exception 'tables of schema % take no triggers', item ->> 'schema' using errcode = '42501';
    end if;
    select c.oid into target from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = item ->> 'schema' and c.relname = item ->> 'table' and c.relkind in ('r', 'p');
    if target is null then
      raise exception 'there is no table %.%', item ->> 'schema', item ->> 'table' using errcode = '42P01';
    end if;
    execute pg_catalog.format('create trigger %I after %s on %I.%I for each row execute function basalt.emit_event(%L)',
      trigger_name,
      (select pg_catalog.string_agg(e, ' or ') from pg_catalog.jsonb_array_elements_text(item -> 'events') e
        where e in ('insert', 'update', 'delete')),
      item ->> 'schema', item ->> 'table', function_name);
  end loop;
end $$;
revoke execute on function basalt.install_triggers(text, jsonb) from public;
grant execute on function basalt.install_triggers(text, jsonb) to basalt_platform;
