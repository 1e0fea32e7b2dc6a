-- One JSON document: the types in use, the relations of the exposed schemas ($1: their names) and how they relate.
-- Runs with an empty search_path, so that every name in a default is qualified.
with recursive relations as (
  select c.oid, n.nspname, c.relname, c.relkind, c.reltype
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1::text[])
    and c.relkind in ('r', 'v', 'm', 'f', 'p')
    and not c.relispartition
),
sequences as (
  select d.refobjid as relation, d.refobjsubid as attnum, pg_catalog.format('%I.%I', n.nspname, c.relname) as name
  from relations r
  join pg_catalog.pg_depend d on d.refobjid = r.oid and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype = 'i' and d.refobjsubid > 0
  join pg_catalog.pg_class c on c.oid = d.objid and c.relkind = 'S'
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
),
columns as (
  select a.attrelid, a.attnum, a.attname, a.atttypid,
    (case when a.attnotnull then 1 else 0 end)
      + (case when a.attgenerated <> '' then 2 else 0 end)
      + (case a.attidentity when 'a' then 4 when 'd' then 8 else 0 end) as flags,
    case
      when a.attidentity <> '' then pg_catalog.format('pg_catalog.nextval(%L::pg_catalog.regclass)', s.name)
      when a.attgenerated = '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid)
    end as default_expression
  from relations r
  join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join sequences s on s.relation = a.attrelid and s.attnum = a.attnum
),
computed as (
  select r.oid as relation, p.proname, p.prorettype,
    pg_catalog.format('%I.%I', n.nspname, p.proname) as sql_name
  from relations r
  join pg_catalog.pg_proc p on p.pronargs = 1 and p.proargtypes[0] = r.reltype and not p.proretset and p.prokind = 'f'
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname = any ($1::text[])
  where r.reltype <> 0
),
computed_relationships as (
  select r.oid as relation, t.oid as target, p.proname, not p.proretset or p.prorows = 1 as to_one,
    pg_catalog.format('%I.%I', n.nspname, p.proname) as sql_name
  from relations r
  join pg_catalog.pg_proc p on p.pronargs = 1 and p.proargtypes[0] = r.reltype and p.prokind = 'f'
  join relations t on t.reltype = p.prorettype
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname = any ($1::text[])
  where r.reltype <> 0
),
-- The exposed views and those they are made of, each with the parsed query behind it.
views as (
  select r.oid from relations r where r.relkind in ('v', 'm')
  union
  select c.oid
  from views v
  join pg_catalog.pg_rewrite w on w.ev_class = v.oid and w.ev_type = '1'
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  join pg_catalog.pg_class c on c.oid = d.refobjid and c.relkind in ('v', 'm')
),
-- What views are made of.
bases as (
  select distinct d.refobjid as oid
  from views v
  join pg_catalog.pg_rewrite w on w.ev_class = v.oid and w.ev_type = '1'
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
    and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
),
-- Functions of the project's own, which may leave something in the session.
own_functions as (
  select p.oid from pg_catalog.pg_proc p
  where p.pronamespace::pg_catalog.regnamespace::text not in ('pg_catalog', 'information_schema', 'auth', 'storage', 'basalt')
    and not exists (select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e')
),
-- What calls one by itself when a relation is read or written.
callers as (
  select t.tgrelid as relation from pg_catalog.pg_trigger t join own_functions f on f.oid = t.tgfoid
  union
  select coalesce(p.polrelid, a.adrelid, nullif(k.conrelid, 0::pg_catalog.oid), c.attrelid)
  from pg_catalog.pg_depend d
  join own_functions f on d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.refobjid = f.oid
  left join pg_catalog.pg_policy p on d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and p.oid = d.objid
  left join pg_catalog.pg_attrdef a on d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and a.oid = d.objid
  left join pg_catalog.pg_constraint k
    on d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and k.oid = d.objid
  left join columns c on k.contypid <> 0 and c.atttypid = k.contypid
  union
  -- Writing a row may write those that refer to it.
  select k.confrelid from callers c join pg_catalog.pg_constraint k on k.conrelid = c.relation and k.contype = 'f'
    and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd'))
),
-- The keys of partitions, which repeat those of the partitioned table, have a parent.
foreign_keys as (
  select c.conname, c.conrelid, c.conkey, c.confrelid, c.confkey,
    exists (select from pg_catalog.pg_constraint u where u.conrelid = c.conrelid and u.contype in ('p', 'u')
      and u.conkey @> c.conkey and u.conkey <@ c.conkey) as is_unique,
    exists (select from pg_catalog.pg_constraint p where p.conrelid = c.conrelid and p.contype = 'p'
      and p.conkey @> c.conkey) as in_primary_key
  from pg_catalog.pg_constraint c
  where c.contype = 'f' and c.conparentid = 0
    and c.conrelid in (select oid from relations union select oid from bases)
),
base_keys as (
  select c.conrelid, c.conkey from bases b join pg_catalog.pg_constraint c on c.conrelid = b.oid and c.contype = 'p'
),
routines as (
  select p.oid, n.nspname, p.proname, p.provolatile, p.proretset, p.prorettype, p.pronargs, p.pronargdefaults,
    coalesce(p.proallargtypes, p.proargtypes::oid[]) as argument_types, p.proargmodes::text[] as argument_modes,
    p.proargnames, p.proconfig, b.oid as result_base, b.typtype = 'c' as is_row, b.typrelid as result_relation
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname = any ($1::text[])
  join pg_catalog.pg_type t on t.oid = p.prorettype
  join pg_catalog.pg_type b on b.oid = case when t.typbasetype <> 0 then t.typbasetype else t.oid end
  where p.prokind = 'f'
    and p.prorettype <> all (array['trigger', 'event_trigger', 'internal', 'language_handler']::pg_catalog.regtype[])
),
arguments as (
  select r.oid as routine, a.position, a.type, coalesce(a.name, '') as name, coalesce(a.mode, 'i') as mode,
    count(*) filter (where coalesce(a.mode, 'i') in ('i', 'b', 'v')) over (partition by r.oid order by a.position) as input
  from routines r
  cross join unnest(r.argument_types, r.argument_modes, r.proargnames) with ordinality as a (type, mode, name, position)
),
callable as (
  -- Every argument has a name, or there is one that can take a whole body.
  select r.* from routines r
  where not exists (select from arguments a where a.routine = r.oid and a.name = '' and a.mode in ('i', 'b', 'v'))
    or (r.pronargs = 1 and exists (
      select from arguments a where a.routine = r.oid and a.name = '' and a.mode = 'i'
        and a.type = any (array['json', 'jsonb', 'text', 'bytea', 'xml']::pg_catalog.regtype[]::oid[])))
),
result_columns as (
  select c.oid as routine, a.attname as name, a.atttypid as type, a.attnum as position
  from callable c
  join pg_catalog.pg_attribute a on a.attrelid = c.result_relation and a.attnum > 0 and not a.attisdropped
  where c.is_row and not exists (select from relations r where r.oid = c.result_relation)
  union all
  select c.oid, a.name, a.type, a.position
  from callable c join arguments a on a.routine = c.oid and a.mode in ('o', 'b', 't')
  where not c.is_row
),
used as (
  select atttypid as oid from columns union select prorettype from computed
  union select a.type from arguments a join callable c on c.oid = a.routine
  union select type from result_columns union select prorettype from callable
),
domains as (
  select t.oid, t.oid as base, t.typtype, t.typbasetype from pg_catalog.pg_type t join used using (oid)
  union all
  select d.oid, b.oid, b.typtype, b.typbasetype
  from domains d join pg_catalog.pg_type b on d.typtype = 'd' and b.oid = d.typbasetype
),
-- How values of domains look outside.
casts as (
  select c.castsource, c.casttarget, pg_catalog.format('%I.%I', n.nspname, p.proname) as function
  from pg_catalog.pg_cast c
  join pg_catalog.pg_proc p on p.oid = c.castfunc and p.pronargs = 1
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where c.castcontext = 'i' and c.castmethod = 'f'
),
types as (
  select t.oid, pg_catalog.format_type(t.oid, null) as display,
    pg_catalog.format('%I.%I', tn.nspname, t.typname) as sql_name,
    pg_catalog.format('%I.%I', bn.nspname, b.typname) as base_name,
    case when e.oid is not null then pg_catalog.format('%I.%I', en.nspname, e.typname) end as array_name,
    case
      when b.oid = 'pg_catalog.json'::pg_catalog.regtype then 'JSON'
      when b.oid = 'pg_catalog.jsonb'::pg_catalog.regtype then 'JSONB'
      when b.oid = 'pg_catalog.tsvector'::pg_catalog.regtype then 'TSVECTOR'
      when b.typcategory = 'S' then 'TEXT'
      else 'OTHER'
    end as family,
    shown.function as to_json, filtered.function as from_text, written.function as from_json
  from domains d
  join pg_catalog.pg_type t on t.oid = d.oid
  join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
  join pg_catalog.pg_type b on b.oid = d.base
  join pg_catalog.pg_namespace bn on bn.oid = b.typnamespace
  left join pg_catalog.pg_type e on e.oid = b.typarray
  left join pg_catalog.pg_namespace en on en.oid = e.typnamespace
  left join casts shown on t.typtype = 'd' and shown.castsource = t.oid
    and shown.casttarget = 'pg_catalog.json'::pg_catalog.regtype
  left join casts filtered on t.typtype = 'd' and filtered.casttarget = t.oid
    and filtered.castsource = 'pg_catalog.text'::pg_catalog.regtype
  left join casts written on t.typtype = 'd' and written.casttarget = t.oid
    and written.castsource = 'pg_catalog.json'::pg_catalog.regtype
  where d.typtype <> 'd'
),
-- Aggregates over rows whose result is of a domain named as a media type.
media_handlers as (
  select coalesce(r.oid, 0) as relation, pg_catalog.lower(t.typname) as media_type,
    pg_catalog.format('%I.%I', n.nspname, p.proname) as function,
    pg_catalog.format('%I.%I', r.nspname, r.relname) as row_type,
    t.typbasetype = 'pg_catalog.bytea'::pg_catalog.regtype as bytes
  from pg_catalog.pg_type t
  join pg_catalog.pg_proc p on p.prorettype = t.oid and p.prokind = 'a' and p.pronargs = 1
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname = any ($1::text[])
  left join relations r on r.reltype = p.proargtypes[0]
  where t.typtype = 'd' and (t.typname = '*/*' or t.typname ~ '^[A-Za-z0-9.-]+/[A-Za-z0-9.+-]+$')
    and (r.oid is not null or p.proargtypes[0] = 'pg_catalog.anyelement'::pg_catalog.regtype)
),
-- ST_AsGeoJSON of PostGIS.
geo_json as (
  select pg_catalog.format('%I.%I', n.nspname, p.proname) as function
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.proname = 'st_asgeojson' and p.proargtypes[0] = 'pg_catalog.record'::pg_catalog.regtype
    and p.pronargs - p.pronargdefaults = 1
  order by p.oid limit 1
),
keys as (
  select i.indrelid as relation, pg_catalog.json_agg(a.attname order by k.position) as list
  from relations r
  join pg_catalog.pg_index i on i.indrelid = r.oid and i.indisprimary
  cross join unnest(i.indkey::smallint[]) with ordinality as k (attnum, position)
  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
  where k.position <= i.indnkeyatts
  group by i.indrelid
),
column_lists as (
  select attrelid as relation, pg_catalog.json_agg(
    pg_catalog.json_build_array(attname, atttypid::bigint, flags, default_expression) order by attnum) as list
  from columns group by attrelid
),
argument_lists as (
  select a.routine, pg_catalog.json_agg(pg_catalog.json_build_array(a.name, a.type::bigint,
      (case when a.input <= c.pronargs - c.pronargdefaults then 1 else 0 end) + (case a.mode when 'v' then 2 else 0 end))
    order by a.position) as list
  from arguments a join callable c on c.oid = a.routine
  where a.mode in ('i', 'b', 'v')
  group by a.routine
),
result_lists as (
  select routine, pg_catalog.json_agg(pg_catalog.json_build_array(name, type::bigint) order by position) as list
  from result_columns group by routine
),
computed_lists as (
  select relation, pg_catalog.json_agg(
    pg_catalog.json_build_array(proname, prorettype::bigint, sql_name) order by proname) as list
  from computed group by relation
),
attribute_lists as (
  select c.relation, c.key, pg_catalog.json_agg(
    pg_catalog.json_build_array(a.attnum, a.attname) order by k.position) as list
  from (select conrelid as relation, conkey as key from foreign_keys
    union select confrelid, confkey from foreign_keys) c
  cross join unnest(c.key) with ordinality as k (attnum, position)
  join pg_catalog.pg_attribute a on a.attrelid = c.relation and a.attnum = k.attnum
  group by c.relation, c.key
)
select pg_catalog.json_build_object(
  'types', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      oid::bigint, display, sql_name, base_name, array_name, family, to_json, from_text, from_json)), '[]') from types),
  'tables', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      r.oid::bigint, r.nspname, r.relname, r.relkind, coalesce(k.list, '[]'), coalesce(c.list, '[]'), coalesce(f.list, '[]'),
      r.relkind in ('v', 'm', 'f') or r.oid in (select relation from callers))), '[]')
    from relations r
    left join keys k on k.relation = r.oid
    left join column_lists c on c.relation = r.oid
    left join computed_lists f on f.relation = r.oid),
  'foreign_keys', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      f.conname, f.conrelid::bigint, own.list, f.confrelid::bigint, other.list,
      (case when f.is_unique then 1 else 0 end) + (case when f.in_primary_key then 2 else 0 end))
      order by f.conname), '[]')
    from foreign_keys f
    join attribute_lists own on own.relation = f.conrelid and own.key = f.conkey
    join attribute_lists other on other.relation = f.confrelid and other.key = f.confkey),
  'computed_relationships', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      relation::bigint, target::bigint, proname, sql_name, case when to_one then 1 else 0 end)), '[]')
    from computed_relationships),
  'base_keys', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      conrelid::bigint, conkey)), '[]') from base_keys),
  'views', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(v.oid::bigint, w.ev_action::text)), '[]')
    from views v join pg_catalog.pg_rewrite w on w.ev_class = v.oid and w.ev_type = '1'),
  'routines', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      c.nspname, c.proname, c.provolatile, c.proretset, coalesce(a.list, '[]'), c.prorettype::bigint,
      r.nspname, r.relname, l.list,
      (select coalesce(pg_catalog.json_agg(setting), '[]') from unnest(c.proconfig) as setting
        where setting ~ '^(statement_timeout|default_transaction_isolation|plan_filter.statement_cost_limit)='))
      order by c.proname, c.oid), '[]')
    from callable c
    left join argument_lists a on a.routine = c.oid
    left join relations r on c.is_row and r.oid = c.result_relation
    left join result_lists l on l.routine = c.oid),
  'media_handlers', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      relation::bigint, media_type, function, case when relation <> 0 then row_type end, bytes)), '[]') from media_handlers),
  'geo_json', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(function)), '[]') from geo_json)
)::text
