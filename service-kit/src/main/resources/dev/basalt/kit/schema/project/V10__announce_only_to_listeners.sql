-- Whether somebody listens is asked in the trigger's condition: where nobody does, a write of a document calls no function for it.
create or replace function basalt_documents.announce() returns trigger language plpgsql security invoker as $$
begin
  perform pg_catalog.pg_notify('basalt_documents', tg_table_name);
  return null;
end $$;

create function basalt_documents.announce_writes(name text) returns void language plpgsql set search_path = '' as $$
begin
  -- Null until somebody has listened once.
  execute pg_catalog.format('create or replace trigger basalt_announce after insert or update or delete or truncate '
    'on documents.%I for each statement '
    'when (pg_catalog.pg_sequence_last_value(''basalt_documents.listening'') '
    'operator(pg_catalog.>) extract(epoch from pg_catalog.clock_timestamp())) '
    'execute function basalt_documents.announce()', name);
end $$;
revoke execute on function basalt_documents.announce_writes(text) from public;

create or replace function basalt_documents.create_collection(name text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  -- No name of a collection holds a colon, so no index takes the name of one.
  key text := pg_catalog.left(name, 20) || ':' || pg_catalog.md5(name);
  owner name := (select nspowner::pg_catalog.regrole::text from pg_catalog.pg_namespace where nspname = 'documents');
begin
  if name !~ '^[A-Za-z][A-Za-z0-9_-]{0,62}$' then
    raise exception 'not a name of a collection: %', name using errcode = '42602';
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('basalt_documents.' || name, 0));
  if pg_catalog.to_regclass(pg_catalog.format('documents.%I', name)) is not null then
    return;
  end if;
  execute pg_catalog.format($sql$
    create table documents.%1$I (
      parent text collate "C" not null default '',
      id text collate "C" not null,
      data jsonb not null check (pg_catalog.jsonb_typeof(data) = 'object'),
      version bigint not null default basalt_documents.next_version(0),
      owner uuid default auth.uid(),
      created_at timestamptz not null default pg_catalog.now(),
      updated_at timestamptz not null default pg_catalog.now(),
      expires_at timestamptz,
      constraint %2$I primary key (parent, id))$sql$, name, key);
  execute pg_catalog.format('alter table documents.%I enable row level security', name);
  execute pg_catalog.format('grant select, insert, update, delete on documents.%I to anon, authenticated, service_role',
    name);
  execute pg_catalog.format('create trigger basalt_touch before update on documents.%I for each row '
    'when (old.version is not distinct from new.version) execute function basalt_documents.touch()', name);
  perform basalt_documents.announce_writes(name);
  execute pg_catalog.format('alter table documents.%I owner to %s', name, owner);
end $$;

-- Collections made before this.
select basalt_documents.announce_writes(c.relname)
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'documents'
where t.tgname = 'basalt_announce' and not t.tgisinternal;
