// "Live queries" of docs/documents.md: what a listener hears, and what it does not.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { operator, sql, until } from '../lib/basalt.js';
import { credentials, signUp } from '../lib/people.js';
import { applied, listen } from './lib/events.js';
import { declaration, fresh } from './lib/names.js';

const collection = fresh('live');
const path = `/documents/v1/${collection}`;
const people = {};
const open = [];

before(async () => {
  people.lea = await signUp('lea');
  await operator('PUT', `/platform/v1${declaration(collection)}`, { rules: { read: 'resource.data.public == true || resource.owner == auth.uid' } });
});
after(async () => {
  await Promise.all(open.map((stream) => stream.close()));
  await operator('DELETE', `/platform/v1${declaration(collection)}?force=true`);
});

const put = (id, data) => operator('PUT', `${path}/${id}`, data);
async function subscribe(query, as = 'service', last = undefined) {
  const stream = await listen(path + query, credentials(as, people), last);
  open.push(stream);
  return stream;
}

/** Reads changes until the documents are as expected; each state on the way has to follow from the one before. */
async function becomes(stream, documents, expected) {
  let list = documents;
  while (JSON.stringify(list.map(({ id }) => id)) !== JSON.stringify(expected)) {
    const { event, data } = await stream.next();
    assert.equal(event, 'change');
    list = applied(list, data.changes);
  }
  return list;
}

test('a snapshot comes first, then changes by whatever way', async () => {
  await put('a1', { kind: 'ways', n: 1 });
  const stream = await subscribe('?kind=eq.ways&order=n');
  assert.equal(stream.status, 200);
  assert.match(stream.type, /^text\/event-stream/);
  const { event, id, data } = await stream.next();
  assert.equal(event, 'snapshot');
  assert.ok(id);
  let list = data.documents;
  assert.deepEqual(list.map((one) => one.id), ['a1']);
  await put('a2', { kind: 'ways', n: 0 });
  list = await becomes(stream, list, ['a2', 'a1']);
  await operator('POST', '/documents/v1:commit', { writes: [{ op: 'merge', path: `${collection}/a2`, data: { n: 2 } }, { op: 'create', path: `${collection}/a3`, data: { kind: 'ways', n: 1.5 } }] });
  list = await becomes(stream, list, ['a1', 'a3', 'a2']);
  await sql(`delete from documents.${collection} where id = 'a3'`);
  list = await becomes(stream, list, ['a1', 'a2']);
  await sql(`update documents.${collection} set data = '{"kind": "ways", "n": 9}' where id = 'a1'`);
  list = await becomes(stream, list, ['a2', 'a1']);
  assert.equal(list[1].data.n, 9);
  await put('a2', { kind: 'other' });
  await becomes(stream, list, ['a1']);
});

test('what a query does not find is not told', async () => {
  const stream = await subscribe('?kind=eq.quiet');
  assert.deepEqual((await stream.next()).data.documents, []);
  await put('q1', { kind: 'loud' });
  await put('q2', { kind: 'quiet' });
  const { data } = await stream.next();
  assert.deepEqual(data.changes.map(({ type, document }) => [type, document.id]), [['added', 'q2']]);
});

test('select and limit hold for changes', async () => {
  await put('l2', { kind: 'limited', n: 2, secret: 'x' });
  const stream = await subscribe('?kind=eq.limited&order=n&limit=1&select=n');
  const { data } = await stream.next();
  assert.deepEqual(data.documents.map((one) => one.data), [{ n: 2 }]);
  await put('l1', { kind: 'limited', n: 1, secret: 'x' });
  const list = await becomes(stream, data.documents, ['l1']);
  assert.deepEqual(list[0].data, { n: 1 });
});

test('what policies hide is not told, and what they show is', async () => {
  const stream = await subscribe('?kind=eq.policies', 'anon');
  assert.deepEqual((await stream.next()).data.documents, []);
  await put('p1', { kind: 'policies', n: 'hidden' });
  await put('p2', { kind: 'policies', public: true });
  const first = await stream.next();
  assert.deepEqual(first.data.changes.map(({ document }) => document.id), ['p2']);
  await put('p1', { kind: 'policies', public: true });
  let list = await becomes(stream, first.data.changes.map(({ document }) => document), ['p1', 'p2']);
  await put('p2', { kind: 'policies', n: 'hidden again' });
  list = await becomes(stream, list, ['p1']);
  assert.ok(!JSON.stringify(list).includes('hidden'));
});

test('somebody else of the same query hears what that one may see', async () => {
  await sql(`insert into documents.${collection} (id, owner, data) values ('o1', $1, '{"kind": "owned"}')`, [people.lea.id]);
  const [hers, anons] = await Promise.all([subscribe('?kind=eq.owned', 'lea'), subscribe('?kind=eq.owned', 'anon')]);
  assert.deepEqual((await hers.next()).data.documents.map(({ id }) => id), ['o1']);
  assert.deepEqual((await anons.next()).data.documents, []);
});

test('who comes back hears what changed meanwhile, or gets a snapshot', async () => {
  await put('r1', { kind: 'resumed', n: 1 });
  const first = await subscribe('?kind=eq.resumed&order=n');
  const { id, data } = await first.next();
  await first.close();
  await put('r2', { kind: 'resumed', n: 2 });
  const again = await subscribe('?kind=eq.resumed&order=n', 'service', id);
  const { event, data: missed } = await again.next();
  const list = event === 'snapshot' ? missed.documents : applied(data.documents, missed.changes);
  assert.deepEqual(list.map((one) => one.id), ['r1', 'r2']);
});

test('an id that is made up is answered by a snapshot', async () => {
  const stream = await subscribe('?kind=eq.made-up', 'service', "' or 1=1 --");
  assert.equal((await stream.next()).event, 'snapshot');
});

test('a query that is none is refused before anything streams', async () => {
  for (const [query, status] of [['?kind=foo.1', 400], ['?cursor=x', 400], ['?limit=5000', 400]]) {
    const stream = await subscribe(query);
    assert.equal(stream.status, status, query);
    assert.match(stream.type, /problem\+json/);
  }
  const nowhere = await listen(`/documents/v1/${fresh('nowhere')}`, credentials('service', people));
  assert.equal(nowhere.status, 404);
  await nowhere.close();
});

test('nothing is told of after the listener has gone', async () => {
  const stream = await subscribe('?kind=eq.gone');
  await stream.next();
  await stream.close();
  await put('g1', { kind: 'gone' });
  await until('its document is there', async () => (await operator('GET', `${path}?kind=eq.gone`)).documents[0]);
});
