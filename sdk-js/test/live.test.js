import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BasaltError, createClient, NetworkError } from '../dist/index.js';
import { answer, serve, signal } from './server.js';

const document = (id, version = 1) => ({ path: `a/${id}`, id, version, owner: null, createdAt: '', updatedAt: '', data: { id } });
const event = (name, id, data) => `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
const snapshot = (id, ...documents) => event('snapshot', id, { documents });
const change = (id, ...changes) => event('change', id, { changes });
const added = (index, one) => ({ type: 'added', index, document: one });
const modified = (index, one) => ({ type: 'modified', index, document: one });
const removed = (id) => ({ type: 'removed', path: `a/${id}` });
const quick = 'retry: 1\n\n';
const open = (response) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const live = (url, options) => createClient(url, 'key').documents.collection('a').order('x').live(options);
const shown = ({ documents }) => documents.map(({ id, version }) => id + version).join(' ');

/** The first snapshots of a live query. */
async function take(count, snapshots) {
  const taken = [];
  for await (const one of snapshots) if (taken.push(one) === count) break;
  return taken;
}

test('changes are applied to what was there', async (t) => {
  const { url, requests } = await serve(t, (_, response) => {
    open(response).write(quick + snapshot('s1', document('b'), document('d'), document('f')));
    response.write(':\n\n');
    response.write(change('s2', removed('d'), modified(0, document('f', 2)), added(1, document('c'))));
    response.write(change('s3', removed('b')));
  });
  const snapshots = await take(3, live(url));
  assert.deepEqual(snapshots.map(shown), ['b1 d1 f1', 'f2 c1 b1', 'f2 c1']);
  assert.deepEqual(snapshots[0].changes, [added(0, document('b')), added(1, document('d')), added(2, document('f'))]);
  assert.deepEqual(snapshots[1].changes, [removed('d'), modified(0, document('f', 2)), added(1, document('c'))]);
  assert.equal(requests[0].headers.accept, 'text/event-stream');
  assert.equal(requests[0].url, '/documents/v1/a?order=x');
});

test('an event may come in any pieces', async (t) => {
  const text = `${quick}: hello\r\nevent: snapshot\r\nid:s1\r\ndata: {"documents":\r\ndata:${JSON.stringify([{ ...document('ü€😀') }])}}\r\n\r\n`;
  const { url } = await serve(t, async (_, response) => {
    open(response);
    for (const byte of Buffer.from(text)) await new Promise((written) => response.write(Buffer.of(byte), written));
  });
  const [one] = await take(1, live(url));
  assert.equal(shown(one), 'ü€😀1');
});

test('a lost connection goes on from what was seen last', async (t) => {
  const { url, requests } = await serve(t, (_, response, request) => {
    open(response);
    if (request === 1) return response.end(quick + snapshot('s1', document('a'), document('b')) + change('s2', removed('a')));
    if (request === 2) return response.write(quick, () => response.destroy());
    if (request === 3) return response.end(change('s3', added(1, document('c'))) + 'event: change\nid: s9\ndata: {"chan');
    return response.write(snapshot('s4', document('b', 2), document('d')));
  });
  const retried = [];
  const snapshots = await take(4, live(url, { onRetry: (failure, wait) => retried.push([failure instanceof NetworkError, wait <= 4]) }));
  assert.deepEqual(snapshots.map(shown), ['a1 b1', 'b1', 'b1 c1', 'b2 d1']);
  assert.deepEqual(snapshots[3].changes, [removed('c'), modified(0, document('b', 2)), added(1, document('d'))]);
  assert.deepEqual(requests.map(({ headers }) => headers['last-event-id']), [undefined, 's2', 's2', 's3']);
  assert.deepEqual(retried, [[true, true], [true, true], [true, true]]);
});

test('a token is asked for anew with each connection', async (t) => {
  const { url, requests } = await serve(t, (_, response, request) => open(response).end(quick + snapshot(`s${request}`, document('a', request))));
  const tokens = ['first', 'second'];
  await take(2, createClient(url, 'key', { accessToken: () => tokens.shift() }).documents.collection('a').live());
  assert.deepEqual(requests.map(({ headers }) => headers.authorization), ['Bearer first', 'Bearer second']);
});

test('a server that stays away is tried a limited number of times', async (t) => {
  const { url, requests } = await serve(t, (_, response, request) => {
    if (request === 1) return open(response).end(quick + snapshot('s1', document('a')));
    return answer(response, 503, { status: 503, code: 'unavailable' });
  });
  const seen = [];
  const error = await (async () => {
    for await (const one of live(url, { retries: 3 })) seen.push(shown(one));
  })().catch((failure) => failure);
  assert.ok(error instanceof BasaltError);
  assert.equal(error.code, 'unavailable');
  assert.deepEqual(seen, ['a1']);
  assert.equal(requests.length, 4);
});

test('pauses grow, and are as long as the server asks for', async (t) => {
  const { url } = await serve(t, (_, response, request) => {
    if (request === 1) return open(response).end(quick);
    return answer(response, 429, { status: 429, code: 'too_many_live_queries' }, request === 5 ? { 'retry-after': '1' } : {});
  });
  const waits = [];
  await assert.rejects(take(1, live(url, { retries: 5, onRetry: (_, wait) => waits.push(wait) })), { code: 'too_many_live_queries' });
  assert.equal(waits.length, 5);
  waits.slice(0, 4).forEach((wait, i) => assert.ok(wait >= 2 ** i / 2 && wait <= 2 ** i, `${waits}`));
  assert.equal(waits[4], 1000);
});

test('what the server refuses ends it at once', async (t) => {
  const { url, requests } = await serve(t, (_, response) => answer(response, 404, { status: 404, code: 'unknown_collection' }));
  await assert.rejects(take(1, live(url)), { code: 'unknown_collection' });
  assert.equal(requests.length, 1);
  const page = await serve(t, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>\n\n'));
  await assert.rejects(take(1, live(page.url)), { code: 'unexpected_answer' });
  assert.equal(page.requests.length, 1);
});

test('a connection that says nothing is given up', async (t) => {
  const gone = signal();
  const { url, requests } = await serve(t, (_, response, request) => {
    open(response).write(quick + snapshot(`s${request}`, document('a', request)));
    if (request === 1) response.on('close', gone.resolve);
  });
  const failures = [];
  const snapshots = await take(2, live(url, { silence: 200, onRetry: (failure) => failures.push(failure) }));
  assert.deepEqual(snapshots.map(shown), ['a1', 'a2']);
  assert.match(failures[0].message, /200 ms/);
  assert.ok(failures[0] instanceof NetworkError);
  await gone.promise;
  assert.equal(requests[1].headers['last-event-id'], 's1');
});

test('leaving the loop closes the connection', async (t) => {
  const gone = signal();
  const { url } = await serve(t, (_, response) => {
    response.on('close', gone.resolve);
    open(response).write(snapshot('s1', document('a')));
  });
  await take(1, live(url));
  await gone.promise;
});

test('an aborted signal ends the loop, whatever it waits for', async (t) => {
  const gone = signal();
  const stopping = new AbortController();
  const { url, requests } = await serve(t, (_, response) => {
    response.on('close', gone.resolve);
    open(response).write(snapshot('s1', document('a')));
  });
  const seen = [];
  for await (const one of live(url, { signal: stopping.signal })) {
    seen.push(shown(one));
    setImmediate(() => stopping.abort());
  }
  assert.deepEqual(seen, ['a1']);
  await gone.promise;
  for await (const _ of live(url, { signal: stopping.signal })) assert.fail('it is over');
  assert.equal(requests.length, 1);

  const waiting = new AbortController();
  for await (const _ of live('http://127.0.0.1:1', { signal: waiting.signal, onRetry: () => setImmediate(() => waiting.abort()) })) {
    assert.fail('nobody is there');
  }
});

test('a subscriber is called until it stops, and hears why it ended', async (t) => {
  const { url } = await serve(t, (_, response, request) => {
    if (request === 1) open(response).write(snapshot('s1', document('a')) + change('s2', modified(0, document('a', 2))) + change('s3', removed('a')));
    else answer(response, 403, { status: 403, code: 'document_forbidden' });
  });
  const collection = createClient(url, 'key').documents.collection('a');
  const seen = [];
  const second = signal();
  const stop = collection.subscribe((one) => {
    seen.push(shown(one));
    if (seen.length === 2) {
      stop();
      second.resolve();
    }
  });
  await second.promise;
  const refused = signal();
  collection.subscribe(() => assert.fail('it is refused'), refused.resolve);
  assert.equal((await refused.promise).code, 'document_forbidden');
  assert.deepEqual(seen, ['a1', 'a2']);
  const thrown = signal();
  const again = await serve(t, (_, response) => open(response).write(snapshot('s1', document('a'))));
  createClient(again.url, 'key').documents.collection('a').subscribe(() => {
    throw new Error('mine');
  }, thrown.resolve);
  assert.equal((await thrown.promise).message, 'mine');
});

test('one document is followed by its id', async (t) => {
  const { url, requests } = await serve(t, (_, response) =>
    open(response).write(snapshot('s1') + change('s2', added(0, document('x'))) + change('s3', removed('x'))));
  const seen = [];
  for await (const one of createClient(url, 'key').documents.doc('a/x').live()) {
    if (seen.push(one?.id ?? null) === 3) break;
  }
  assert.deepEqual(seen, [null, 'x', null]);
  assert.equal(decodeURIComponent(requests[0].url), '/documents/v1/a?$id=eq."x"');
});
