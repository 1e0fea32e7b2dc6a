-- One JSON document: what the current role may use of a schema ($1: its name), with the comments on it.
with tables as (
  select c.oid, c.relname, c.relkind, pg_catalog.obj_description(c.oid, 'pg_class') as comment,
    pg_catalog.pg_relation_is_updatable(c.oid, true) as changes
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1::text
    and c.relkind in ('r', 'v', 'm', 'f', 'p')
    and not c.relispartition
    and (pg_catalog.has_table_privilege(c.oid, 'select, insert, update, delete')
      or pg_catalog.has_any_column_privilege(c.oid, 'select, insert, update'))
),
columns as (
  select a.attrelid, a.attnum, a.attname, a.attnotnull or t.typnotnull as required,
    -- Of a domain the type below it.
    case when t.typbasetype <> 0 then pg_catalog.format_type(t.typbasetype, null)
      else pg_catalog.format_type(a.atttypid, case when t.typcategory = 'A' then a.atttypmod end) end as type,
    pg_catalog.col_description(a.attrelid, a.attnum) as comment,
    case when a.attgenerated = '' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end as default_expression,
    case when a.atttypid in ('pg_catalog.varchar'::pg_catalog.regtype, 'pg_catalog.bpchar'::pg_catalog.regtype)
      and a.atttypmod > 4 then a.atttypmod - 4 end as length,
    (select pg_catalog.json_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum e
      where e.enumtypid = case when t.typbasetype <> 0 then t.typbasetype else t.oid end) as labels,
    exists (select from pg_catalog.pg_constraint k
      where k.conrelid = a.attrelid and k.contype = 'p' and a.attnum = any (k.conkey)) as is_key,
    (select pg_catalog.json_build_array(f.relname, fa.attname)
      from pg_catalog.pg_constraint k
      join pg_catalog.pg_class f on f.oid = k.confrelid
      join pg_catalog.pg_attribute fa on fa.attrelid = k.confrelid
        and fa.attnum = k.confkey[pg_catalog.array_position(k.conkey, a.attnum)]
      where k.conrelid = a.attrelid and k.contype = 'f' and a.attnum = any (k.conkey)
      order by k.conname limit 1) as target
  from tables r
  join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
),
functions as (
  select p.oid, p.proname, pg_catalog.obj_description(p.oid, 'pg_proc') as comment, p.provolatile = 'v' as changes,
    p.proargnames, p.proargmodes::text[] as modes, coalesce(p.proallargtypes, p.proargtypes::oid[]) as types,
    p.pronargs - p.pronargdefaults as required
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where n.nspname = $1::text
    and p.prokind = 'f'
    and p.prorettype <> all (array['trigger', 'event_trigger', 'internal', 'language_handler']::pg_catalog.regtype[])
    and pg_catalog.has_function_privilege(p.oid, 'execute')
),
parameters as (
  select f.oid as function, a.position, a.name, pg_catalog.format_type(a.type, null) as type, a.mode = 'v' as variadic,
    row_number() over (partition by f.oid order by a.position) <= f.required as required
  from functions f
  cross join unnest(f.types, f.proargnames, f.modes) with ordinality as a (type, name, mode, position)
  where coalesce(a.mode, 'i') in ('i', 'b', 'v')
)
select pg_catalog.json_build_object(
  'comment', (select pg_catalog.obj_description(n.oid, 'pg_namespace') from pg_catalog.pg_namespace n where n.nspname = $1::text),
  'tables', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', relname, 'comment', comment, 'insertable', changes & 8 <> 0, 'updatable', changes & 4 <> 0,
      'deletable', changes & 16 <> 0,
      'columns', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
          'name', c.attname, 'type', c.type, 'comment', c.comment, 'default', c.default_expression,
          'required', c.required, 'length', c.length,
          'labels', c.labels, 'key', c.is_key, 'target', c.target) order by c.attnum), '[]')
        from columns c where c.attrelid = t.oid)) order by relname), '[]') from tables t),
  'functions', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', proname, 'comment', comment, 'volatile', changes,
      'parameters', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
          'name', p.name, 'type', p.type, 'required', p.required, 'variadic', coalesce(p.variadic, false))
          order by p.position), '[]')
        from parameters p where p.function = f.oid)) order by proname, f.oid), '[]')
    from functions f where not exists (
      select from parameters p where p.function = f.oid and coalesce(p.name, '') = ''))
)::text
