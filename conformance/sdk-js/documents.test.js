import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { arrayRemove, arrayUnion, BasaltError, increment, max, min, NetworkError, serverTimestamp } from '@basalt/sdk';
import { operator } from '../lib/basalt.js';
import { dropCollection, named, ownCollection, service, stranger, user } from './people.js';

const things = named('things');
const own = named('own');
const all = service.documents.collection(things);
let ann;
let bob;

before(async () => {
  await ownCollection(own);
  [ann, bob] = await Promise.all([user('sdk-ann'), user('sdk-bob')]);
});
after(() => Promise.all([things, own].map(dropCollection)));

const refused = async (promise, expected) => {
  const error = await promise.then((value) => assert.fail(`it was done: ${JSON.stringify(value)}`), (failure) => failure);
  assert.ok(error instanceof BasaltError && !(error instanceof NetworkError), String(error));
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, error[key]])), expected);
};

describe('one document', () => {
  test('is written, read, changed and deleted', async () => {
    const doc = all.doc('one');
    assert.equal((await all.doc('first').set({})).path, `${things}/first`);
    assert.equal(await doc.get(), null);
    const made = await doc.create({ title: 'Hello', author: { name: 'Ann' } });
    assert.deepEqual([made.id, made.path, made.owner, made.data], ['one', doc.path, null, { title: 'Hello', author: { name: 'Ann' } }]);
    assert.ok(Number.isSafeInteger(made.version) && !Number.isNaN(Date.parse(made.createdAt)));
    assert.deepEqual(await doc.get(), made);
    assert.deepEqual((await doc.merge({ author: { name: null }, stars: 3 })).data, { title: 'Hello', author: {}, stars: 3 });
    const patched = await doc.patch([{ op: 'test', path: '/stars', value: 3 }, { op: 'add', path: '/tags', value: ['a'] }]);
    assert.deepEqual(patched.data.tags, ['a']);
    assert.deepEqual((await doc.set({ n: 1 })).data, { n: 1 });
    await doc.delete();
    assert.equal(await doc.get(), null);
    await refused(doc.delete(), { code: 'document_not_found', status: 404 });
    await refused(doc.merge({}), { code: 'document_not_found', status: 404 });
  });

  test('is only written in the state that is required', async () => {
    const doc = all.doc('guarded');
    const lost = { code: 'precondition_failed', status: 412 };
    await refused(doc.set({}, { exists: true }), lost);
    const first = await doc.set({ n: 1 }, { exists: false });
    await refused(doc.create({ n: 2 }), lost);
    const second = await doc.set({ n: 2 }, first);
    for (const stale of [() => doc.set({ n: 3 }, first), () => doc.merge({ n: 3 }, first), () => doc.patch([{ op: 'remove', path: '/n' }], first), () => doc.delete(first)]) {
      await refused(stale(), lost);
    }
    const known = { ...second };
    assert.equal(await doc.get({ known }), known);
    assert.deepEqual(await doc.get({ known: first }), second);
    assert.deepEqual((await doc.transform({ n: increment(5) }, { version: second.version })).action, 'updated');
    assert.deepEqual((await doc.get()).data, { n: 7 });
  });

  test('is updated by many at once, and nothing is lost', async () => {
    const doc = all.doc('tally');
    await refused(doc.update((data) => data), { code: 'document_not_found', status: 404 });
    const add = (n) => doc.update(({ seen }) => ({ seen: [...seen, n] }), { attempts: 100, initial: { seen: [] } });
    await Promise.all(Array.from({ length: 10 }, (_, n) => add(n)));
    assert.deepEqual((await doc.get()).data.seen.sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('has any id, and documents below it', async () => {
    for (const id of ['x/y', '50%', '%2F', 'e\u0301', '\u00e9', 'a?b#c&d=e', 'a\\b', ' ', 'x:commit', 'x:aggregate', '😀', '...']) {
      const doc = all.doc(id);
      const made = await doc.set({ id });
      assert.deepEqual([made.id, made.path], [id, doc.path]);
      assert.deepEqual((await service.documents.doc(made.path).get()).data, { id });
      const below = await doc.collection('below').create({ of: id });
      assert.ok(below.path.startsWith(`${doc.path}/below/`));
      assert.deepEqual((await service.documents.collection(`${doc.path}/below`).list()).map(({ data }) => data.of), [id]);
    }
    assert.equal(await service.documents.group('below').in('of', ['x/y', '50%']).count(), 2);
    await dropCollection('below');
  });

  test('is refused with the place of what is wrong', async () => {
    const strict = named('strict');
    const schema = { type: 'object', properties: { title: { type: 'string' } } };
    await operator('PUT', `/platform/v1/projects/default/collections/${strict}`, { schema });
    await refused(service.documents.doc(`${strict}/a`).set({ title: 1 }), { code: 'schema_violation', status: 422, pointer: '/title' });
    await dropCollection(strict);
    await refused(all.doc('bad').set({ a: { b: 'x\u0000' } }), { status: 422, code: 'invalid_document', pointer: '/a/b' });
    await refused(all.doc('bad').set({ a: '\ud800' }), { status: 422, code: 'invalid_document', pointer: '/a' });
    assert.equal(await all.doc('bad').get(), null);
  });
});

describe('queries', () => {
  const values = service.documents.collection(named('values'));
  const data = {
    a: { v: 5, tags: ['x', 'y'], author: { name: 'Ann' } },
    b: { v: '5', tags: ['y'], author: { name: 'Bob' } },
    c: { v: 10, author: { name: 'Ann' }, text: 'say "hi", (really) \\ {x}' },
    d: { v: null, 'first name': 'Zed', count: 2, and: { eq: 1 } },
    e: { text: '', list: [{ k: 1 }, { k: 2 }], pair: [1, 2] },
    f: { v: true, n: 12.5, text: 'apple pie' },
  };
  before(() => service.documents.commit((commit) => Object.entries(data).forEach(([id, one]) => commit.set(values.doc(id), one))));
  after(() => dropCollection(named('values')));
  const ids = async (query) => (await query.order('$id').list()).map(({ id }) => id).join('');

  const cases = {
    'a string': [(q) => q.eq('v', '5'), 'b'],
    'a number': [(q) => q.eq('v', 5), 'ab'],
    'a boolean': [(q) => q.eq('v', true), 'f'],
    'null or missing': [(q) => q.eq('v', null), 'de'],
    'not null': [(q) => q.neq('v', null), 'abcf'],
    'another value, null among them': [(q) => q.neq('v', 10), 'abdf'],
    'greater numbers': [(q) => q.gt('v', 4), 'ac'],
    'greater strings': [(q) => q.gte('v', '5'), 'b'],
    'less and less or equal': [(q) => q.lt('v', 10).lte('v', 5), 'a'],
    'one of several': [(q) => q.in('author.name', ['Ann', 'Zed']), 'ac'],
    'one of several strings with signs': [(q) => q.in('text', ['', data.c.text]), 'ce'],
    'the empty string alone': [(q) => q.in('text', ['']), 'e'],
    'none of nothing': [(q) => q.in('v', []), ''],
    'a string with every sign': [(q) => q.eq('text', data.c.text), 'c'],
    'the same within a group': [(q) => q.or((is) => [is.eq('text', data.c.text), is.eq('n', 12.5)]), 'cf'],
    'an array': [(q) => q.eq('pair', [1, 2]), 'e'],
    'an object': [(q) => q.eq('author', { name: 'Bob' }), 'b'],
    'an element': [(q) => q.contains('tags', 'y'), 'ab'],
    'all elements': [(q) => q.contains('tags', ['x', 'y']), 'a'],
    'elements that are objects': [(q) => q.contains('list', [{ k: 2 }]), 'e'],
    'part of an object': [(q) => q.contains('author', { name: 'Ann' }), 'ac'],
    'structures within a group': [(q) => q.or((is) => [is.contains('tags', ['x', 'y']), is.eq('pair', [1, 2]), is.contains('list', [{ k: 1, x: 1 }])]), 'ae'],
    'an element in common': [(q) => q.overlaps('tags', ['x', 'z']), 'a'],
    'one element of several in common': [(q) => q.or((is) => [is.overlaps('tags', ['y', 'z, "{']), is.eq('v', 10)]), 'abc'],
    'a pattern': [(q) => q.like('text', 'apple*'), 'f'],
    'a pattern in any case': [(q) => q.ilike('text', 'APPLE%'), 'f'],
    'a regular expression': [(q) => q.where('text', 'match', '^a.*e$'), 'f'],
    words: [(q) => q.search('text', 'pies -peach', 'english'), 'f'],
    'names with signs': [(q) => q.eq('first name', 'Zed'), 'd'],
    'names that are words of the grammar': [(q) => q.eq('count', 2).eq('and.eq', 1), 'd'],
    'a place in an array': [(q) => q.eq('tags.0', 'x').eq('list.1.k', null), 'a'],
    'a deep place in an array': [(q) => q.eq('list.1.k', 2), 'e'],
    'groups within groups': [(q) => q.or((is) => [is.and((is) => [is.eq('author.name', 'Ann'), is.gt('v', 6)]), is.isNotNull('n')]), 'cf'],
    'not a group': [(q) => q.not((is) => [is.eq('author.name', 'Ann')]).isNotNull('author'), 'b'],
    'what was made since': [(q) => q.gt('$createdAt', new Date(Date.now() - 3_600_000)).lt('$id', 'c'), 'ab'],
    'what will be made': [(q) => q.gt('$createdAt', new Date(Date.now() + 3_600_000)), ''],
    'ids and owners': [(q) => q.in('$id', ['a', 'f', 'z']).eq('$owner', null), 'af'],
  };
  for (const [name, [query, expected]] of Object.entries(cases)) test(`find ${name}`, async () => assert.equal(await ids(query(values)), expected));

  test('sort, limit, select and count', async () => {
    const page = await values.isNotNull('author').order('author.name', 'desc').order('v').select('author.name', 'v').limit(2).page({ count: true });
    assert.deepEqual(page.documents.map(({ data }) => data), [{ v: '5', author: { name: 'Bob' } }, { v: 5, author: { name: 'Ann' } }]);
    assert.equal(page.count, 3);
    const rest = await values.isNotNull('author').order('author.name', 'desc').order('v').select('author.name', 'v').limit(2).after(page.cursor).page();
    assert.deepEqual([rest.documents.map(({ id }) => id), rest.cursor], [['c'], undefined]);
    assert.equal((await values.order('$id', 'desc').first()).id, 'f');
    assert.equal(await values.eq('v', 'nothing').first(), null);
    assert.equal(await values.limit(1).count(), 6);
    const seen = [];
    for await (const { id } of values.order('$id')) seen.push(id);
    assert.equal(seen.join(''), 'abcdef');
    const sizes = [];
    for await (const { documents } of values.pages({ size: 4 })) sizes.push(documents.length);
    assert.deepEqual(sizes, [4, 2]);
    await refused(values.eq('v', 'nothing').after(page.cursor).list(), { code: 'invalid_cursor', status: 400 });
  });

  test('add up', async () => {
    const groups = await values.isNotNull('author').aggregate({ count: true, sum: ['v'], avg: ['v'], min: ['v'], max: ['author.name'], groupBy: ['author.name'] });
    assert.deepEqual(groups, [
      { key: { 'author.name': 'Ann' }, count: 2, sum: { v: 15 }, avg: { v: 7.5 }, min: { v: 5 }, max: { 'author.name': 'Ann' } },
      { key: { 'author.name': 'Bob' }, count: 1, sum: { v: 0 }, avg: { v: null }, min: { v: '5' }, max: { 'author.name': 'Bob' } },
    ]);
    assert.deepEqual(await values.aggregate({ max: ['count', 'first name'] }), [{ max: { count: 2, 'first name': 'Zed' } }]);
  });

  test('get many', async () => {
    const found = await service.documents.batchGet([values.doc('f'), values.doc('none'), values.doc('a')]);
    assert.deepEqual(found.map((one) => one?.data), [data.f, undefined, data.a]);
  });
});

describe('commits', () => {
  test('are all or nothing, SQL included', async () => {
    const doc = all.doc('counter');
    const result = await service.documents.commit((commit) =>
      commit
        .create(all, { made: 'by the server' })
        .set(doc, { n: 1, tags: ['a', 'b'] })
        .merge(doc, { seen: true }, { transforms: { n: increment(2), high: max(5), low: min(-1), 'deep.at': serverTimestamp(), tags: arrayUnion('b', 'c') } })
        .transform(doc, { tags: arrayRemove('a') })
        .patch(doc, [{ op: 'remove', path: '/seen' }])
        .delete(all.doc('was-never-there'))
        .sql(`select data->'n' as n from documents."${things}" where id = $1`, ['counter']));
    assert.deepEqual(result.writes.map(({ action }) => action), ['created', 'created', 'updated', 'updated', 'updated', 'none']);
    assert.deepEqual(result.sql[0].rows, [{ n: 3 }]);
    const { data } = await doc.get();
    assert.deepEqual({ ...data, deep: typeof data.deep.at }, { n: 3, tags: ['b', 'c'], high: 5, low: -1, deep: 'string' });
    await refused(
      service.documents.commit((commit) => commit.merge(doc, { n: 99 }).create(doc, {})),
      { code: 'document_exists', status: 409, write: 1 },
    );
    await refused(service.documents.commit((commit) => commit.merge(doc, { n: 99 }).sql('select 1/0')), { sqlstate: '22012' });
    assert.equal((await doc.get()).data.n, 3);
  });
});

describe('rights', () => {
  test('are those of the key and of the session', async () => {
    const mine = await ann.basalt.documents.collection(own).create({ of: 'ann' });
    assert.equal(mine.owner, ann.id);
    const { id } = mine;
    for (const other of [stranger, bob.basalt]) {
      const collection = other.documents.collection(own);
      assert.equal(await collection.doc(id).get(), null);
      assert.deepEqual(await collection.list(), []);
      assert.equal(await collection.count(), 0);
      assert.deepEqual(await other.documents.batchGet([collection.doc(id)]), [null]);
      await refused(collection.doc(id).set({ of: 'me' }), { code: 'document_forbidden', status: 403 });
      await refused(collection.doc(id).delete(), { code: 'document_not_found' });
      await refused(other.documents.commit((commit) => commit.sql('select 1')), { status: 403 });
    }
    assert.deepEqual((await ann.basalt.documents.collection(own).doc(id).get()).data, { of: 'ann' });
    await refused(stranger.documents.collection(named('nowhere')).list(), { code: 'unknown_collection', status: 404 });
  });

  test('end with the session', async () => {
    const carl = await user('sdk-carl');
    const collection = carl.basalt.documents.collection(own);
    const { id } = await collection.create({ of: 'carl' });
    assert.ok(await collection.doc(id).get());
    await carl.supabase.auth.signOut();
    assert.equal(await collection.doc(id).get(), null);
  });
});
