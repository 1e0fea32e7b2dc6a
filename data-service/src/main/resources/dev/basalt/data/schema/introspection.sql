-- One JSON document: the types in use and the relations of the exposed schemas ($1: their names).
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
    end as family
  from domains d
  join pg_catalog.pg_type t on t.oid = d.oid
  join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
  join pg_catalog.pg_type b on b.oid = d.base
  join pg_catalog.pg_namespace bn on bn.oid = b.typnamespace
  left join pg_catalog.pg_type e on e.oid = b.typarray
  left join pg_catalog.pg_namespace en on en.oid = e.typnamespace
  where d.typtype <> 'd'
),
keys as (
  select i.indrelid as relation, pg_catalog.json_agg(a.attname order by k.position) as list
  from relations r
  join pg_catalog.pg_index i on i.indrelid = r.oid and i.indisprimary
  cross join unnest(i.indkey::smallint[]) with ordinality as k (attnum, position)
  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
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
)
select pg_catalog.json_build_object(
  'types', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      oid::bigint, display, sql_name, base_name, array_name, family)), '[]') from types),
  'tables', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      r.nspname, r.relname, r.relkind, coalesce(k.list, '[]'), coalesce(c.list, '[]'), coalesce(f.list, '[]'))), '[]')
    from relations r
    left join keys k on k.relation = r.oid
    left join column_lists c on c.relation = r.oid
    left join computed_lists f on f.relation = r.oid),
  'routines', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
      c.nspname, c.proname, c.provolatile, c.proretset, coalesce(a.list, '[]'), c.prorettype::bigint,
      r.nspname, r.relname, l.list,
      (select coalesce(pg_catalog.json_agg(setting), '[]') from unnest(c.proconfig) as setting
        where setting ~ '^(statement_timeout|default_transaction_isolation|plan_filter.statement_cost_limit)='))
      order by c.proname, c.oid), '[]')
    from callable c
    left join argument_lists a on a.routine = c.oid
    left join relations r on c.is_row and r.oid = c.result_relation
    left join result_lists l on l.routine = c.oid)
)::text
