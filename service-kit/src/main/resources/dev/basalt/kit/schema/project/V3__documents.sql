-- Documents. What every collection shares lies in a schema of the platform's; the collections themselves in "documents", which
-- the project's owner owns.
create schema basalt_documents;
grant usage on schema basalt_documents to public;

-- What was declared for collections; only the platform reads and writes it.
create table basalt_documents.collections (
  name text primary key,
  schema jsonb,
  rules jsonb,
  indexes jsonb not null default '[]',
  ttl jsonb,
  updated_at timestamptz not null default pg_catalog.now()
);
grant select, insert, update, delete on basalt_documents.collections to basalt_platform;

-- Until when (seconds of the epoch) somebody hears of changes. A sequence, because its value is seen at once by every
-- transaction, whatever its snapshot.
create sequence basalt_documents.listening minvalue 0 start 0;
grant select, update on sequence basalt_documents.listening to basalt_platform;

-- A version grows with every write and is never used again, not even after a deletion: microseconds of the epoch.
create function basalt_documents.next_version(previous bigint) returns bigint
language sql volatile parallel restricted set search_path = '' as $$
  select greatest(previous + 1, (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint)
$$;

-- RFC 7396.
create function basalt_documents.merge_patch(target jsonb, patch jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  result jsonb;
  member record;
begin
  if pg_catalog.jsonb_typeof(patch) <> 'object' then
    return patch;
  end if;
  result := case when pg_catalog.jsonb_typeof(target) = 'object' then target else '{}' end;
  for member in select key, value from pg_catalog.jsonb_each(patch) loop
    if member.value = 'null' then
      result := result - member.key;
    elsif pg_catalog.jsonb_typeof(member.value) = 'object' then
      result := result || pg_catalog.jsonb_build_object(member.key,
        basalt_documents.merge_patch(result -> member.key, member.value));
    else
      result := result || pg_catalog.jsonb_build_object(member.key, member.value);
    end if;
  end loop;
  return result;
end $$;

-- Puts a value at a path; what stands on the way and is no object becomes one.
create function basalt_documents.put(target jsonb, path text[], value jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  inner_value jsonb := value;
begin
  if pg_catalog.cardinality(path) > 1 then
    inner_value := basalt_documents.put(target -> path[1], path[2:], value);
  end if;
  return case when pg_catalog.jsonb_typeof(target) = 'object' then target else '{}' end
    || pg_catalog.jsonb_build_object(path[1], inner_value);
end $$;

-- The members of a document that the paths lead to.
create function basalt_documents.pick(document jsonb, paths jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  result jsonb := '{}';
  item jsonb;
  path text[];
begin
  for item in select value from pg_catalog.jsonb_array_elements(paths) loop
    path := array(select pg_catalog.jsonb_array_elements_text(item));
    if document #> path is not null then
      result := basalt_documents.put(result, path, document #> path);
    end if;
  end loop;
  return result;
end $$;

-- The transforms of a write, in their order: [{"path": […], "op": …, "value": …}].
create function basalt_documents.transform(document jsonb, transforms jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  result jsonb := document;
  item jsonb;
  path text[];
  old jsonb;
  operand jsonb;
begin
  if transforms is null then
    return document;
  end if;
  for item in select value from pg_catalog.jsonb_array_elements(transforms) loop
    path := array(select pg_catalog.jsonb_array_elements_text(item -> 'path'));
    old := result #> path;
    operand := item -> 'value';
    case item ->> 'op'
      when 'increment' then
        operand := case when pg_catalog.jsonb_typeof(old) = 'number'
          then pg_catalog.to_jsonb((old #>> '{}')::numeric + (operand #>> '{}')::numeric) else operand end;
        if abs((operand #>> '{}')::numeric) > 1.7976931348623157e308 then
          raise exception 'The number at % would be beyond a double', path using errcode = '22003';
        end if;
      when 'max' then
        operand := case when pg_catalog.jsonb_typeof(old) = 'number' and old > operand then old else operand end;
      when 'min' then
        operand := case when pg_catalog.jsonb_typeof(old) = 'number' and old < operand then old else operand end;
      when 'serverTimestamp' then
        operand := pg_catalog.to_jsonb(
          pg_catalog.to_char(pg_catalog.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
      when 'arrayUnion' then
        old := case when pg_catalog.jsonb_typeof(old) = 'array' then old else '[]' end;
        operand := old || coalesce((select pg_catalog.jsonb_agg(added.value order by added.first) from (
          select e.value, min(e.n) as first from pg_catalog.jsonb_array_elements(operand) with ordinality as e(value, n)
          where not exists (select from pg_catalog.jsonb_array_elements(old) as o(value) where o.value = e.value)
          group by e.value) as added), '[]');
      when 'arrayRemove' then
        operand := case when pg_catalog.jsonb_typeof(old) = 'array' then coalesce((
          select pg_catalog.jsonb_agg(e.value order by e.n)
          from pg_catalog.jsonb_array_elements(old) with ordinality as e(value, n)
          where not exists (select from pg_catalog.jsonb_array_elements(operand) as r(value) where r.value = e.value)),
          '[]') else '[]' end;
    end case;
    result := basalt_documents.put(result, path, operand);
  end loop;
  return result;
end $$;

-- A document that was made of another one: it may shrink, but not grow beyond 1 MiB.
create function basalt_documents.bounded(document jsonb, previous jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = '' as $$
begin
  if pg_catalog.octet_length(document::text) > 1048576
      and pg_catalog.octet_length(document::text) > coalesce(pg_catalog.octet_length(previous::text), 0) then
    raise exception 'The document would be larger than 1048576 bytes' using errcode = '54000';
  end if;
  return document;
end $$;

-- A document as clients see it. Its body is parsed here and now, so that it needs no search path and is inlined.
create function basalt_documents.envelope(collection text, parent text, id text, version bigint, owner uuid,
  created_at timestamptz, updated_at timestamptz, data jsonb) returns text language sql stable parallel safe
return '{"path":' || to_json(case parent when '' then '' else parent || '/' end || collection || '/'
    || replace(replace(id, '%', '%25'), '/', '%2F'))::text
  || ',"id":' || to_json(id)::text || ',"version":' || version || ',"owner":' || coalesce('"' || owner || '"', 'null')
  || ',"createdAt":"' || to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  || '","updatedAt":"' || to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  || '","data":' || data::text || '}';

-- What a document becomes by a write: set, or merged with what was there, and then transformed.
create function basalt_documents.written(op text, given jsonb, transforms jsonb, previous jsonb) returns jsonb
language sql stable set search_path = '' as $$
  select basalt_documents.bounded(
    basalt_documents.transform(
      case op when 'SET' then given else basalt_documents.merge_patch(previous, given) end, transforms),
    previous)
$$;

-- The least and greatest of any values, in the order in which PostgreSQL sorts jsonb.
create function basalt_documents.lesser(a jsonb, b jsonb) returns jsonb
language sql immutable strict parallel safe set search_path = '' as $$ select case when b < a then b else a end $$;
create function basalt_documents.greater(a jsonb, b jsonb) returns jsonb
language sql immutable strict parallel safe set search_path = '' as $$ select case when b > a then b else a end $$;
create aggregate basalt_documents.min(jsonb) (
  sfunc = basalt_documents.lesser, stype = jsonb, combinefunc = basalt_documents.lesser, parallel = safe);
create aggregate basalt_documents.max(jsonb) (
  sfunc = basalt_documents.greater, stype = jsonb, combinefunc = basalt_documents.greater, parallel = safe);

-- Whoever changes a document, by whatever way, changes its version.
create function basalt_documents.touch() returns trigger language plpgsql set search_path = '' as $$
begin
  new.version := basalt_documents.next_version(old.version);
  new.updated_at := pg_catalog.now();
  return new;
end $$;

-- When a document expires: at the time in one of its fields, if there is one, or so many seconds after it was written.
create function basalt_documents.expiry(document jsonb, written timestamptz, kind text, argument text) returns timestamptz
language sql stable set search_path = '' as $$
  select case
    when kind = 'seconds' then written + argument::integer * interval '1 second'
    when (document #>> argument::text[]) ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9.]+)?(Z|[-+][0-9]{2}:?[0-9]{2})$'
      then (document #>> argument::text[])::timestamptz
    end
$$;
create function basalt_documents.date_expiry() returns trigger language plpgsql set search_path = '' as $$
begin
  new.expires_at := basalt_documents.expiry(new.data, pg_catalog.now(), tg_argv[0], tg_argv[1]);
  return new;
end $$;

create function basalt_documents.announce() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if (select last_value from basalt_documents.listening) > extract(epoch from pg_catalog.clock_timestamp()) then
    perform pg_catalog.pg_notify('basalt_documents', tg_table_name);
  end if;
  return null;
end $$;
revoke execute on function basalt_documents.announce() from public;

-- Makes a collection, if it is not there: the one place that knows its shape. It belongs to whoever owns the schema.
create function basalt_documents.create_collection(name text) returns void
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
  execute pg_catalog.format('create trigger basalt_announce after insert or update or delete or truncate '
    'on documents.%I for each statement execute function basalt_documents.announce()', name);
  execute pg_catalog.format('alter table documents.%I owner to %s', name, owner);
end $$;
revoke execute on function basalt_documents.create_collection(text) from public;
grant execute on function basalt_documents.create_collection(text) to basalt_platform;
