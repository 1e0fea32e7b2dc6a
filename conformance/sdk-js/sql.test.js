import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BasaltError, createClient } from '@basalt/sdk';
import { secretKey, sql, until, url } from '../lib/basalt.js';
import { named, service, stranger, user } from './people.js';

const table = named('sdk_rows');

before(() => sql(`
  create table ${table} (id int primary key, owner uuid default auth.uid(), note text);
  alter table ${table} enable row level security;
  create policy own on ${table} for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid())`));
after(() => sql(`drop table ${table}`));

const failure = (promise) => promise.then((value) => assert.fail(`it was done: ${JSON.stringify(value)}`), (error) => error);

test('values of every kind go in and come out', async () => {
  const { columns, rows, rowCount, command } = await service.sql.query(
    'select $1::int as i, $2::text as t, $3::int[] as a, $4::jsonb as j, $5::timestamptz as at, $6::bool as b, $7::text as n',
    [1, `it's; "x" \\`, [1, 2], { k: [null, 'é'] }, new Date(0), true, null],
  );
  assert.deepEqual(rows, [{ i: 1, t: `it's; "x" \\`, a: [1, 2], j: { k: [null, 'é'] }, at: '1970-01-01T00:00:00Z', b: true, n: null }]);
  assert.deepEqual([columns[2], rowCount, command], [{ name: 'a', type: 'int4[]' }, 1, 'SELECT']);
  const { rows: arrays } = await service.sql.query('select 1 as x, 2 as x', [], { rowMode: 'array' });
  assert.deepEqual(arrays, [[1, 2]]);
});

test('a transaction is all or nothing', async () => {
  const insert = (id) => ({ query: `insert into ${table} (id) values ($1) returning id`, params: [id] });
  const done = await service.sql.transaction([insert(1), `select count(*)::int as n from ${table}`], { isolation: 'serializable' });
  assert.deepEqual(done.map(({ rows }) => rows), [[{ id: 1 }], [{ n: 1 }]]);
  const error = await failure(service.sql.transaction([insert(2), insert(1)]));
  assert.deepEqual([error.code, error.status, error.sqlstate, error.index], ['sql_conflict', 409, '23505', 1]);
  assert.deepEqual((await service.sql.query(`select id from ${table}`)).rows, [{ id: 1 }]);
  const written = await failure(service.sql.query(`delete from ${table}`, [], { readOnly: true }));
  assert.equal(written.sqlstate, '25006');
});

test('an error says where', async () => {
  const error = await failure(service.sql.query('select nothing'));
  assert.deepEqual([error.code, error.sqlstate, error.problem.position], ['sql_error', '42703', 8]);
});

test('SQL is for the secret key, and for a user with it', async () => {
  const ann = await user('sql-ann');
  for (const client of [stranger, ann.basalt]) {
    const error = await failure(client.sql.query('select 1'));
    assert.ok(error instanceof BasaltError && [401, 403].includes(error.status), String(error));
  }
  const asAnn = createClient(url, secretKey, { auth: ann.supabase.auth });
  assert.deepEqual((await asAnn.sql.query(`select id from ${table}`)).rows, []);
  await asAnn.sql.query(`insert into ${table} (id, note) values ($1, $2)`, [10, 'of ann']);
  assert.deepEqual((await asAnn.sql.query(`select id, owner from ${table}`)).rows, [{ id: 10, owner: ann.id }]);
});

test('a stream has all rows, in order, whatever they are called', async () => {
  let n = 0;
  for await (const row of service.sql.stream('select g as "rowCount", repeat($2, 100) as error from generate_series(1, $1::int) g', [30_000, 'é'])) {
    assert.equal(row.rowCount, ++n);
    assert.equal(row.error.length, 100);
  }
  assert.equal(n, 30_000);
  const pairs = [];
  for await (const pair of service.sql.stream('select 1 as x, 2 as x', [], { rowMode: 'array' })) pairs.push(pair);
  assert.deepEqual(pairs, [[1, 2]]);
});

test('a stream that fails on the way says so', async () => {
  let rows = 0;
  const error = await failure((async () => {
    for await (const _ of service.sql.stream('select 1 / (20000 - g) from generate_series(1, 30000) g')) rows++;
  })());
  assert.equal(error.sqlstate, '22012');
  assert.ok(rows > 0 && rows < 20_000, `${rows} rows`);
});

const running = async (mark) => (await sql(`select count(*)::int as n from pg_stat_activity where query like '%${mark}%' and state <> 'idle' and pid <> pg_backend_pid()`)).rows[0].n;

test('a stream that is left, and a query that is aborted, end on the server', async () => {
  const mark = named('left');
  for await (const _ of service.sql.stream(`select g, '${mark}', repeat('x', 10000) from generate_series(1, 1000000) g`)) break;
  // The connection that was left is nobody's: what comes next neither gets it nor is cancelled with it.
  const stopping = new AbortController();
  const slow = failure(service.sql.query(`select pg_sleep(50), '${mark}'`, [], { signal: stopping.signal }));
  const ended = slow.then((error) => assert.fail(String(error)));
  await Promise.race([ended, until('the query runs', async () => ((await running(mark)) > 0 ? true : undefined))]);
  ended.catch(() => {});
  stopping.abort();
  assert.equal((await slow).name, 'AbortError');
  await until('nothing runs', async () => ((await running(mark)) === 0 ? true : undefined));
});
