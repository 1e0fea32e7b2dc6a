// The published postgrest-js, through supabase-js as an app makes it: what its methods send is answered as they expect.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createClient } from '@supabase/supabase-js';
import { password, publishableKey, secretKey, url } from '../lib/basalt.js';
import { close, open, sql } from './lib/archive.js';

// Node before 22 has no WebSocket of its own, and the client wants to know one when it is made.
const realtime = globalThis.WebSocket ? {} : { transport: (await import('ws')).default };
const client = (key) => createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false }, realtime });

const stranger = client(publishableKey);
const service = client(secretKey);
const ann = client(publishableKey);

before(async () => {
  const people = await open();
  const { error } = await ann.auth.signInWithPassword({ email: people.ann.email, password });
  assert.equal(error, null);
});
after(close);

/** The data of an answer without an error. */
const good = ({ data, error, status }) => {
  assert.equal(error, null, `${status} ${JSON.stringify(error)}`);
  return data;
};
const films = () => stranger.from('films').select('id').order('id');
const found = async (query, ...wanted) => assert.deepEqual(good(await query).map(({ id }) => id), wanted);

describe('filters', () => {
  const filters = {
    eq: [(q) => q.eq('year', 1981), 3, 4],
    'eq of a text with reserved characters': [(q) => q.eq('title', 'Untitled, Take 2'), 5],
    neq: [(q) => q.neq('year', 1981), 1, 2, 5, 6],
    gt: [(q) => q.gt('year', 1981), 5, 6],
    gte: [(q) => q.gte('year', 1999), 5, 6],
    lt: [(q) => q.lt('year', 1974), 1],
    lte: [(q) => q.lte('year', 1974), 1, 2],
    like: [(q) => q.like('title', '%Ferry%'), 1, 6],
    likeAllOf: [(q) => q.likeAllOf('title', ['%Ferry%', '%Redux%']), 6],
    likeAnyOf: [(q) => q.likeAnyOf('title', ['Night%', 'Mango%']), 3, 4],
    ilike: [(q) => q.ilike('title', '%ferry%'), 1, 6],
    ilikeAllOf: [(q) => q.ilikeAllOf('title', ['%ferry%', 'winter%']), 1],
    ilikeAnyOf: [(q) => q.ilikeAnyOf('title', ['NIGHT%', 'MANGO%']), 3, 4],
    regexMatch: [(q) => q.regexMatch('title', '^[NM]'), 3, 4],
    regexIMatch: [(q) => q.regexIMatch('title', '^night'), 4],
    'is null': [(q) => q.is('rating', null), 4],
    'is true': [(q) => q.is('restored', true), 1, 5],
    isDistinct: [(q) => q.isDistinct('mood', 'tense'), 1, 3, 5, 6],
    in: [(q) => q.in('id', [1, 3, 99]), 1, 3],
    'in of texts with commas and parentheses': [(q) => q.in('title', ['Untitled, Take 2', 'Ferry to Nowhere (Redux)']), 5, 6],
    'in of nothing': [(q) => q.in('id', [])],
    notIn: [(q) => q.notIn('id', [1, 2, 3]), 4, 5, 6],
    'contains of an array': [(q) => q.contains('genres', ['drama', 'sea']), 1, 4],
    'contains of JSON': [(q) => q.contains('facts', { country: 'NO' }), 1, 6],
    'contains of a range': [(q) => q.contains('audience', '[16,18)'), 1, 2, 3, 4],
    containedBy: [(q) => q.containedBy('genres', ['drama', 'mystery', 'comedy']), 2, 3, 5],
    rangeGt: [(q) => q.rangeGt('on_show', '[1970-01-01,1971-01-01)'), 2, 4],
    rangeGte: [(q) => q.rangeGte('on_show', '[1974-10-11,1980-01-01)'), 2, 4],
    rangeLt: [(q) => q.rangeLt('on_show', '[1970-01-01,1971-01-01)'), 1],
    rangeLte: [(q) => q.rangeLte('on_show', '[1970-01-01,1975-02-01)'), 1, 2],
    rangeAdjacent: [(q) => q.rangeAdjacent('on_show', '[1968-06-01,1969-01-01)'), 1],
    overlaps: [(q) => q.overlaps('genres', ['mystery', 'comedy']), 2, 3, 4],
    textSearch: [(q) => q.textSearch('words', 'captain & fjord'), 1],
    'textSearch of plain words': [(q) => q.textSearch('words', 'ferry runs', { type: 'plain' }), 6],
    'textSearch of a phrase': [(q) => q.textSearch('words', 'last time', { type: 'phrase', config: 'english' }), 1],
    'textSearch as on the web': [(q) => q.textSearch('words', 'mangoes or orchard', { type: 'websearch', config: 'english' }), 2, 3],
    match: [(q) => q.match({ year: 1981, mood: 'tense' }), 4],
    not: [(q) => q.not('rating', 'is', null), 1, 2, 3, 5, 6],
    'not in': [(q) => q.not('id', 'in', '(1,2,3)'), 4, 5, 6],
    or: [(q) => q.or('year.lt.1970,year.gt.2000'), 1, 6],
    'or with a nested and': [(q) => q.or('id.eq.1,and(year.eq.1981,mood.eq.tense)'), 1, 4],
    filter: [(q) => q.filter('title', 'match', '^N'), 4],
    'filter by a JSON path': [(q) => q.eq('facts->>country', 'CH'), 2],
  };
  for (const [name, [add, ...wanted]] of Object.entries(filters)) {
    test(name, () => found(add(films()), ...wanted));
  }
});

