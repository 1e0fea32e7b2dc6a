import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrayUnion, createClient, increment, max, serverTimestamp } from '../dist/index.js';
import { answer, asking, serve } from './server.js';

const document = { path: 'a/b', id: 'b', version: 17, owner: null, createdAt: '', updatedAt: '', data: {} };

test('ids may hold anything, and stay ids', async (t) => {
  const { basalt, requests } = await asking(t, createClient, document);
  const collection = basalt.documents.collection('a');
  for (const id of ['x/y', '50%', '%2F', 'é', 'a?b#c', 'a\\b', ' ', 'x:commit', '...']) {
    const reference = collection.doc(id);
    await reference.get();
    const { pathname, search, hash } = new URL(requests.at(-1).url, 'http://server');
    assert.deepEqual([pathname.split('/').slice(3).map(decodeURIComponent), search, hash], [['a', id], '', '']);
    assert.equal(basalt.documents.doc(reference.path).id, id);
  }
  assert.equal(collection.doc('x/y').path, 'a/x%2Fy');
  assert.equal(collection.doc('x/y').collection('c').doc('%').path, 'a/x%2Fy/c/%25');
});

test('what would be a request about something else is refused before it is sent', async (t) => {
  const { basalt, requests } = await asking(t, createClient, document);
  const collection = basalt.documents.collection('a');
  for (const id of ['.', '..', '', undefined]) assert.throws(() => collection.doc(id), TypeError);
  for (const path of ['a', 'a/b/c', 'a/', '/a', 'a/..', 'a/%2e%2E', 'a/%', 'a/%zz']) assert.throws(() => basalt.documents.doc(path), TypeError, path);
  for (const path of ['', 'a/b', 'a//b', 'a/../b']) assert.throws(() => basalt.documents.collection(path), TypeError, path);
  await assert.rejects(async () => collection.doc('\ud800').get(), TypeError);
  await assert.rejects(async () => collection.eq('x', '\ud800').list(), TypeError);
  for (const value of [undefined, NaN, Infinity, () => 1]) assert.throws(() => collection.eq('x', value), TypeError);
  assert.throws(() => collection.gt('x', null), TypeError);
  assert.throws(() => collection.or(() => []), TypeError);
  for (const value of [{}, [], null]) assert.throws(() => collection.overlaps('x', [value]), TypeError);
  assert.equal(requests.length, 0);
});

test('preconditions are headers', async (t) => {
  const { basalt, requests } = await asking(t, createClient, document);
  const doc = basalt.documents.doc('a/b');
  const sent = () => {
    const { method, headers, text } = requests.at(-1);
    return [method, headers['if-match'], headers['if-none-match'], headers['content-type'], text];
  };
  await doc.set({ x: 1 }, { version: 17 });
  assert.deepEqual(sent(), ['PUT', '"17"', undefined, 'application/json', '{"x":1}']);
  await doc.set({ x: 1 }, document);
  assert.deepEqual(sent(), ['PUT', '"17"', undefined, 'application/json', '{"x":1}']);
  await doc.create({});
  assert.deepEqual(sent(), ['PUT', undefined, '*', 'application/json', '{}']);
  await doc.merge({ x: null }, { exists: true });
  assert.deepEqual(sent(), ['PATCH', '*', undefined, 'application/merge-patch+json', '{"x":null}']);
  await doc.patch([{ op: 'remove', path: '/x' }]);
  assert.deepEqual(sent(), ['PATCH', undefined, undefined, 'application/json-patch+json', '[{"op":"remove","path":"/x"}]']);
  await doc.delete({ version: 17 });
  assert.deepEqual(sent(), ['DELETE', '"17"', undefined, undefined, '']);
});

test('a document that is known is not sent again', async (t) => {
  const { url, requests } = await serve(t, (_, response) => response.writeHead(304).end());
  const known = { ...document };
  assert.equal(await createClient(url, 'key').documents.doc('a/b').get({ known }), known);
  assert.equal(requests[0].headers['if-none-match'], '"17"');
});

test('only a missing document is null', async (t) => {
  const codes = ['document_not_found', 'unknown_collection'];
  const { url } = await serve(t, (_, response) => answer(response, 404, { status: 404, code: codes.shift() }));
  const doc = createClient(url, 'key').documents.doc('a/b');
  assert.equal(await doc.get(), null);
  await assert.rejects(doc.get(), { code: 'unknown_collection' });
});

