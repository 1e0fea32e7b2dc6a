-- A collection of a restored dump, and what was declared for it.
create function basalt.restore_collection(name text, declared jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform basalt_documents.create_collection(name);
  if declared is not null then
    insert into basalt_documents.collections (name, schema, rules, indexes, ttl) values (
      restore_collection.name, nullif(declared -> 'schema', 'null'), nullif(declared -> 'rules', 'null'),
      coalesce(nullif(declared -> 'indexes', 'null'), '[]'), nullif(declared -> 'ttl', 'null'));
  end if;
end $$;
alter function basalt.restore_collection(text, jsonb) owner to basalt_platform;
revoke execute on function basalt.restore_collection(text, jsonb) from public;

-- Databases made before this; a new one's owner is told by the maker of databases.
do $$
declare owner text := (select nspowner::pg_catalog.regrole::text from pg_catalog.pg_namespace where nspname = 'documents');
begin
  execute pg_catalog.format('grant execute on function basalt.restore_collection(text, jsonb) to %s', owner);
  execute pg_catalog.format('grant select on basalt_documents.collections to %s', owner);
end $$;
