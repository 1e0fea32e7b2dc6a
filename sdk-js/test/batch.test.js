import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../dist/index.js';
import { asking } from './server.js';

const responses = (...bodies) => ({ responses: bodies.map((body) => ({ status: 200, headers: {}, body })) });
const sent = (requests) => JSON.parse(requests.at(-1).text);

test('a later request uses what an earlier one returns', async (t) => {
  const { basalt, requests } = await asking(t, createClient, responses({ id: 5 }, [{ id: 7 }], [{ id: 5 }]));
  const made = await basalt.batch((batch) => {
    const author = batch.insert('authors', { name: 'Mann' }, { columns: 'id' });
    const books = batch.insert('books', [{ title: 'Z', author_id: author.ref((row) => row.id) }]);
    const found = batch.select('books', { where: (is) => [is.eq('author_id', author.ref((row) => row.id)), is.in('id', [books.ref((rows) => rows[0].id), 3])] });
    return { author, rest: [books, found], constant: 1 };
  }, { isolation: 'serializable' });
  assert.deepEqual(made, { author: { id: 5 }, rest: [[{ id: 7 }], [{ id: 5 }]], constant: 1 });
  assert.equal(requests[0].url, '/rest/v1:batch');
  const { requests: parts, isolation } = sent(requests);
  assert.equal(isolation, 'serializable');
  assert.deepEqual(parts[0], {
    method: 'POST', path: '/authors?select=id', body: { name: 'Mann' },
    headers: { prefer: 'return=representation', accept: 'application/vnd.pgrst.object+json' },
  });
  assert.deepEqual(parts[1], {
    method: 'POST', path: '/books', body: [{ title: 'Z', author_id: { $ref: '#/0/body/id' } }], headers: { prefer: 'return=representation' },
  });
  assert.deepEqual(decodeURIComponent(parts[2].path), '/books?and=(author_id.eq.${0.body.id},id.in.(${1.body.0.id},3))');
});

test('what is answered is what was asked for', async (t) => {
  const { basalt } = await asking(t, createClient, responses(1, 2));
  assert.equal(await basalt.batch((batch) => (batch.call('f'), batch.call('g'))), 2);
  assert.deepEqual(await basalt.batch(async (batch) => [batch.call('f'), batch.call('g')]), [1, 2]);
  assert.equal(await basalt.batch((batch) => void batch.call('f')), undefined);
});

test('an empty batch asks nothing', async (t) => {
  const { basalt, requests } = await asking(t, createClient);
  assert.deepEqual(await basalt.batch(() => ({})), {});
  assert.equal(requests.length, 0);
});

test('data that looks like a reference stays data', async (t) => {
  const { basalt, requests } = await asking(t, createClient, responses(null));
  await basalt.batch((batch) => {
    batch.insert('t', { a: { $ref: '#/0/body' }, b: [{ $literal: 1 }], c: { $ref: 1, x: 2 }, d: new Date(0), e: null });
    batch.delete('t', (is) => [is.eq('x', '${0.body}'), is.eq('${y}', 'a),b.eq."c')]);
  });
  const [insert, remove] = sent(requests).requests;
  assert.deepEqual(insert.body, { a: { $literal: { $ref: '#/0/body' } }, b: [{ $literal: { $literal: 1 } }], c: { $ref: 1, x: 2 }, d: '1970-01-01T00:00:00.000Z', e: null });
  assert.equal(decodeURIComponent(remove.path), '/t?and=(x.eq."$\\{0.body}","$\\{y}".eq."a),b.eq.\\"c")');
});

test('every kind of request is what PostgREST makes of it', async (t) => {
  const { basalt, requests } = await asking(t, createClient, responses());
  await basalt.batch((batch) => {
    batch.select('a b', { columns: 'id,b(*)', order: 'id.desc', limit: 2, offset: 4 });
    batch.upsert('t', [{ id: 1 }], { onConflict: 'id', ignoreDuplicates: true });
    batch.upsert('t', { id: 1 }, { returning: false });
    batch.update('t', { x: 1 }, (is) => [is.contains('tags', ['a"b', 1, null]), is.contains('data', { k: ['v'] }), is.gt('data->>n', 3)]);
    batch.call('f g', { a: [1] });
    batch.request({ method: 'PUT', path: '/t?id=eq.1', headers: { 'content-type': 'text/csv' }, body: 'id\n1' });
  });
  assert.deepEqual(sent(requests).requests.map(({ path, ...rest }) => ({ path: decodeURIComponent(path), ...rest })), [
    { method: 'GET', path: '/a b?select=id,b(*)&order=id.desc&limit=2&offset=4' },
    { method: 'POST', path: '/t?on_conflict=id', body: [{ id: 1 }], headers: { prefer: 'return=representation,resolution=ignore-duplicates' } },
    { method: 'POST', path: '/t', body: { id: 1 }, headers: { prefer: 'return=minimal,resolution=merge-duplicates' } },
    {
      method: 'PATCH', path: '/t?and=(tags.cs."\\{\\"a\\\\\\"b\\",\\"1\\",NULL}",data.cs."\\{\\"k\\":[\\"v\\"]}",data->>n.gt.3)', body: { x: 1 },
      headers: { prefer: 'return=representation' },
    },
    { method: 'POST', path: '/rpc/f g', body: { a: [1] } },
    { method: 'PUT', path: '/t?id=eq.1', headers: { 'content-type': 'text/csv' }, body: 'id\n1' },
  ]);
});

test('a reference steps into members and does nothing else', async (t) => {
  const { basalt, requests } = await asking(t, createClient, responses());
  const wrong = [(row) => row.id + 1, (row) => `${row.id}`, () => 5, () => null];
  for (const pick of wrong) await assert.rejects(basalt.batch((batch) => batch.call('f').ref(pick)), TypeError);
  await basalt.batch((batch) => {
    const one = batch.call('f');
    batch.call('g', { whole: one.ref((body) => body), odd: one.ref((body) => body['a/b~c'].d) });
  });
  assert.deepEqual(sent(requests).requests[1].body, { whole: { $ref: '#/0/body' }, odd: { $ref: '#/0/body/a~1b~0c/d' } });
  await assert.rejects(basalt.batch((batch) => batch.select('t', { where: (is) => [is.eq('a', batch.call('f').ref((body) => body['x.y']))] })), TypeError);
});