test('an update is tried a limited number of times, and only where it was in the way of another', async (t) => {
  let version = 0;
  const codes = [];
  const { url, requests } = await serve(t, (request, response) => {
    if (request.method === 'GET') answer(response, 200, { ...document, version: ++version, data: { n: version } });
    else if (codes.length > 0) answer(response, 412, { code: codes.shift() });
    else answer(response, 200, document);
  });
  const doc = createClient(url, 'key').documents.doc('a/b');
  const writes = () => requests.filter(({ method }) => method === 'PUT').map(({ headers, text }) => [headers['if-match'], text]);
  codes.push('precondition_failed', 'write_conflict');
  await doc.update(({ n }) => ({ n: n + 10 }));
  assert.deepEqual(writes(), [['"1"', '{"n":11}'], ['"2"', '{"n":12}'], ['"3"', '{"n":13}']]);
  codes.push('precondition_failed', 'precondition_failed', 'precondition_failed');
  await assert.rejects(doc.update((data) => data, { attempts: 2 }), { code: 'precondition_failed' });
  assert.equal(writes().length, 5);
  codes.unshift('document_forbidden');
  await assert.rejects(doc.update((data) => data), { code: 'document_forbidden' });
  assert.equal(writes().length, 6);
});

test('a query is the grammar of the server', async (t) => {
  const { basalt, requests } = await asking(t, createClient, { documents: [] });
  const all = basalt.documents.collection('a');
  const asked = async (query) => {
    await query.list();
    return decodeURIComponent(requests.at(-1).url.split('?')[1] ?? '');
  };
  assert.equal(await asked(all), '');
  assert.equal(await asked(all.eq('title', 'Hello').gt('stars', 4.5)), 'title=eq."Hello"&stars=gt.4.5');
  assert.equal(await asked(all.eq('a', '5')), 'a=eq."5"');
  assert.equal(await asked(all.eq('a', 'say "\\" ${x}')), 'a=eq."say \\"\\\\\\" $\\{x}"');
  assert.equal(await asked(all.eq('a', null).neq('b', null).eq('c', true)), 'a=is.null&b=not.is.null&c=eq.true');
  assert.equal(await asked(all.in('a', [1, 'x,y'])), 'a=in.("1","\\"x,y\\"")');
  assert.equal(await asked(all.contains('tags', ['a', 1]).contains('tags', 'b')), 'tags=cs.["a",1]&tags=cs."b"');
  assert.equal(await asked(all.overlaps('tags', ['a', 'b"c', 1, new Date(0)])), 'tags=ov.{"a","b\\"c","1","1970-01-01T00:00:00.000Z"}');
  assert.equal(await asked(all.gt('$createdAt', new Date(0))), '$createdAt=gt."1970-01-01T00:00:00.000Z"');
  assert.equal(await asked(all.where('a', 'fts', 'x & y').search('b', 'x -y', 'english')), 'a=fts."x & y"&b=wfts(english)."x -y"');
  assert.equal(await asked(all.eq('eq.order', 1).eq('count', 2).eq('first name.0', 3)), '"eq"."order"=eq.1&"count"=eq.2&"first name".0=eq.3');
  assert.equal(await asked(all.eq('"a.b".c', 1)), '"a.b".c=eq.1');
  assert.equal(
    await asked(all.or((is) => [is.eq('a', 1), is.and((is) => [is.lt('b', 2), is.not((is) => [is.isNull('c')])])])),
    'or=(a.eq.1,and(b.lt.2,not.and(c.is.null)))',
  );
  assert.equal(await asked(all.order('a').order('desc', 'desc').limit(3).after('cur+sor').select('b', 'c.d')), 'order=a,"desc".desc&select=b,c.d&limit=3&cursor=cur+sor');
  assert.equal(await asked(basalt.documents.group('c').eq('a', 1)), 'a=eq.1&group=true');
});

test('a query is never changed by another that is made from it', async (t) => {
  const { basalt, requests } = await asking(t, createClient, { documents: [] });
  const one = basalt.documents.collection('a').eq('x', 1);
  one.eq('y', 2).order('z').limit(1);
  await one.list();
  assert.equal(requests[0].url, '/documents/v1/a?x=eq.1');
});

/** A server with so many documents, page by page. */
const paged = (t, total) =>
  serve(t, (request, response) => {
    const { searchParams } = new URL(request.url, 'http://server');
    const from = Number(searchParams.get('cursor') ?? 0);
    const to = Math.min(total, from + Number(searchParams.get('limit')));
    const documents = Array.from({ length: to - from }, (_, i) => ({ ...document, id: String(from + i) }));
    answer(response, 200, { documents, ...(to < total ? { cursor: String(to) } : {}) });
  });

