import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { BasaltError, createClient, NetworkError } from '../dist/index.js';
import { answer, serve, signal } from './server.js';

const failure = (promise) => promise.then(() => assert.fail('it did not fail'), (error) => error);
const document = { path: 'a/b', id: 'b', version: 1, owner: null, createdAt: '', updatedAt: '', data: {} };

test('the key goes with every request, the token as it is at that moment', async (t) => {
  const { url, requests } = await serve(t, (_, response) => answer(response, 200, document));
  const tokens = [null, 'first', 'second'];
  const basalt = createClient(`${url}/`, 'key', { accessToken: async () => tokens.shift() });
  for (let i = 0; i < 3; i++) await basalt.documents.doc('a/b').get();
  assert.deepEqual(requests.map(({ headers }) => headers.apikey), ['key', 'key', 'key']);
  assert.deepEqual(requests.map(({ headers }) => headers.authorization), [undefined, 'Bearer first', 'Bearer second']);
  assert.deepEqual(requests.map(({ url }) => url), Array(3).fill('/documents/v1/a/b'));
});

test('the session of a supabase-js client is a source of tokens', async (t) => {
  const { url, requests } = await serve(t, (_, response) => answer(response, 200, document));
  const sessions = [null, { access_token: 'token' }];
  const auth = { getSession: async () => ({ data: { session: sessions.shift() } }) };
  const basalt = createClient(url, 'key', { auth });
  for (let i = 0; i < 2; i++) await basalt.documents.doc('a/b').get();
  assert.deepEqual(requests.map(({ headers }) => headers.authorization), [undefined, 'Bearer token']);
});

test('another origin never sees the key', async (t) => {
  const other = await serve(t, (_, response) => answer(response, 200, document));
  const { url } = await serve(t, (_, response) => response.writeHead(307, { location: `${other.url}/documents/v1/a/b` }).end());
  const error = await failure(createClient(url, 'the-key', { accessToken: () => 'the-token' }).documents.doc('a/b').get());
  assert.ok(error instanceof NetworkError);
  assert.equal(other.requests.length, 0);
});

test('what is wrong with a key is said without the key', () => {
  for (const key of ['secret\n', 'secrét', '', undefined, 'two words secret']) {
    assert.throws(() => createClient('http://localhost', key), (error) => error instanceof TypeError && !/secr/.test(inspect(error.message)));
  }
  for (const url of ['localhost:8000', 'ftp://localhost', '', 'not a url']) {
    assert.throws(() => createClient(url, 'key'), TypeError, url);
  }
});

test('an error has what the server said of it', async (t) => {
  const problem = {
    title: 'The document does not match', status: 422, code: 'schema_violation', detail: 'title: a string', write: 3, sqlstate: '22000',
    violations: [{ pointer: '/title', keyword: 'type' }],
  };
  const { url } = await serve(t, (_, response) => answer(response, 422, problem, { 'retry-after': '7' }));
  const error = await failure(createClient(url, 'key').documents.doc('a/b').set({}));
  assert.ok(error instanceof BasaltError && !(error instanceof NetworkError));
  const { name, message, code, status, detail, hint, pointer, sqlstate, write, retryAfter } = error;
  assert.deepEqual(
    { name, message, code, status, detail, hint, pointer, sqlstate, write, retryAfter },
    {
      name: 'BasaltError', message: 'The document does not match: title: a string', code: 'schema_violation', status: 422,
      detail: 'title: a string', hint: undefined, pointer: '/title', sqlstate: '22000', write: 3, retryAfter: 7,
    },
  );
  assert.equal(error.problem.violations[0].keyword, 'type');
});

test('an error of PostgREST has its message, details and hint', async (t) => {
  const { url } = await serve(t, (_, response) =>
    answer(response, 409, { code: '23505', message: 'duplicate key', details: 'Key (id)=(5) already exists.', hint: null, index: 1 }));
  const error = await failure(createClient(url, 'key').batch((batch) => batch.select('t')));
  const { message, code, status, detail, hint, sqlstate, index } = error;
  assert.deepEqual(
    { message, code, status, detail, hint, sqlstate, index },
    {
      message: 'duplicate key: Key (id)=(5) already exists.', code: '23505', status: 409, detail: 'Key (id)=(5) already exists.',
      hint: undefined, sqlstate: '23505', index: 1,
    },
  );
});

test('an answer that is not of a Basalt is an error of its own', async (t) => {
  const statuses = [200, 502];
  const { url } = await serve(t, (_, response) => response.writeHead(statuses.shift(), { 'content-type': 'text/html' }).end('<html>'));
  const page = await failure(createClient(url, 'key').documents.doc('a/b').get());
  assert.deepEqual([page.code, page.status], ['unexpected_answer', 200]);
  const gateway = await failure(createClient(url, 'key').documents.doc('a/b').get());
  assert.deepEqual([gateway.code, gateway.status, gateway.message], ['unexpected_answer', 502, 'HTTP 502']);
});

test('a server that is away, and an answer that is cut, are network errors', async (t) => {
  const { url } = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"path":');
    setImmediate(() => response.destroy());
  });
  for (const at of ['http://127.0.0.1:1', url]) {
    const error = await failure(createClient(at, 'key').documents.doc('a/b').get());
    assert.ok(error instanceof NetworkError, inspect(error));
    assert.deepEqual([error.status, error.code], [0, 'network_error']);
    assert.ok(error.cause);
  }
});

test('a call that is aborted fails with the reason, and the server learns of it', async (t) => {
  const gone = signal();
  const stopping = new AbortController();
  const { url } = await serve(t, (_, response) => {
    response.on('close', gone.resolve);
    stopping.abort(new Error('enough'));
  });
  const error = await failure(createClient(url, 'key').sql.query('select pg_sleep(60)', [], { signal: stopping.signal }));
  assert.equal(error.message, 'enough');
  await gone.promise;
});