describe('what is read', () => {
  test('order, with nulls first and last', async () => {
    await found(stranger.from('films').select('id').order('rating', { ascending: false, nullsFirst: false }).order('id'), 2, 1, 6, 3, 5, 4);
    await found(stranger.from('films').select('id').order('rating', { nullsFirst: true }), 4, 5, 3, 6, 1, 2);
  });
  test('limit and range', async () => {
    await found(films().limit(2), 1, 2);
    await found(films().range(1, 3), 2, 3, 4);
  });
  test('single is one object, or an error', async () => {
    assert.deepEqual(good(await stranger.from('films').select('title').eq('id', 1).single()), { title: 'Winter Ferry' });
    const many = await stranger.from('films').select('title').single();
    assert.deepEqual([many.status, many.error.code, many.data], [406, 'PGRST116', null]);
  });
  test('maybeSingle is one object, null, or an error', async () => {
    assert.deepEqual(good(await stranger.from('films').select('title').eq('id', 1).maybeSingle()), { title: 'Winter Ferry' });
    assert.equal(good(await stranger.from('films').select('title').eq('id', 0).maybeSingle()), null);
    assert.ok((await stranger.from('films').select('title').maybeSingle()).error);
  });
  test('csv is a text', async () => {
    assert.equal(good(await stranger.from('studios').select('id,name').order('id').limit(1).csv()), 'id,name\n1,Northlight');
  });
  test('stripNulls leaves nulls out', async () => {
    assert.deepEqual(good(await stranger.from('studios').select('id,city').eq('id', 4).stripNulls()), [{ id: 4 }]);
  });
  test('explain answers a plan, as text and as JSON', async () => {
    assert.match(good(await stranger.from('films').select().explain()), /films/);
    const [{ Plan }] = good(await stranger.from('films').select().explain({ format: 'json', analyze: true, verbose: true }));
    assert.equal(typeof Plan['Actual Rows'], 'number');
  });
  for (const count of ['exact', 'planned', 'estimated']) {
    test(`count ${count}, with rows and without`, async () => {
      const withRows = await stranger.from('films').select('id', { count }).limit(2);
      assert.deepEqual([withRows.count, good(withRows).length], [6, 2]);
      const without = await stranger.from('films').select('*', { count, head: true });
      assert.deepEqual([without.error, without.count, without.data], [null, 6, null]);
    });
  }
  test('columns are renamed, cast and reached by JSON paths', async () => {
    assert.deepEqual(good(await stranger.from('films').select('name:title, year::text, facts->reel->>stock').eq('id', 1)), [{ name: 'Winter Ferry', year: '1968', stock: '35mm' }]);
  });
  test('aggregates', async () => {
    assert.deepEqual(good(await stranger.from('tickets').select('total:price.sum(), n:count()')), [{ total: 67.4, n: 6 }]);
  });
  test('schema() reads another schema', async () => {
    assert.deepEqual(good(await stranger.schema('documents').from('reels').select('title').eq('id', 1)), [{ title: 'One' }]);
    assert.equal((await stranger.schema('auth').from('users').select()).error.code, 'PGRST106');
  });
});

