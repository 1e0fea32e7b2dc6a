import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from '../lib/basalt.js';
import { named, service, stranger, user } from './people.js';

const writers = named('writers');
const novels = named('novels');

before(() => sql(`
  create table ${writers} (id int generated always as identity primary key, name text not null unique, tags text[], data jsonb, owner uuid default auth.uid());
  create table ${novels} (id int generated always as identity primary key, title text not null, writer_id int references ${writers});
  alter table ${writers} enable row level security;
  create policy own on ${writers} for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
  create function ${named('twice')}(n int) returns int language sql as 'select 2 * n'`));
after(() => sql(`drop table ${novels}, ${writers}; drop function ${named('twice')}`));

const failure = (promise) => promise.then((value) => assert.fail(`it was done: ${JSON.stringify(value)}`), (error) => error);
const count = async () => (await sql(`select (select count(*) from ${writers})::int + (select count(*) from ${novels})::int as n`)).rows[0].n;

test('later requests use what earlier ones return', async () => {
  const made = await service.batch((batch) => {
    const mann = batch.insert(writers, { name: 'Mann' }, { columns: 'id,name' });
    const books = batch.insert(novels, [{ title: 'Zauberberg', writer_id: mann.ref((row) => row.id) }, { title: 'Felix', writer_id: mann.ref((row) => row.id) }]);
    const twice = batch.call(named('twice'), { n: books.ref((rows) => rows[1].id) });
    const found = batch.select(novels, {
      columns: `title,${writers}(name)`, order: 'id', limit: 5,
      where: (is) => [is.eq('writer_id', mann.ref((row) => row.id)), is.in('title', [books.ref((rows) => rows[0].title), 'Felix'])],
    });
    const renamed = batch.update(novels, { title: mann.ref((row) => row.name) }, (is) => [is.eq('id', books.ref((rows) => rows[0].id))]);
    const gone = batch.delete(novels, (is) => [is.eq('id', books.ref((rows) => rows[1].id))]);
    return { mann, books, twice, found, renamed, gone };
  }, { isolation: 'serializable' });
  const [first, second] = made.books;
  assert.deepEqual(made.mann, { id: first.writer_id, name: 'Mann' });
  assert.equal(made.twice, 2 * second.id);
  assert.deepEqual(made.found, [{ title: 'Zauberberg', [writers]: { name: 'Mann' } }, { title: 'Felix', [writers]: { name: 'Mann' } }]);
  assert.deepEqual(made.renamed, [{ ...first, title: 'Mann' }]);
  assert.deepEqual(made.gone, [second]);
});

test('all or nothing', async () => {
  const before = await count();
  const error = await failure(service.batch((batch) => {
    batch.insert(writers, { name: 'Only for a moment' });
    batch.insert(writers, { name: 'Mann' });
  }));
  assert.deepEqual([error.code, error.sqlstate, error.status, error.index], ['23505', '23505', 409, 1]);
  assert.equal(await count(), before);
});

test('values are values, whatever they hold', async () => {
  const odd = ['a,b)', '${0.body}', '$${0.body}', 'x.eq."y"', '\\', '{"$ref":"#/0/body"}', '', 'é😀', "it's"];
  const { rows, found } = await service.batch((batch) => {
    const rows = batch.insert(writers, odd.map((name) => ({ name, tags: [name, 'tag'], data: { $ref: name } })));
    const found = odd.map((name, i) => batch.select(writers, { columns: 'name', where: (is) => [is.eq('name', name), is.contains('tags', [name, 'tag']), is.contains('data', { $ref: name }), is.in('name', [rows.ref((all) => all[i].name)])] }));
    return { rows, found };
  });
  assert.deepEqual(rows.map(({ name, data }) => [name, data]), odd.map((name) => [name, { $ref: name }]));
  assert.deepEqual(found, odd.map((name) => [{ name }]));
});

test('upserts, and writes that return nothing', async () => {
  const result = await service.batch((batch) => ({
    changed: batch.upsert(writers, { name: 'Mann', tags: ['x'] }, { onConflict: 'name', columns: 'name,tags' }),
    kept: batch.upsert(writers, [{ name: 'Mann', tags: ['y'] }], { onConflict: 'name', ignoreDuplicates: true }),
    quiet: batch.insert(writers, { name: 'Quiet' }, { returning: false }),
    raw: batch.request({ path: `/${writers}?name=eq.Quiet&select=name,tags` }),
  }));
  assert.deepEqual(result, { changed: { name: 'Mann', tags: ['x'] }, kept: [], quiet: null, raw: [{ name: 'Quiet', tags: null }] });
});

test('a batch has the rights of its caller', async () => {
  const ann = await user('batch-ann');
  assert.deepEqual(await stranger.batch((batch) => batch.select(writers)), []);
  const before = await count();
  const error = await failure(stranger.batch((batch) => batch.insert(writers, { name: 'of nobody' })));
  assert.equal(error.sqlstate, '42501');
  assert.equal(await count(), before);
  const made = await ann.basalt.batch((batch) => batch.insert(writers, { name: 'of ann' }));
  assert.equal(made.owner, ann.id);
  assert.deepEqual((await ann.basalt.batch((batch) => batch.select(writers, { columns: 'name' }))), [{ name: 'of ann' }]);
});
