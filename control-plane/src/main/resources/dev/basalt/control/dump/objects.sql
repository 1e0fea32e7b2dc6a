-- What a project's schema is made of, each thing with the SQL that makes it and the SQL that takes it away: rank, oid, kind,
-- identity, definition, undo. Read with an empty search_path, so that every name is qualified. What has no definition is named
-- alone. The owner's name is nowhere, so that two projects can be compared.
with recursive own as (
  select n.oid, n.nspname, quote_ident(n.nspname) as name, n.nspacl, n.nspowner from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname not in
    ('information_schema', 'auth', 'storage', 'basalt', 'basalt_documents', 'realtime', 'extensions')
), owner as (
  select nspowner as oid from pg_namespace where nspname = 'public'
), member as (
  -- Of extensions, and what comes with something else: the constructors of ranges.
  select classid, objid from pg_depend where deptype in ('e', 'i') and classid in ('pg_proc'::regclass, 'pg_cast'::regclass)
  union all select classid, objid from pg_depend where deptype = 'e'
), relation as (
  select c.*, o.nspname, format('%I.%I', o.nspname, c.relname) as name from pg_class c join own o on o.oid = c.relnamespace
  where (c.tableoid, c.oid) not in (select classid, objid from member)
), collection as (
  -- As basalt_documents.create_collection makes it, which alone can make its triggers.
  select r.* from relation r where r.nspname = 'documents' and r.relkind = 'r'
    and exists (select from pg_trigger t where t.tgrelid = r.oid and t.tgname = 'basalt_announce' and not t.tgisinternal)
    and (select count(*) from pg_attribute a where a.attrelid = r.oid and not a.attisdropped and a.attname in
      ('parent', 'id', 'data', 'version', 'owner', 'created_at', 'updated_at', 'expires_at')) = 8
), guest as (
  -- Tables of the platform's that take policies, triggers and indexes of the project's.
  select c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) as name from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where (n.nspname = 'storage' and c.relname in ('buckets', 'objects')) or (n.nspname = 'auth' and c.relname = 'users')
), host as (
  select oid, relkind, name, true as is_own from relation union all select oid, relkind, name, false from guest
), element as (
  select a.attrelid, a.attnum, a.attname, a.attislocal, format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
    || coalesce((select format(' collate %I.%I', n.nspname, l.collname) from pg_collation l
        join pg_namespace n on n.oid = l.collnamespace join pg_type t on t.oid = a.atttypid
        where l.oid = a.attcollation and a.attcollation <> t.typcollation), '')
    || case a.attgenerated when 's' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
        when 'v' then format(' generated always as (%s) virtual', pg_get_expr(d.adbin, d.adrelid))
        else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end
    || case when a.attidentity = '' then '' else (select format(
        ' generated %s as identity (sequence name %I.%I start with %s increment by %s minvalue %s maxvalue %s cache %s%s)',
        case a.attidentity when 'a' then 'always' else 'by default' end, sn.nspname, sc.relname, s.seqstart, s.seqincrement,
        s.seqmin, s.seqmax, s.seqcache, case when s.seqcycle then ' cycle' else '' end)
        from pg_depend y join pg_sequence s on s.seqrelid = y.objid join pg_class sc on sc.oid = s.seqrelid
        join pg_namespace sn on sn.oid = sc.relnamespace
        where y.classid = 'pg_class'::regclass and y.refclassid = 'pg_class'::regclass and y.deptype = 'i'
          and y.refobjid = a.attrelid and y.refobjsubid = a.attnum) end
    || case when a.attnotnull then ' not null' else '' end as definition
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped
), grants as (
  -- Who but the owner may do what.
  select g.classid, g.objid, string_agg(format('grant %s on %s %s to %s%s;', g.privileges, g.what, g.name,
    case g.grantee when 0 then 'public' else g.grantee::regrole::text end,
    case when g.is_grantable then ' with grant option' else '' end), E'\n' order by g.grantee::regrole::text, g.is_grantable) as text
  from (select u.classid, u.objid, u.what, u.name, u.grantee, u.is_grantable,
    string_agg(lower(u.privilege) || u.part, ', ' order by u.part, u.privilege) as privileges from (
    select 'pg_class'::regclass as classid, r.oid as objid, case r.relkind when 'S' then 'sequence' else 'table' end as what, r.name,
      x.grantee, x.is_grantable, x.privilege_type as privilege, '' as part
    from relation r, aclexplode(coalesce(r.relacl, acldefault(case r.relkind when 'S' then 's' else 'r' end::"char", r.relowner))) x
    where r.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and x.grantee <> r.relowner
    union all
    select 'pg_class'::regclass, r.oid, 'table', r.name, x.grantee, x.is_grantable, x.privilege_type, format(' (%I)', a.attname)
    from relation r join pg_attribute a on a.attrelid = r.oid and not a.attisdropped, aclexplode(a.attacl) x
    where x.grantee <> r.relowner
    union all
    select 'pg_proc'::regclass, p.oid, 'routine', p.oid::regprocedure::text, x.grantee, x.is_grantable, x.privilege_type, ''
    from pg_proc p join own o on o.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
    where x.grantee <> p.proowner
    union all
    select 'pg_namespace'::regclass, o.oid, 'schema', o.name, x.grantee, x.is_grantable, x.privilege_type, ''
    from own o, aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) x where x.grantee <> o.nspowner
  ) u group by u.classid, u.objid, u.what, u.name, u.grantee, u.is_grantable) g group by g.classid, g.objid
), guarded as (
  select 'pg_class'::regclass as classid, r.oid as objid, case r.relkind when 'S' then 'sequence' else 'table' end as what, r.name
  from relation r where r.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  union all
  select 'pg_proc'::regclass, p.oid, 'routine', p.oid::regprocedure::text from pg_proc p join own o on o.oid = p.pronamespace
  where ('pg_proc'::regclass, p.oid) not in (select classid, objid from member)
  union all select 'pg_namespace'::regclass, o.oid, 'schema', o.name from own o
), object (rank, ord, classid, objid, kind, identity, definition, undo) as (
  select 0, e.oid, 'pg_extension'::regclass::oid, e.oid, 'extension', quote_ident(e.extname),
    format('create extension if not exists %I with schema %I;', e.extname, n.nspname), null
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace where n.nspname <> 'pg_catalog'
  union all
  select 1, o.oid, 'pg_namespace'::regclass, o.oid, 'schema', o.name, format('create schema %s;', o.name), format('drop schema %s cascade', o.name)
  from own o where o.nspname not in ('public', 'documents')
  union all
  -- Enums, domains, composite types and ranges.
  select 2, t.oid, 'pg_type'::regclass, t.oid, 'type', format('%I.%I', o.nspname, t.typname), case t.typtype
      when 'e' then format('create type %I.%I as enum (%s);', o.nspname, t.typname,
        (select coalesce(string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder), '') from pg_enum e where e.enumtypid = t.oid))
      when 'd' then format('create domain %I.%I as %s%s%s%s%s;', o.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
        coalesce((select format(' collate %I.%I', n.nspname, l.collname) from pg_collation l join pg_namespace n on n.oid = l.collnamespace
          join pg_type b on b.oid = t.typbasetype where l.oid = t.typcollation and t.typcollation <> b.typcollation), ''),
        coalesce(' default ' || t.typdefault, ''), case when t.typnotnull then ' not null' else '' end,
        coalesce((select string_agg(format(' constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), '' order by k.conname)
          from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), ''))
      when 'c' then format('create type %I.%I as (%s);', o.nspname, t.typname,
        (select coalesce(string_agg(e.definition, ', ' order by e.attnum), '') from element e where e.attrelid = t.typrelid))
      else format('create type %I.%I as range (subtype = %s%s);', o.nspname, t.typname, r.rngsubtype::regtype,
        case when r.rngsubdiff::oid = 0 then '' else ', subtype_diff = ' || r.rngsubdiff::text end) end,
    format('drop type %I.%I cascade', o.nspname, t.typname)
  from pg_type t join own o on o.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
  left join pg_range r on r.rngtypid = t.oid
  where (t.typtype in ('e', 'd') or (t.typtype = 'c' and c.relkind = 'c') or (t.typtype = 'r' and r.rngcanonical::oid = 0))
  union all
  select 2, p.oid, 'pg_proc'::regclass, p.oid, 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid) || ';',
    format('drop routine %s cascade', p.oid::regprocedure)
  from pg_proc p join own o on o.oid = p.pronamespace where p.prokind <> 'a'
  union all
  select 2, p.oid, 'pg_proc'::regclass, p.oid, 'aggregate', p.oid::regprocedure::text,
    format('create aggregate %I.%I(%s) (sfunc = %s, stype = %s%s%s%s%s%s%s%s);', o.nspname, p.proname,
      coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), a.aggtransfn, format_type(a.aggtranstype, null),
      case when a.aggtransspace = 0 then '' else ', sspace = ' || a.aggtransspace end,
      case when a.aggfinalfn::oid = 0 then '' else ', finalfunc = ' || a.aggfinalfn::text end, case when a.aggfinalextra then ', finalfunc_extra' else '' end,
      case when a.aggcombinefn::oid = 0 then '' else ', combinefunc = ' || a.aggcombinefn::text end,
      case when a.aggserialfn::oid = 0 then '' else format(', serialfunc = %s, deserialfunc = %s', a.aggserialfn, a.aggdeserialfn) end,
      coalesce(', initcond = ' || quote_literal(a.agginitval), ''),
      case p.proparallel when 's' then ', parallel = safe' when 'r' then ', parallel = restricted' else '' end),
    format('drop aggregate %s cascade', p.oid::regprocedure)
  from pg_proc p join own o on o.oid = p.pronamespace join pg_aggregate a on a.aggfnoid = p.oid
  where a.aggkind = 'n' and a.aggmtransfn::oid = 0 and a.aggsortop = 0
  union all
  select 2, k.oid, 'pg_cast'::regclass, k.oid, 'cast', format('(%s as %s)', k.castsource::regtype, k.casttarget::regtype),
    format('create cast (%s as %s) %s%s;', k.castsource::regtype, k.casttarget::regtype,
      case k.castmethod when 'f' then 'with function ' || k.castfunc::regprocedure when 'i' then 'with inout' else 'without function' end,
      case k.castcontext when 'i' then ' as implicit' when 'a' then ' as assignment' else '' end),
    format('drop cast (%s as %s) cascade', k.castsource::regtype, k.casttarget::regtype)
  from pg_cast k where k.oid >= 16384
  union all
  select 2, r.oid, 'pg_class'::regclass, r.oid, 'sequence', r.name, format(
      'create sequence %s as %s start with %s increment by %s minvalue %s maxvalue %s cache %s%s;', r.name, s.seqtypid::regtype, s.seqstart,
      s.seqincrement, s.seqmin, s.seqmax, s.seqcache, case when s.seqcycle then ' cycle' else '' end), format('drop sequence %s cascade', r.name)
  from relation r join pg_sequence s on s.seqrelid = r.oid
  where not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'i')
  union all
  select 2, c.oid, 'pg_class'::regclass, c.oid, 'collection', c.name, format('select basalt.restore_collection(%L, %L);', c.relname,
    (select jsonb_build_object('schema', k.schema, 'rules', k.rules, 'indexes', k.indexes, 'ttl', k.ttl)
      from basalt_documents.collections k where k.name = c.relname)), format('drop table %s cascade', c.name)
  from collection c
  union all
  select 2, r.oid, 'pg_class'::regclass, r.oid, 'table', r.name, format('create %stable %s%s%s%s;',
      case r.relpersistence when 'u' then 'unlogged ' else '' end, r.name,
      case when r.relispartition
        then (select format(' partition of %I.%I %s', pn.nspname, p.relname, pg_get_expr(r.relpartbound, r.oid)) from pg_inherits i
          join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace where i.inhrelid = r.oid)
        else format(' (%s)', (select coalesce(string_agg(e.definition, ', ' order by e.attnum), '') from element e
          where e.attrelid = r.oid and e.attislocal))
          || coalesce((select ' inherits (' || string_agg(format('%I.%I', pn.nspname, p.relname), ', ' order by i.inhseqno) || ')'
            from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
            where i.inhrelid = r.oid), '') end,
      case when r.relkind = 'p' then ' partition by ' || pg_get_partkeydef(r.oid) else '' end,
      coalesce(' with (' || array_to_string(r.reloptions, ', ') || ')', '')), format('drop table %s cascade', r.name)
  from relation r where r.relkind in ('r', 'p') and r.reloftype = 0 and r.oid not in (select oid from collection)
  union all
  select 2, r.oid, 'pg_class'::regclass, r.oid, 'view', r.name, format('create %sview %s%s as %s',
      case r.relkind when 'm' then 'materialized ' else '' end, r.name,
      coalesce(' with (' || array_to_string(r.reloptions, ', ') || ')', ''),
      case when r.relkind = 'm' and not r.relispopulated then rtrim(pg_get_viewdef(r.oid), ';') || ' with no data;'
        else pg_get_viewdef(r.oid) end),
    format('drop %sview %s cascade', case r.relkind when 'm' then 'materialized ' else '' end, r.name)
  from relation r where r.relkind in ('v', 'm')
  union all
  select 3, c.oid, 0, 0, 'column', format('%I of %s', e.attname, c.name), format('alter table %s add column %s;', c.name, e.definition),
    format('alter table %s drop column %I cascade', c.name, e.attname)
  from collection c join element e on e.attrelid = c.oid
  where e.attname not in ('parent', 'id', 'data', 'version', 'owner', 'created_at', 'updated_at', 'expires_at')
  union all
  select 3, r.oid, 0, 0, 'ownership', r.name, format('alter sequence %s owned by %s.%I;', r.name, t.name, a.attname), null
  from relation r join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'a' and d.refclassid = 'pg_class'::regclass
  join relation t on t.oid = d.refobjid join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid where r.relkind = 'S'
  union all
  select case k.contype when 'c' then 5 when 'f' then 7 else 4 end, k.oid, 'pg_constraint'::regclass, k.oid, 'constraint',
    format('%I on %s', k.conname, r.name), format('alter table %s add constraint %I %s;', r.name, k.conname, pg_get_constraintdef(k.oid)),
    format('alter table %s drop constraint %I cascade', r.name, k.conname)
  from pg_constraint k join relation r on r.oid = k.conrelid
  where k.contype in ('p', 'u', 'x', 'c', 'f') and k.conparentid = 0 and k.coninhcount = 0
    and not (r.oid in (select oid from collection) and (k.contype = 'p' or k.conname = r.relname || '_data_check'))
  union all
  select 6, x.oid, 'pg_class'::regclass, x.oid, 'index', format('%I on %s', x.relname, h.name), regexp_replace(pg_get_indexdef(x.oid), ' ON ONLY ', ' ON ') || ';',
    case when h.is_own then format('drop index %I.%I cascade', n.nspname, x.relname) end
  from pg_index i join host h on h.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = x.relnamespace
  where not exists (select from pg_constraint k where k.conindid = x.oid and k.contype in ('p', 'u', 'x'))
    and not exists (select from pg_inherits y where y.inhrelid = x.oid) and h.name <> 'auth.users'
  union all
  select 8, r.oid, 0, 0, 'row security', r.name, format('alter table %s %s row level security, %s row level security;', r.name,
      case when r.relrowsecurity then 'enable' else 'disable' end, case when r.relforcerowsecurity then 'force' else 'no force' end),
    format('alter table %s disable row level security, no force row level security', r.name)
  from relation r where r.relrowsecurity or r.relforcerowsecurity
  union all
  select 8, r.oid, 0, 0, 'replica identity', r.name, format('alter table %s replica identity %s;', r.name,
    case r.relreplident when 'f' then 'full' else 'nothing' end), format('alter table %s replica identity default', r.name)
  from relation r where r.relkind in ('r', 'p') and r.relreplident in ('f', 'n')
  union all
  select 9, p.oid, 'pg_policy'::regclass, p.oid, 'policy', format('%I on %s', p.polname, h.name), format('create policy %I on %s as %s for %s to %s%s%s;', p.polname, h.name,
      case when p.polpermissive then 'permissive' else 'restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      (select string_agg(case when g = 0 then 'public' when g = (select oid from owner) then 'current_user' else g::regrole::text end, ', ' order by g)
        from unnest(p.polroles) g),
      coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''),
      coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')), format('drop policy %I on %s', p.polname, h.name)
  from pg_policy p join host h on h.oid = p.polrelid
  union all
  -- Triggers of functions that the owner may not use are the platform's: of events, which belong to deployed functions.
  select 9, t.oid, 'pg_trigger'::regclass, t.oid, 'trigger', format('%I on %s', t.tgname, h.name), pg_get_triggerdef(t.oid) || ';'
      || case t.tgenabled when 'O' then '' else format(' alter table %s %s trigger %I;', h.name,
        case t.tgenabled when 'D' then 'disable' when 'A' then 'enable always' else 'enable replica' end, t.tgname) end,
    case when h.is_own then format('drop trigger %I on %s', t.tgname, h.name) end
  from pg_trigger t join host h on h.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid join pg_namespace n on n.oid = p.pronamespace
  where not t.tgisinternal and t.tgparentid = 0 and has_function_privilege((select oid from owner), p.oid, 'execute')
    and not (n.nspname = 'basalt_documents' and p.proname = 'touch' and h.oid in (select oid from collection))
  union all
  select 9, w.oid, 'pg_rewrite'::regclass, w.oid, 'rule', format('%I on %s', w.rulename, r.name), pg_get_ruledef(w.oid), format('drop rule %I on %s', w.rulename, r.name)
  from pg_rewrite w join relation r on r.oid = w.ev_class where w.rulename <> '_RETURN'
  union all
  select 9, s.oid, 'pg_statistic_ext'::regclass, s.oid, 'statistics', format('%I.%I', o.nspname, s.stxname), pg_get_statisticsobjdef(s.oid) || ';',
    format('drop statistics %I.%I', o.nspname, s.stxname)
  from pg_statistic_ext s join own o on o.oid = s.stxnamespace
  union all
  select 10, g.objid, 0, 0, 'privileges', g.what || ' ' || g.name, format(
    'revoke all on %s %s from public, anon, authenticated, service_role;', g.what, g.name) || coalesce(E'\n' || r.text, ''), null
  from guarded g left join grants r on r.classid = g.classid and r.objid = g.objid
  union all
  select 10, d.oid, 0, 0, 'default privileges', format('%s in %s', k.what, o.name), format(
      'alter default privileges in schema %1$s revoke all on %2$s from public, anon, authenticated, service_role;', o.name, k.what)
      || coalesce((select string_agg(format(E'\nalter default privileges in schema %s grant %s on %s to %s;', o.name, x.privileges, k.what,
          case x.grantee when 0 then 'public' else x.grantee::regrole::text end), '' order by x.grantee::regrole::text)
        from (select a.grantee, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as privileges
          from aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole group by a.grantee) x), ''),
    format('alter default privileges in schema %s revoke all on %s from public, anon, authenticated, service_role', o.name, k.what)
  from pg_default_acl d join own o on o.oid = d.defaclnamespace
  join (values ('r', 'tables'), ('S', 'sequences'), ('f', 'functions'), ('T', 'types')) k (type, what) on k.type = d.defaclobjtype
  where d.defaclrole = (select oid from owner)
), comment as (
  select format('%s %s', case when i.type like '% column' then 'column' when i.type like '% constraint' then 'constraint'
    when i.type = 'composite type' then 'type' else i.type end, i.identity) as target, d.description
  from pg_description d cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
  where (d.classoid, d.objoid) in (select classid, objid from object where classid not in (0, 'pg_extension'::regclass))
), everything as (
  -- What could lie in the project's schemas beside that.
  select 'pg_class'::regclass as classid, r.oid from relation r where r.relkind = 'f' or r.reloftype <> 0
  union all select 'pg_type'::regclass, t.oid from pg_type t join own o on o.oid = t.typnamespace
    where t.typtype in ('b', 'p', 'r') and t.typcategory <> 'A'
  union all select 'pg_proc'::regclass, p.oid from pg_proc p join own o on o.oid = p.pronamespace where p.prokind = 'a'
  union all select 'pg_operator'::regclass, x.oid from pg_operator x join own o on o.oid = x.oprnamespace
  union all select 'pg_opclass'::regclass, x.oid from pg_opclass x join own o on o.oid = x.opcnamespace
  union all select 'pg_opfamily'::regclass, x.oid from pg_opfamily x join own o on o.oid = x.opfnamespace
  union all select 'pg_collation'::regclass, x.oid from pg_collation x join own o on o.oid = x.collnamespace
  union all select 'pg_conversion'::regclass, x.oid from pg_conversion x join own o on o.oid = x.connamespace
  union all select 'pg_ts_config'::regclass, x.oid from pg_ts_config x join own o on o.oid = x.cfgnamespace
  union all select 'pg_ts_dict'::regclass, x.oid from pg_ts_dict x join own o on o.oid = x.dictnamespace
  union all select 'pg_publication'::regclass, x.oid from pg_publication x
  union all select 'pg_foreign_server'::regclass, x.oid from pg_foreign_server x
)
select o.rank, o.ord, o.kind, o.identity, o.definition, o.undo from object o
where o.classid = 0 or (o.classid, o.objid) not in (select classid, objid from member)
union all
select 11, 0, 'comment', c.target, format('comment on %s is %L;', c.target, c.description), format('comment on %s is null', c.target)
from comment c
union all
select 12, e.oid, i.type, i.identity, null, null
from everything e cross join lateral pg_identify_object(e.classid, e.oid, 0) i
where (e.classid, e.oid) not in (select classid, objid from member)
  and (e.classid::oid, e.oid) not in (select classid, objid from object)
order by 1, 2, 3, 4
