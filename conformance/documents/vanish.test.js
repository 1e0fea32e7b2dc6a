// Clients that go away, or read slowly, in the middle of a statement.

import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { run, secretKey, sql, until, url } from '../lib/basalt.js';

const marked = (what) => `${what}_${run}`;

/** Sends a statement and answers the response, whose body is not read. */
const ask = (body, accept = 'application/json') =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = http.request({ hostname, port, method: 'POST', path: '/sql/v1', agent: false, headers: { apikey: secretKey, accept, 'content-type': 'application/json' } }, (answer) => resolve({ request, answer }));
    request.on('error', reject);
    request.end(JSON.stringify(body));
    setTimeout(() => resolve({ request }), 500);
  });

const running = (mark) => sql(`select count(*)::int as n from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid() and query like $1`, [`%${mark}%`]).then(({ rows }) => rows[0].n);

test('a client that goes away cancels its statement', async () => {
  const mark = marked('sleeper');
  const { request } = await ask({ query: `select pg_sleep(50) as ${mark}` });
  assert.equal(await running(mark), 1);
  request.on('error', () => {});
  request.destroy();
  await until('its statement is cancelled', async () => ((await running(mark)) === 0 ? true : undefined));
});

test('a client that goes away rolls its transaction back', async () => {
  const table = marked('vanished');
  const { request } = await ask({ transaction: [{ query: `create table ${table} (a int)` }, { query: `select pg_sleep(50) as ${table}` }] });
  assert.equal(await running(table), 1);
  request.on('error', () => {});
  request.destroy();
  await until('its transaction is rolled back', async () => ((await running(table)) === 0 ? true : undefined));
  assert.equal((await sql(`select to_regclass('public.${table}') is null as gone`)).rows[0].gone, true);
});

test('a slow reader holds its statement back, and hanging up ends it', async () => {
  const key = Number.parseInt(run, 16) % 2 ** 31;
  const held = () => sql(`select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = $1`, [key]).then(({ rows }) => rows[0].n);
  const query = `with held as materialized (select pg_advisory_xact_lock(${key})) select repeat('x', 10000) as x from held, generate_series(1, 200000)`;
  const { request, answer } = await ask({ query }, 'application/x-ndjson');
  assert.equal(answer.statusCode, 200);
  answer.pause();
  // Two gigabytes that nobody reads: whoever held them would be done soon, and the lock gone with the statement.
  await new Promise((resume) => setTimeout(resume, 3000));
  assert.equal(await held(), 1);
  answer.on('error', () => {});
  request.on('error', () => {});
  request.destroy();
  await until('its statement is gone', async () => ((await held()) === 0 ? true : undefined));
});
