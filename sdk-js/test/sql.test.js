import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BasaltError, createClient, NetworkError } from '../dist/index.js';
import { asking, serve, signal } from './server.js';

const streaming = (t, text) => serve(t, (_, response) => response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(text));
const rows = async (url, options) => {
  const all = [];
  for await (const row of createClient(url, 'key').sql.stream('select', [], options)) all.push(row);
  return all;
};

test('queries and transactions are sent as the server takes them', async (t) => {
  const result = { columns: [], rows: [{ n: 1 }], rowCount: 1, command: 'SELECT' };
  const { basalt, requests } = await asking(t, createClient, { ...result, results: [result] });
  assert.deepEqual(await basalt.sql.query('select $1', [null], { readOnly: true }), { ...result, results: [result] });
  assert.deepEqual(await basalt.sql.transaction(['select 1', { query: 'select $1', params: [2] }], { isolation: 'serializable', rowMode: 'array' }), [result]);
  assert.deepEqual(requests.map(({ method, url, text }) => [method, url, JSON.parse(text)]), [
    ['POST', '/sql/v1', { query: 'select $1', params: [null], readOnly: true }],
    ['POST', '/sql/v1', { transaction: [{ query: 'select 1' }, { query: 'select $1', params: [2] }], isolation: 'serializable', rowMode: 'array' }],
  ]);
});

test('a stream is rows, whatever its columns are called', async (t) => {
  const text = '{"columns":[{"name":"rowCount","type":"int4"},{"name":"error","type":"text"},{"name":"__proto__","type":"text"}]}\n[1,"é",null]\n[2,null,"x"]\n{"rowCount":2}\n';
  const { url, requests } = await streaming(t, text);
  const all = await rows(url);
  assert.deepEqual(all.map(Object.entries), [
    [['rowCount', 1], ['error', 'é'], ['__proto__', null]],
    [['rowCount', 2], ['error', null], ['__proto__', 'x']],
  ]);
  assert.deepEqual(await rows(url, { rowMode: 'array' }), [[1, 'é', null], [2, null, 'x']]);
  assert.equal(requests[0].headers.accept, 'application/x-ndjson');
});

test('a stream that is cut does not look whole', async (t) => {
  const header = '{"columns":[{"name":"n","type":"int4"}]}\n';
  for (const text of ['', header, `${header}[1]\n`, `${header}[1]\n[2`, `${header}[1]\n{"rowCount":1}`]) {
    const { url } = await streaming(t, text);
    await assert.rejects(rows(url), NetworkError, text);
  }
});

test('a failure on the way is an error after the rows before it', async (t) => {
  const { url } = await streaming(t, '{"columns":[{"name":"n","type":"int4"}]}\n[1]\n{"error":{"title":"No","status":400,"code":"sql_error","sqlstate":"22012"}}\n');
  const seen = [];
  await assert.rejects(
    async () => {
      for await (const row of createClient(url, 'key').sql.stream('select')) seen.push(row);
    },
    (error) => error instanceof BasaltError && error.sqlstate === '22012' && error.status === 400,
  );
  assert.deepEqual(seen, [{ n: 1 }]);
});

test('a stream is read no faster than its rows are taken', async () => {
  let pulled = 0;
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(encoder.encode(pulled++ === 0 ? '{"columns":[{"name":"n","type":"int4"}]}\n' : `[${pulled}]\n`));
    },
    cancel: () => (pulled = -1),
  }, { highWaterMark: 0 });
  const fetch = async () => new Response(body, { headers: { 'content-type': 'application/x-ndjson' } });
  const stream = createClient('http://localhost', 'key', { fetch }).sql.stream('select');
  for (let i = 2; i < 50; i++) {
    await stream.next();
    await new Promise(setImmediate);
    assert.equal(pulled, i);
  }
  await stream.return();
  assert.equal(pulled, -1);
});

test('leaving the loop ends the request', async (t) => {
  const gone = signal();
  const { url } = await serve(t, (_, response) => {
    response.on('close', gone.resolve);
    response.writeHead(200).write('{"columns":[{"name":"n","type":"int4"}]}\n[1]\n');
  });
  for await (const { n } of createClient(url, 'key').sql.stream('select')) if (n === 1) break;
  await gone.promise;
});