describe('what is embedded', () => {
  test('one, many and many to many', async () => {
    const [film] = good(await stranger.from('films').select('title, studios(name), screenings(id), festivals(name)').eq('id', 2).order('name', { referencedTable: 'festivals' }));
    assert.deepEqual(film, { title: 'The Glass Orchard', studios: { name: 'Northlight' }, screenings: [{ id: 2 }], festivals: [{ name: 'Fjord Days' }, { name: 'Lakeside' }] });
  });
  test('hints and aliases', async () => {
    assert.deepEqual(good(await stranger.from('films').select('director:people!films_director_fkey(name), writer:people!films_writer_fkey(name)').eq('id', 1).single()), { director: { name: 'Ada Quist' }, writer: { name: 'Bruno Vell' } });
  });
  test('inner joins filter', async () => {
    await found(stranger.from('studios').select('id, films!inner(id)').eq('films.year', 1981), 3);
  });
  test('filters, order and limit on a referenced table', async () => {
    const [film] = good(await stranger.from('films').select('castings(billing)').eq('id', 2).gt('castings.billing', 1).order('billing', { referencedTable: 'castings', ascending: false }).limit(1, { referencedTable: 'castings' }));
    assert.deepEqual(film.castings, [{ billing: 3 }]);
  });
  test('or on a referenced table', async () => {
    const [film] = good(await stranger.from('films').select('castings(part)').eq('id', 1).or('part.eq.Cook,part.eq.Nobody', { referencedTable: 'castings' }));
    assert.deepEqual(film.castings, [{ part: 'Cook' }]);
  });
  test('range on a referenced table', async () => {
    const [film] = good(await stranger.from('films').select('castings(billing)').eq('id', 2).order('billing', { referencedTable: 'castings' }).range(1, 2, { referencedTable: 'castings' }));
    assert.deepEqual(film.castings, [{ billing: 2 }, { billing: 3 }]);
  });
  test('order by a referenced column', async () => {
    await found(stranger.from('films').select('id, studios(name)').not('studio_id', 'is', null).order('studios(name)', { ascending: false }).order('id'), 3, 4, 2, 1, 6);
  });
  test('spreads of one and of many', async () => {
    assert.deepEqual(good(await stranger.from('films').select('title, ...studios(studio:name)').eq('id', 1).single()), { title: 'Winter Ferry', studio: 'Harbour' });
    assert.deepEqual(good(await stranger.from('studios').select('name, ...films(titles:title)').eq('id', 3).order('id', { referencedTable: 'films' }).single()), { name: 'Paper Moon', titles: ['Mango Season', 'Night Tram'] });
  });
  test('counts of what is referenced', async () => {
    assert.deepEqual(good(await stranger.from('studios').select('name, films(count)').eq('id', 2).single()), { name: 'Harbour', films: [{ count: 2 }] });
  });
  test('an ambiguous embedding says what to write', async () => {
    const { error, status } = await stranger.from('shipments').select('cinemas(name)');
    assert.deepEqual([status, error.code], [300, 'PGRST201']);
    assert.match(error.hint, /cinemas!shipped_from/);
  });
});

describe('what is written', () => {
  test('insert answers nothing unless select is called', async () => {
    const { data, status, error } = await service.from('guests').insert({ name: 'client' });
    assert.deepEqual([data, status, error], [null, 201, null]);
    assert.deepEqual(good(await service.from('guests').delete().eq('name', 'client').select('name')), [{ name: 'client' }]);
  });
  test('insert of many with select, count and rollback', async () => {
    const answer = await service.from('guests').insert([{ name: 'a' }, { name: 'b', age: 3 }], { count: 'exact', defaultToNull: false }).select('name,age').rollback();
    assert.deepEqual([good(answer), answer.count], [[{ name: 'a', age: 18 }, { name: 'b', age: 3 }], 2]);
    assert.deepEqual(good(await service.from('guests').select().in('name', ['a', 'b'])), []);
  });
  test('insert of different keys makes null of what is missing', async () => {
    assert.deepEqual(good(await service.from('guests').insert([{ name: 'a' }, { name: 'b', age: 3 }]).select('name,age').rollback()), [{ name: 'a', age: null }, { name: 'b', age: 3 }]);
  });
  test('upsert by the key, by another column, and leaving duplicates alone', async () => {
    await sql(`insert into guests (id, name, email) values (900, 'old', 'o@x'); insert into supplies values ('u1', 'old', 1, 1)`);
    try {
      assert.deepEqual(good(await service.from('supplies').upsert({ sku: 'u1', name: 'new' }).select('sku,name,stock').rollback()), [{ sku: 'u1', name: 'new', stock: 1 }]);
      assert.deepEqual(good(await service.from('guests').upsert({ name: 'new', email: 'o@x' }, { onConflict: 'email' }).select('id,name').rollback()), [{ id: 900, name: 'new' }]);
      assert.deepEqual(good(await service.from('supplies').upsert([{ sku: 'u1', name: 'x' }, { sku: 'u2', name: 'y' }], { ignoreDuplicates: true }).select('sku').rollback()), [{ sku: 'u2' }]);
    } finally {
      await sql(`delete from guests where id = 900; delete from supplies where sku = 'u1'`);
    }
  });
  test('update answers the rows, their count and what they are related to', async () => {
    const answer = await service.from('films').update({ studio_id: 1 }, { count: 'exact' }).eq('id', 1).select('id, studios(name)').rollback();
    assert.deepEqual([good(answer), answer.count], [[{ id: 1, studios: { name: 'Northlight' } }], 1]);
  });
  test('delete answers the rows', async () => {
    assert.deepEqual(good(await service.from('tickets').delete().eq('id', 3).select('id').single().rollback()), { id: 3 });
  });
  test('maxAffected refuses more', async () => {
    const { error, status } = await service.from('films').update({ year: 1 }).gt('id', 0).maxAffected(2);
    assert.deepEqual([status, error.code], [400, 'PGRST124']);
  });
  test('a conflict has its code, message and details', async () => {
    const { error, status } = await service.from('studios').insert({ name: 'Harbour' });
    assert.deepEqual([status, error.code, error.details], [409, '23505', 'Key (name)=(Harbour) already exists.']);
  });
  test('row-level security holds for a user and a stranger', async () => {
    assert.deepEqual(good(await ann.from('diary').select('id').order('id')).map(({ id }) => id), [1, 2]);
    assert.deepEqual(good(await stranger.from('diary').select('id')), []);
    assert.equal((await stranger.from('diary').insert({ note: 'x', owner: '00000000-0000-4000-8000-000000000009' })).error.code, '42501');
    assert.deepEqual(good(await ann.from('diary').update({ note: 'x' }).gt('id', 0).select('id').rollback()).map(({ id }) => id).sort(), [1, 2]);
  });
});

