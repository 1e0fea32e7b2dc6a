// "SQL over HTTP" of docs/data.md.

import { fresh, ledger, notes } from '../lib/names.js';

export const base = '/sql/v1';

const t = fresh('t');
const run = (name, body, expected) => ({ name, post: '', body, ...expected });
const value = (type, given, told = given) => ({ name: `${type}: ${JSON.stringify(given)} goes in and ${given === told ? 'comes out' : `comes out as ${JSON.stringify(told)}`}`, post: '', body: { query: `select $1::${type} as v`, params: [given] }, part: { rows: [{ v: told }] } });
const refused = (name, body, status, part) => ({ name, post: '', body, status, part });
const forbidden = (name, query) => refused(name, { query }, (status) => status >= 400 && status < 500, { sqlstate: /./ });
const absent = { post: '', body: { query: `select to_regclass('public.${t}') is null as absent` }, part: { rows: [{ absent: true }] } };

export default [
  run('a query answers columns, rows, their number and its command', { query: "select 1::bigint as id, 'x' as name, null as nothing" }, { json: { columns: [{ name: 'id', type: 'int8' }, { name: 'name', type: 'text' }, { name: 'nothing', type: 'text' }], rows: [{ id: 1, name: 'x', nothing: null }], rowCount: 1, command: 'SELECT' } }),
  run('rows may be arrays', { query: 'select 1 as a, 2 as a', rowMode: 'array' }, { part: { rows: [[1, 2]] } }),
  run('several statements are one transaction, and the answer is the last one\'s', { query: `create table ${t} (a int); insert into ${t} values (1), (2); drop table ${t}; select 5 as five` }, { part: { rows: [{ five: 5 }], command: 'SELECT' } }),
  run('several statements are all or none', { query: `create table ${t} (a int); select 1/0` }, { status: 400, part: { code: 'sql_error', sqlstate: '22012' }, then: absent }),
  run('a row count is of what was changed', { query: `create temp table x as select generate_series(1, 3) i; delete from x where i > 1` }, { part: { rowCount: 2, command: 'DELETE' } }),

  value('numeric', 0.5), value('int8', '9223372036854775807', 9223372036854775807), value('float8', 1.5), value('float8', 'NaN'), value('float8', '-Infinity'),
  value('bool', true), value('text', null), value('text', 'null'), value('text', ''), value('text', "'; drop table x; -- é😀\n"),
  value('bytea', '\\x00ff'), value('uuid', '5d2c7f7e-1111-2222-3333-00000000000a'), value('date', '2020-01-02'), value('date', 'infinity'), value('time', '04:05:00'),
  value('timestamp', '2020-01-02 03:04:00', '2020-01-02T03:04:00'), value('timestamptz', '2020-01-02T03:04:05.678901+02:00', '2020-01-02T01:04:05.678901Z'),
  value('interval', '1 year 2 mons 3 days 04:05:06', 'P1Y2M3DT4H5M6S'), value('int4range', '[1,5)'), value('int4[]', [1, null, 3]), value('int4[]', []), value('text[]', ['a,b', '{}', '"', 'null', null]),
  value('numeric[]', [1.5, '2'], [1.5, 2]), value('jsonb', { a: [1, { b: null }] }), value('jsonb', [1, 'x']), value('json', { a: 1 }), value('inet', '10.0.0.1/8'), value('point', '(1,2)'), value('uuid[]', ['00000000-0000-0000-0000-000000000001', null]),
  { name: 'numbers keep their digits', post: '', type: 'application/json', body: '{"query":"select $1::numeric as v","params":[12345678901234567890.10]}', text: /"v": ?12345678901234567890\.10/ },
  { name: 'digits within JSON are kept in the database', post: '', type: 'application/json', body: '{"query":"select $1::jsonb ->> \'n\' as v","params":[{"n":12345678901234567890.10}]}', text: /"v": ?"12345678901234567890\.10"/ },
  ...["interval '1.5 s'", "'Infinity'::numeric", "date '0044-03-15 BC'"].map((expression) => run(`${expression} can't be told, its text can`, { query: `select ${expression}` }, { status: 422, part: { code: 'unreadable_value' }, then: { post: '', body: { query: `select (${expression})::text as t` }, part: { rows: ([{ t }]) => t.length > 0 } } })),
  run('a parameter has the type that PostgreSQL gives it', { query: `select id, amount + $2 as more from ${ledger} where id = $1`, params: [1, '0.5'] }, { part: { rows: [{ id: 1, more: 10.5 }] } }),

  run('a transaction answers each statement', { transaction: [{ query: 'select $1::int as a', params: [1] }, { query: 'select 2 as b' }] }, { part: { results: (all) => all.length === 2 && all[0].rows[0].a === 1 && all[1].rows[0].b === 2 } }),
  run('a transaction is all or none, and names the statement that failed', { transaction: [{ query: `insert into ${ledger} values ($1, null, 1)`, params: [200] }, { query: `insert into ${ledger} values ($1, null, 1)`, params: [200] }] }, { status: 409, part: { code: 'sql_conflict', sqlstate: '23505', statement: 1, constraint: `${ledger}_pkey` }, then: { post: '', body: { query: `select * from ${ledger} where id = 200` }, part: { rows: [] } } }),
  ...['read committed', 'repeatable read', 'serializable'].flatMap((isolation) => [
    run(`a query runs as ${isolation}`, { query: "select current_setting('transaction_isolation') as i", isolation }, { part: { rows: [{ i: isolation }] } }),
    run(`a transaction runs as ${isolation}`, { transaction: [{ query: "select current_setting('transaction_isolation') as i" }], isolation }, { part: { results: ([{ rows }]) => rows[0].i === isolation } }),
  ]),
  refused('an isolation that there is not is refused', { query: 'select 1', isolation: 'chaos' }, 400, { code: 'invalid_sql_request' }),
  run('read-only refuses to write', { query: `delete from ${ledger}`, readOnly: true }, { status: 400, part: { code: 'sql_error', sqlstate: '25006' }, then: { post: '', body: { query: `select count(*) > 0 as some from ${ledger}` }, part: { rows: [{ some: true }] } } }),
  run('read-only can not be left', { query: `set transaction read write; delete from ${ledger}`, readOnly: true }, { status: (status) => status >= 400 && status < 500, then: { post: '', body: { query: `select count(*) > 0 as some from ${ledger}` }, part: { rows: [{ some: true }] } } }),
  ...['commit', 'rollback', 'begin', 'abort'].map((query) => refused(`${query} is refused within a transaction`, { transaction: [{ query }, { query: 'select 1' }] }, 400, { code: 'invalid_sql_request' })),

  refused('no body is refused', '', 400, { code: 'invalid_sql_request' }),
  ...[{}, { query: '' }, { query: '  ' }, { query: 1 }, { query: 'select 1', params: 1 }, { query: 'select 1', rowMode: 'table' }, { transaction: [] }, { transaction: {} }, { transaction: [{}] }, { query: 'select 1', transaction: [] }, { query: 'select 1', readOnly: 'yes' }].map((body) => refused(`${JSON.stringify(body)} is refused`, body, 400, { code: 'invalid_sql_request' })),
  ...['{"query":', '[]', '1', 'null'].map((body) => ({ name: `a body that is ${body} is refused`, post: '', type: 'application/json', body, status: 400 })),
  refused('a syntax error has its SQLSTATE and position', { query: 'select * form x' }, 400, { code: 'sql_error', sqlstate: '42601', position: Number.isInteger }),
  refused('an unknown table has its SQLSTATE and position', { query: 'select * from no_such_table where a = $1', params: [1] }, 400, { sqlstate: '42P01', position: 15 }),
  refused('too few parameters are refused', { query: 'select $1::int, $2::int', params: [1] }, 400, {}),
  refused('too many parameters are refused', { query: 'select $1::int', params: [1, 2] }, 400, {}),
  refused('a parameter of another type is refused', { query: 'select $1::int', params: ['x'] }, 400, { sqlstate: '22P02' }),
  refused('a parameter that holds NUL is refused', { query: 'select $1::text', params: ['a\u0000b'] }, 400, {}),
  refused('several statements with parameters are refused', { query: 'select $1::int; select 2', params: [1] }, 400, {}),
  refused('a check that fails says which', { query: `insert into ${ledger} values (300, null, -1)` }, (status) => status === 400 || status === 409, { sqlstate: '23514' }),
  refused('RAISE says what it says', { query: "do $$ begin raise exception 'no way' using errcode = 'P0002', hint = 'try again'; end $$" }, 400, { detail: 'no way', sqlstate: 'P0002', hint: 'try again' }),
  run('a statement past its own timeout is cancelled', { query: "set local statement_timeout = '50ms'; select pg_sleep(30)" }, { status: 422, part: { code: 'time_cap_exceeded', sqlstate: '57014' } }),
  run('more rows than the cap are refused, which is named', { query: 'select generate_series(1, 500000000)' }, { status: 422, part: { code: 'row_cap_exceeded', detail: /basalt\.data\.sql\.max-rows/ } }),
  run('more bytes than the cap are refused, which is named', { query: "select repeat('x', 1000000) from generate_series(1, 1000)" }, { status: 422, part: { code: 'byte_cap_exceeded', detail: /basalt\.data\.sql\.max-bytes/ } }),

  { name: 'NDJSON has the columns, the rows and their number', post: '', accept: 'application/x-ndjson', body: { query: 'select i from generate_series(1, 3) i' }, text: '{"columns":[{"name":"i","type":"int4"}]}\n{"i":1}\n{"i":2}\n{"i":3}\n{"rowCount":3}\n', answer: { 'content-type': /^application\/x-ndjson/ } },
  { name: 'NDJSON takes rows as arrays and parameters', post: '', accept: 'application/x-ndjson', body: { query: 'select $1::text as a, $2::jsonb', params: ['x', [1]], rowMode: 'array' }, text: /\n\["x",\[1\]\]\n\{"rowCount":1\}\n$/ },
  { name: 'NDJSON has no cap of rows', post: '', accept: 'application/x-ndjson', body: { query: 'select i from generate_series(1, 50000) i' }, text: (text) => text.endsWith('\n{"i":50000}\n{"rowCount":50000}\n') },
  { name: 'a failure on the way is a last line with error', post: '', accept: 'application/x-ndjson', body: { query: 'select 1/(20000 - i) as q from generate_series(1, 30000) i' }, text: (text) => { const lines = text.trimEnd().split('\n'); return lines.length > 2 && JSON.parse(lines.at(-1)).error.sqlstate === '22012' && !text.includes('rowCount'); } },
  { name: 'a failure before the first row has its status', post: '', accept: 'application/x-ndjson', body: { query: 'select 1/(1 - i) from generate_series(1, 3) i' }, status: 400, part: { sqlstate: '22012' } },
  { name: 'NDJSON is for one query that reads', post: '', accept: 'application/x-ndjson', body: { query: `insert into ${ledger} values (400, null, 1)` }, status: 400, part: { code: 'invalid_sql_request' }, then: { post: '', body: { query: `select * from ${ledger} where id = 400` }, part: { rows: [] } } },
  { name: 'NDJSON is not for transactions', post: '', accept: 'application/x-ndjson', body: { transaction: [{ query: 'select 1' }] }, status: 400, part: { code: 'invalid_sql_request' } },

  run('SQL sees documents', { query: `select data ->> 'text' as text from documents.${notes} where id = $1`, params: ['ann-public'] }, { part: { rows: [{ text: 'of ann' }] } }),
  run('a setting does not outlive its request', { query: "set basalt.x = 'y'; set search_path = 'pg_catalog'" }, { then: { post: '', body: { query: "select current_setting('basalt.x', true) as x, current_setting('search_path') as p" }, part: { rows: ([{ x, p }]) => !x && p !== 'pg_catalog' } } }),
  run('a role does not outlive its request', { query: 'set role anon' }, { then: { post: '', body: { query: 'select current_user <> $1 as other', params: ['anon'] }, part: { rows: [{ other: true }] } } }),
  run('a temporary table does not outlive its request', { query: 'create temp table kept (a int)' }, { then: { post: '', body: { query: "select to_regclass('pg_temp.kept') is null as gone" }, part: { rows: [{ gone: true }] } } }),
  run('a lock does not outlive its request', { query: 'select pg_advisory_lock(4711)' }, { then: { post: '', body: { query: "select count(*) as n from pg_locks where locktype = 'advisory' and objid = 4711" }, part: { rows: [{ n: 0 }] } } }),
  run('LISTEN does not outlive its request', { query: 'listen gossip' }, { then: { post: '', body: { query: 'select count(*) as n from pg_listening_channels()' }, part: { rows: [{ n: 0 }] } } }),
  run('a prepared statement does not outlive its request', { query: 'prepare kept as select 1' }, { then: { post: '', body: { query: "select count(*) as n from pg_prepared_statements where name = 'kept'" }, part: { rows: [{ n: 0 }] } } }),
  run('a transaction left open does not outlive its request', { query: `begin; insert into ${ledger} values (500, null, 1)` }, { then: { post: '', body: { query: `select pg_current_xact_id_if_assigned() is null as none` }, part: { rows: [{ none: true }] } } }),
  forbidden('COPY to a program is refused', "copy (select 1) to program 'true'"),
  forbidden('COPY from a file is refused', `copy ${ledger} from '/etc/passwd'`),
  forbidden('reading a file is refused', "select pg_read_file('/etc/passwd')"),
  forbidden('listing a directory is refused', "select pg_ls_dir('/')"),
  forbidden('the role of the platform is refused', 'set role basalt_platform'),
  forbidden('becoming a superuser is refused', 'alter role current_user superuser'),
  forbidden('making a role is refused', 'create role mallory superuser login'),
  forbidden('the secrets of users are refused', 'select encrypted_password from auth.users'),
  forbidden('the sessions of users are refused', 'select * from auth.sessions'),
  forbidden('changing a table of the platform is refused', 'alter table auth.users add column x int'),
  forbidden('dropping a table of the platform is refused', 'drop table storage.objects'),
  forbidden('the events of the platform are refused', 'select * from basalt.events'),
  forbidden('dropping a database is refused', 'drop database postgres'),
  forbidden('an extension that reads files is refused', 'create extension file_fdw'),
  forbidden('a language that is not trusted is refused', 'create extension plpython3u'),
  forbidden('another setting of the server is refused', 'alter system set log_statement = $$all$$'),
  { name: 'COPY to the client is refused', post: '', body: { query: 'copy (select 1) to stdout' }, status: 400, part: { code: 'invalid_sql_request' }, then: { post: '', body: { query: 'select 1 as one' }, part: { rows: [{ one: 1 }] } } },
  { name: 'COPY from the client is refused', post: '', body: { query: `copy ${ledger} from stdin` }, status: 400, part: { code: 'invalid_sql_request' }, then: { post: '', body: { query: 'select 1 as one' }, part: { rows: [{ one: 1 }] } } },
  ...['anon', 'ann'].flatMap((as) => [
    { name: `${as} runs no query`, as, post: '', body: { query: 'select 1' }, status: 403 },
    { name: `${as} runs no transaction`, as, post: '', body: { transaction: [{ query: 'select 1' }] }, status: 403 },
    { name: `${as} runs no stream`, as, post: '', accept: 'application/x-ndjson', body: { query: 'select 1' }, status: 403 },
  ]),
];