test('iterating reads page by page, as far as it gets', async (t) => {
  const { url, requests } = await paged(t, 250);
  const all = createClient(url, 'key').documents.collection('a');
  const ids = [];
  for await (const { id } of all) ids.push(Number(id));
  assert.deepEqual(ids, Array.from({ length: 250 }, (_, i) => i));
  assert.equal(requests.length, 3);
  for await (const { id } of all) if (id === '120') break;
  assert.equal(requests.length, 5);
  let seen = 0;
  for await (const _ of all.limit(130)) seen++;
  assert.equal(seen, 130);
  assert.equal(requests.at(-1).url, '/documents/v1/a?limit=30&cursor=100');
  const sizes = [];
  for await (const page of all.limit(25).pages({ size: 10 })) sizes.push(page.documents.length);
  assert.deepEqual(sizes, [10, 10, 5]);
});

test('aggregates come back under the names that they were asked by', async (t) => {
  const { basalt, requests } = await asking(t, createClient, { groups: [{ key: { '"order"': 'x', b: 1 }, count: 2, sum: { '"count"': 3 } }] });
  const groups = await basalt.documents.collection('a').eq('x', 1).order('y').limit(3).aggregate({ count: true, sum: ['count'], groupBy: ['order', 'b'] });
  assert.deepEqual(groups, [{ key: { order: 'x', b: 1 }, count: 2, sum: { count: 3 } }]);
  assert.equal(requests[0].url, '/documents/v1/a:aggregate?x=eq.1');
  assert.deepEqual(JSON.parse(requests[0].text), { count: true, sum: ['"count"'], groupBy: ['"order"', 'b'] });
});

test('documents got together stand in the order asked for', async (t) => {
  const { basalt, requests } = await asking(t, createClient, { documents: [{ ...document, path: 'a/x%2Fy' }, { ...document, path: 'a/é' }], missing: ['a/none'] });
  const all = basalt.documents.collection('a');
  const found = await basalt.documents.batchGet([all.doc('é'), all.doc('none'), all.doc('x/y'), all.doc('é')]);
  assert.deepEqual(found.map((one) => one?.path), ['a/é', undefined, 'a/x%2Fy', 'a/é']);
  assert.deepEqual(JSON.parse(requests[0].text), { paths: ['a/é', 'a/none', 'a/x%2Fy', 'a/é'] });
});

test('a commit is sent as one request, in the order of its writes', async (t) => {
  const { basalt, requests } = await asking(t, createClient, { writes: [{ path: 'a/b', action: 'updated', version: 3 }], sql: [] });
  const all = basalt.documents.collection('a');
  const doc = all.doc('b');
  await basalt.documents.commit(async (commit) => {
    commit.create(all, { n: 1 }).create(doc, { n: 2 }, { transforms: { at: serverTimestamp() } }).set(doc, { n: 3 }, { exists: false });
    await null;
    commit.merge(doc, { n: null }, { version: 17, transforms: { 'x.count': increment(1), y: max(3) } }).transform(doc, { tags: arrayUnion('a', 'b') });
    commit.patch(doc, [{ op: 'remove', path: '/n' }]).delete(doc, document).sql('select $1', [1]);
  });
  assert.equal(requests[0].url, '/documents/v1:commit');
  assert.deepEqual(JSON.parse(requests[0].text), {
    writes: [
      { op: 'create', path: 'a', data: { n: 1 } },
      { op: 'create', path: 'a/b', data: { n: 2 }, transforms: [{ field: 'at', serverTimestamp: true }] },
      { op: 'set', path: 'a/b', data: { n: 3 }, precondition: { exists: false } },
      { op: 'merge', path: 'a/b', data: { n: null }, precondition: { version: 17 }, transforms: [{ field: 'x."count"', increment: 1 }, { field: 'y', max: 3 }] },
      { op: 'merge', path: 'a/b', transforms: [{ field: 'tags', arrayUnion: ['a', 'b'] }] },
      { op: 'patch', path: 'a/b', data: [{ op: 'remove', path: '/n' }] },
      { op: 'delete', path: 'a/b', precondition: { version: 17 } },
    ],
    sql: [{ query: 'select $1', params: [1] }],
  });
  assert.deepEqual(await doc.transform({ n: increment(1) }), { path: 'a/b', action: 'updated', version: 3 });
  assert.deepEqual(await basalt.documents.commit(() => {}), { writes: [], sql: [] });
  assert.equal(requests.length, 2);
});