describe('functions', () => {
  test('rpc by POST', async () => assert.equal(good(await stranger.rpc('add_up', { a: 1, b: 2 })), 3));
  test('rpc by GET', async () => assert.equal(good(await stranger.rpc('add_up', { a: 1, b: 2 }, { get: true })), 3));
  test('rpc by GET with an array', async () => assert.deepEqual(good(await stranger.rpc('plus_one', { numbers: [1, 2] }, { get: true })), [2, 3]));
  test('rpc by HEAD tells the count', async () => {
    const { count, data, error } = await stranger.rpc('now_playing', undefined, { head: true, count: 'exact' });
    assert.deepEqual([error, count, data], [null, 4, null]);
  });
  test('rpc without arguments', async () => assert.deepEqual(good(await stranger.rpc('spot')), { lat: 46.94798, long: 7.44744 }));
  test('rpc of void is null', async () => {
    const { data, status, error } = await stranger.rpc('do_nothing');
    assert.deepEqual([data, status, error], [null, 204, null]);
  });
  test('rpc is filtered, ordered, limited and embedded like a table', async () => {
    assert.deepEqual(good(await stranger.rpc('now_playing').select('id, studios(name)').eq('mood', 'somber').order('id', { ascending: false }).limit(1)), [{ id: 6, studios: { name: 'Harbour' } }]);
  });
  test('rpc of one row is single', async () => assert.deepEqual(good(await stranger.rpc('films_since', { since: 2000 }).select('title').single()), { title: 'Ferry to Nowhere (Redux)' }));
  test('rpc in another schema', async () => assert.equal(good(await stranger.schema('documents').rpc('reel_count')), 2));
  test('an error that a function raises comes whole', async () => {
    const { error, status } = await stranger.rpc('fail_plainly');
    assert.deepEqual([status, error.code, error.message, error.details, error.hint], [400, 'P0001', 'I refuse!', 'Pretty simple', 'There is nothing you can do.']);
  });
  test('a function that is not there is hinted at', async () => {
    const { error, status } = await stranger.rpc('ad_up', { a: 1, b: 2 });
    assert.deepEqual([status, error.code], [404, 'PGRST202']);
    assert.match(error.hint, /public\.add_up/);
  });
});

describe('the client itself', () => {
  test('throwOnError throws what was answered', async () => {
    await assert.rejects(async () => stranger.from('nowhere').select().throwOnError(), (error) => error.code === 'PGRST205');
  });
  test('abortSignal ends the request', async () => {
    const { error } = await stranger.rpc('take_a_while', { seconds: 5 }).abortSignal(AbortSignal.timeout(200));
    assert.match(error.message, /abort/i);
  });
  test('setHeader reaches SQL', async () => {
    assert.equal(good(await stranger.rpc('request_header', { name: 'x-flavour' }).setHeader('X-Flavour', 'mint')), 'mint');
  });
  test('overrideTypes and returns change types alone', async () => {
    await found(films().eq('id', 1).returns(), 1);
    await found(films().eq('id', 1).overrideTypes(), 1);
  });
  test('who asks is who is signed in', async () => {
    assert.equal(good(await ann.rpc('who_am_i')).role, 'authenticated');
    assert.equal(good(await stranger.rpc('who_am_i')).role, 'anon');
    assert.equal(good(await service.rpc('who_am_i')).role, 'service_role');
  });
});
