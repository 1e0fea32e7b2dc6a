// The main job: an app written with supabase-js signs users up, works with a table under row-level security, uploads a
// picture, and JavaScript functions change a row before it commits and hear of it afterwards. Every answer is asserted.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deploy, operator, password, publishableKey, run, secretKey, sql, undeploy, until, url } from '../lib/basalt.js';
import { png } from '../lib/png.js';
import { client } from './supabase.js';

const table = `todos_${run}`;
const bucket = `pictures-${run}`;
const publicBucket = `avatars-${run}`;
const beforeHook = `tidy-${run}`;
const afterEvent = `audit-${run}`;
const began = new Date(Date.now() - 60_000).toISOString();

const ann = client();
const bob = client();
const anon = client();
const service = client(secretKey);
const address = (name) => `${name}.${run}@example.com`;
let annId;
let bobId;
// What was written: the after event has to come for each, and for no other.
const written = [];

const usage = async () => {
  const to = new Date(Date.now() + 120_000).toISOString();
  return operator('GET', `/platform/v1/projects/default/usage?from=${began}&to=${to}&granularity=minute`);
};
/** What the after event was told so far, `[type, table, new title, old title]`, as the records of its runs say. */
const audited = async () => {
  const { invocations } = await operator('GET', `/platform/v1/projects/default/functions/${afterEvent}/invocations?limit=100`);
  return invocations.filter(({ kind, state }) => kind === 'after' && state === 'done').flatMap(({ outcome, logs }) => {
    assert.equal(outcome, 'ok');
    return logs.map(({ text }) => JSON.parse(text.replace(/^audit /, '')));
  });
};

/** Takes the data of an answer that must be good. */
const good = ({ data, error }) => {
  assert.equal(error, null, error && `${error.message} ${JSON.stringify(error)}`);
  return data;
};

const beforeSource = `
  export async function onEvent(event, ctx) {
    const { type, schema, table, record, old_record } = event;
    if (typeof record.title !== 'string') return { record };
    const title = record.title.trim();
    if (title.includes('forbidden')) {
      return { reject: { status: 422, code: 'title_forbidden', message: 'That word is not allowed: ' + title } };
    }
    if (title.includes('explode')) throw new Error('the hook broke');
    if (title.includes('forever')) for (;;);
    const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    return { record: { ...record, title, slug, hooked_as: type + ' ' + schema + '.' + table + (old_record ? ' over ' + old_record.title : '') } };
  }`;

const afterSource = `
  export async function onEvent(event, ctx) {
    const { type, table, record, old_record } = event.data;
    if (event.specversion !== '1.0' || event.type !== 'dev.basalt.table.' + type) throw new Error('no CloudEvent');
    console.log('audit ' + JSON.stringify([type, table, record?.title, old_record?.title]));
  }
  export default {
    async fetch(request, env, ctx) {
      const url = new URL(request.url);
      if (url.pathname.endsWith('/teapot')) return new Response('short and stout', { status: 418 });
      return Response.json({ hello: (await request.json()).name, method: request.method });
    },
  };`;

before(async () => {
  await sql(`
    create table public.${table} (
      id bigint generated always as identity primary key,
      owner uuid not null default auth.uid() references auth.users (id) on delete cascade,
      title text not null,
      slug text,
      hooked_as text,
      done boolean not null default false,
      created_at timestamptz not null default now());
    alter table public.${table} enable row level security;
    create policy "own rows" on public.${table} for all to authenticated
      using (owner = auth.uid()) with check (owner = auth.uid());
    create policy "own pictures ${run}" on storage.objects for all to authenticated
      using (bucket_id = '${bucket}' and (storage.foldername(name))[1] = auth.uid()::text)
      with check (bucket_id = '${bucket}' and (storage.foldername(name))[1] = auth.uid()::text);`);
  await deploy(beforeHook, beforeSource, [
    { on: 'table', table: `public.${table}`, when: 'before', events: ['insert', 'update'], timeoutMs: 1000 },
  ]);
  await deploy(afterEvent, afterSource, [
    { on: 'table', table: `public.${table}`, when: 'after', events: ['insert', 'update', 'delete'] },
  ]);
});

after(async () => {
  const leftovers = [
    () => undeploy(beforeHook),
    () => undeploy(afterEvent),
    () => sql(`drop table public.${table}; drop policy "own pictures ${run}" on storage.objects`),
    async () => {
      for (const id of [bucket, publicBucket]) {
        good(await service.storage.emptyBucket(id));
        good(await service.storage.deleteBucket(id));
      }
    },
  ];
  for (const remove of leftovers) await remove();
});

test('a user signs up and is signed in', async () => {
  const { user, session } = good(await ann.auth.signUp({ email: address('ann'), password, options: { data: { nick: 'Änn' } } }));
  annId = user.id;
  assert.match(annId, /^[0-9a-f-]{36}$/);
  assert.equal(user.email, address('ann'));
  assert.equal(user.role, 'authenticated');
  assert.deepEqual(user.user_metadata.nick, 'Änn');
  assert.equal(session.token_type, 'bearer');
  assert.ok(session.expires_in > 0 && session.expires_at > Date.now() / 1000);
  const claims = JSON.parse(Buffer.from(session.access_token.split('.')[1], 'base64url'));
  assert.equal(claims.sub, annId);
  assert.equal(claims.role, 'authenticated');
  assert.equal(claims.aud, 'authenticated');
  assert.equal(claims.exp, session.expires_at);
  assert.ok(claims.session_id);
  bobId = good(await bob.auth.signUp({ email: address('bob'), password })).user.id;
  assert.notEqual(bobId, annId);
});

test('a second sign-up of an address and a wrong password are refused', async () => {
  const again = await client().auth.signUp({ email: address('ann'), password });
  assert.equal(again.error.code, 'user_already_exists');
  assert.equal(again.error.status, 422);
  const wrong = await client().auth.signInWithPassword({ email: address('ann'), password: `${password}?` });
  const unknown = await client().auth.signInWithPassword({ email: address('nobody'), password });
  for (const { data, error } of [wrong, unknown]) {
    assert.equal(error.code, 'invalid_credentials');
    assert.equal(error.status, 400);
    assert.equal(data.session, null);
  }
  assert.equal(wrong.error.message, unknown.error.message);
  const weak = await client().auth.signUp({ email: address('weak'), password: '123' });
  assert.equal(weak.error.code, 'weak_password');
});

test('a row is inserted, and the before hook has changed it', async () => {
  const { data, error, status } = await ann.from(table).insert({ title: '  Buy Milk  ' }).select().single();
  assert.equal(error, null, JSON.stringify(error));
  assert.equal(status, 201);
  assert.equal(data.title, 'Buy Milk');
  assert.equal(data.slug, 'buy-milk');
  assert.equal(data.hooked_as, `insert public.${table}`);
  assert.equal(data.owner, annId);
  assert.equal(data.done, false);
  assert.ok(Date.parse(data.created_at));
  const rows = good(await ann.from(table).insert([{ title: 'Walk Dog ' }, { title: 'Läuft über, (bald)' }]).select('id,title,slug').order('id'));
  assert.deepEqual(rows.map((row) => row.title), ['Walk Dog', 'Läuft über, (bald)']);
  assert.equal(rows[0].slug, 'walk-dog');
  const minimal = await ann.from(table).insert({ title: 'Unseen' });
  assert.deepEqual([minimal.data, minimal.error, minimal.status], [null, null, 201]);
  written.push(['insert', 'Buy Milk', null], ['insert', 'Walk Dog', null], ['insert', 'Läuft über, (bald)', null], ['insert', 'Unseen', null]);
});

test('a before hook that rejects leaves no row', async () => {
  const refused = await ann.from(table).insert([{ title: 'fine' }, { title: 'a forbidden word' }]).select();
  assert.equal(refused.status, 422);
  assert.equal(refused.error.code, 'title_forbidden');
  assert.match(refused.error.message, /not allowed: a forbidden word/);
  assert.equal(refused.data, null);
  const update = await ann.from(table).update({ title: 'forbidden' }).eq('title', 'Unseen').select();
  assert.equal(update.error.code, 'title_forbidden');
  assert.deepEqual(good(await ann.from(table).select('title').order('id')).map((row) => row.title), [
    'Buy Milk', 'Walk Dog', 'Läuft über, (bald)', 'Unseen',
  ]);
});

test('a before hook that breaks or never ends leaves no row and does not hold the server', async () => {
  for (const title of ['explode', 'forever']) {
    const started = Date.now();
    const refused = await ann.from(table).insert({ title });
    assert.notEqual(refused.error, null);
    assert.ok(refused.status >= 500 && refused.status <= 504, `${title}: ${refused.status}`);
    assert.ok(!/the hook broke/.test(refused.error.message), 'the message of a broken hook stays inside');
    assert.ok(Date.now() - started < 10_000, 'a hook is ended soon after its time is up');
  }
  assert.equal(good(await ann.from(table).select('id').in('title', ['explode', 'forever'])).length, 0);
  good(await ann.from(table).insert({ title: 'alive' }));
  good(await ann.from(table).delete().eq('title', 'alive'));
  written.push(['insert', 'alive', null], ['delete', null, 'alive']);
});

test('rows are read by filters, order, limit, count and one at a time', async () => {
  const milk = good(await ann.from(table).select('id,title').eq('slug', 'buy-milk').single());
  assert.equal(milk.title, 'Buy Milk');
  assert.deepEqual(good(await ann.from(table).select('title').eq('title', 'Läuft über, (bald)')), [{ title: 'Läuft über, (bald)' }]);
  assert.deepEqual(good(await ann.from(table).select('title').in('title', ['Läuft über, (bald)', 'Unseen']).order('title')).length, 2);
  assert.deepEqual(good(await ann.from(table).select('title').like('title', 'W%')), [{ title: 'Walk Dog' }]);
  assert.deepEqual(good(await ann.from(table).select('title').is('hooked_as', null)), []);
  assert.deepEqual(good(await ann.from(table).select('title').neq('done', true).gt('id', milk.id).order('id', { ascending: false }).limit(1)), [{ title: 'Unseen' }]);
  const page = await ann.from(table).select('title', { count: 'exact' }).order('id').range(1, 2);
  assert.equal(page.count, 4);
  assert.equal(page.status, 206);
  assert.deepEqual(good(page).map((row) => row.title), ['Walk Dog', 'Läuft über, (bald)']);
  const head = await ann.from(table).select('*', { count: 'exact', head: true });
  assert.deepEqual([head.error, head.count], [null, 4]);
  const many = await ann.from(table).select().single();
  assert.equal(many.error.code, 'PGRST116');
  assert.equal(many.status, 406);
  assert.equal(good(await ann.from(table).select().eq('id', -1).maybeSingle()), null);
});

test('a row is updated through the hook and deleted', async () => {
  const updated = good(await ann.from(table).update({ title: ' Buy Oat Milk', done: true }).eq('slug', 'buy-milk').select().single());
  assert.equal(updated.title, 'Buy Oat Milk');
  assert.equal(updated.slug, 'buy-oat-milk');
  assert.equal(updated.hooked_as, `update public.${table} over Buy Milk`);
  assert.equal(updated.done, true);
  const partly = good(await ann.from(table).update({ done: false }).eq('slug', 'buy-oat-milk').select().single());
  assert.deepEqual([partly.title, partly.slug, partly.done], ['Buy Oat Milk', 'buy-oat-milk', false], 'the hook sees the whole row');
  const gone = good(await ann.from(table).delete().eq('title', 'Walk Dog').select('title'));
  assert.deepEqual(gone, [{ title: 'Walk Dog' }]);
  assert.equal(good(await ann.from(table).select('id').eq('title', 'Walk Dog')).length, 0);
  written.push(['update', 'Buy Oat Milk', 'Buy Milk'], ['update', 'Buy Oat Milk', 'Buy Oat Milk'], ['delete', null, 'Walk Dog']);
});

test('a second user and a stranger see and change nothing of the first', async () => {
  for (const other of [bob, anon]) {
    assert.deepEqual(good(await other.from(table).select()), []);
    assert.deepEqual(good(await other.from(table).update({ done: true }).gt('id', 0).select()), []);
    assert.deepEqual(good(await other.from(table).delete().gt('id', 0).select()), []);
  }
  const forged = await bob.from(table).insert({ title: 'forged', owner: annId });
  assert.equal(forged.status, 403);
  assert.equal(forged.error.code, '42501');
  const stranger = await anon.from(table).insert({ title: 'stranger', owner: annId });
  assert.equal(stranger.status, 401);
  assert.equal(stranger.error.code, '42501');
  assert.equal(good(await ann.from(table).select('id')).length, 3);
  assert.equal(good(await service.from(table).select('id')).length, 3, 'the secret key passes by row-level security');
  assert.equal(good(await service.from(table).select('id').in('title', ['forged', 'stranger'])).length, 0);
});

test('mistakes are answered with the codes that apps know', async () => {
  const expected = [
    [ann.from('no_such_table_here').select(), 404, 'PGRST205'],
    [ann.from(table).select('no_such_column'), 400, '42703'],
    [ann.from(table).insert({ no_such_column: 1 }), 400, 'PGRST204'],
    [ann.from(table).select().eq('id', 'seven'), 400, '22P02'],
    [ann.from(table).insert({ title: null }), 400, '23502'],
  ];
  for (const [call, status, code] of expected) {
    const answer = await call;
    assert.deepEqual([answer.status, answer.error?.code], [status, code], JSON.stringify(answer.error));
  }
});

test('keys and tokens that are not this project\'s are refused', async () => {
  const get = (headers) => fetch(`${url}/rest/v1/${table}?select=id`, { headers });
  const { session } = good(await ann.auth.getSession());
  const [head, body, signature] = session.access_token.split('.');
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(body, 'base64url'));
  const forged = [
    `${head}.${encode({ ...claims, sub: bobId })}.${signature}`,
    `${head}.${encode({ ...claims, role: 'service_role' })}.${signature}`,
    `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
    `${encode({ alg: 'HS256', typ: 'JWT' })}.${body}.${signature}`,
    'not.a.token',
  ];
  for (const token of forged) {
    const answer = await get({ apikey: publishableKey, authorization: `Bearer ${token}` });
    assert.equal(answer.status, 401, token);
    assert.ok(!(await answer.text()).includes('"id"'), 'no row is told');
  }
  assert.equal((await get({})).status, 401);
  assert.equal((await get({ apikey: `${publishableKey}x` })).status, 401);
  assert.equal((await get({ apikey: publishableKey, authorization: `Bearer ${session.access_token}` })).status, 200);
});

test('a picture is uploaded and comes back byte for byte', async () => {
  good(await service.storage.createBucket(bucket, { public: false }));
  good(await service.storage.createBucket(publicBucket, { public: true }));
  const picture = png();
  const path = `${annId}/Summer 2026/a+b & c=d (1)!.png`;
  const ascii = `${annId}/holiday/beach (1).png`;
  const stored = good(await ann.storage.from(bucket).upload(ascii, picture, { contentType: 'image/png', cacheControl: '3600' }));
  assert.equal(stored.path, ascii);
  assert.equal(stored.fullPath, `${bucket}/${ascii}`);
  assert.match(stored.id, /^[0-9a-f-]{36}$/);
  const blob = good(await ann.storage.from(bucket).download(ascii));
  assert.equal(blob.type, 'image/png');
  assert.deepEqual(Buffer.from(await blob.arrayBuffer()), picture);
  good(await ann.storage.from(bucket).upload(path, new Blob([picture], { type: 'image/png' }), { contentType: 'image/png' }));
  assert.deepEqual(Buffer.from(await good(await ann.storage.from(bucket).download(path)).arrayBuffer()), picture);

  const again = await ann.storage.from(bucket).upload(ascii, png(8, 8));
  assert.equal(again.error.statusCode, '409');
  good(await ann.storage.from(bucket).upload(ascii, png(8, 8), { upsert: true, contentType: 'image/png' }));
  assert.deepEqual(Buffer.from(await good(await ann.storage.from(bucket).download(ascii)).arrayBuffer()), png(8, 8));

  const { session } = good(await ann.auth.getSession());
  const part = await fetch(`${url}/storage/v1/object/authenticated/${bucket}/${path.split('/').map(encodeURIComponent).join('/')}`, {
    headers: { apikey: publishableKey, authorization: `Bearer ${session.access_token}`, range: 'bytes=0-7' },
  });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), `bytes 0-7/${picture.length}`);
  assert.deepEqual(Buffer.from(await part.arrayBuffer()), picture.subarray(0, 8));
});

test('others neither read nor write nor delete the picture', async () => {
  const path = `${annId}/holiday/beach (1).png`;
  for (const other of [bob, anon]) {
    assert.ok((await other.storage.from(bucket).download(path)).error);
    assert.ok((await other.storage.from(bucket).createSignedUrl(path, 60)).error);
    const write = await other.storage.from(bucket).upload(`${annId}/planted.png`, png(4, 4));
    assert.equal(write.error.statusCode, '403');
    assert.deepEqual(good(await other.storage.from(bucket).remove([path])), []);
  }
  assert.ok(good(await ann.storage.from(bucket).download(path)).size > 0);
  assert.ok((await service.storage.from(bucket).download(`${annId}/planted.png`)).error, 'nothing was planted');
});

test('public and signed URLs open for whom they are meant', async () => {
  const picture = png(64, 64);
  good(await service.storage.from(publicBucket).upload('ann.png', picture, { contentType: 'image/png' }));
  const open = await fetch(ann.storage.from(publicBucket).getPublicUrl('ann.png').data.publicUrl);
  assert.equal(open.status, 200);
  assert.equal(open.headers.get('content-type'), 'image/png');
  assert.deepEqual(Buffer.from(await open.arrayBuffer()), picture);

  const path = `${annId}/holiday/beach (1).png`;
  const closed = await fetch(ann.storage.from(bucket).getPublicUrl(path).data.publicUrl);
  assert.ok([400, 404].includes(closed.status));
  const { signedUrl } = good(await ann.storage.from(bucket).createSignedUrl(path, 60));
  const signed = await fetch(signedUrl);
  assert.equal(signed.status, 200);
  assert.deepEqual(Buffer.from(await signed.arrayBuffer()), png(8, 8));

  const otherObject = signedUrl.replace('beach', 'other');
  const token = new URL(signedUrl).searchParams.get('token');
  const [head, body, signature] = token.split('.');
  const longer = { ...JSON.parse(Buffer.from(body, 'base64url')), exp: 4102444800 };
  const tampered = [
    token.slice(0, -6) + (token.at(-6) === 'A' ? 'B' : 'A') + token.slice(-5),
    `${head}.${Buffer.from(JSON.stringify(longer)).toString('base64url')}.${signature}`,
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`,
    '',
  ].map((forged) => signedUrl.replace(token, forged));
  for (const bad of [otherObject, ...tampered]) {
    const refused = await fetch(bad);
    assert.ok(refused.status >= 400 && refused.status < 500, `${bad}: ${refused.status}`);
    assert.notEqual(refused.headers.get('content-type'), 'image/png');
    await refused.arrayBuffer();
  }
});

test('a picture is deleted', async () => {
  const path = `${annId}/holiday/beach (1).png`;
  assert.deepEqual(good(await ann.storage.from(bucket).remove([path])).map((object) => object.name), [path]);
  assert.ok((await ann.storage.from(bucket).download(path)).error);
});

test('a function is invoked by HTTP', async () => {
  const { data, error } = await ann.functions.invoke(afterEvent, { body: { name: 'Bäsalt' } });
  assert.equal(error, null, String(error));
  assert.deepEqual(data, { hello: 'Bäsalt', method: 'POST' });
  const teapot = await ann.functions.invoke(`${afterEvent}/teapot`);
  assert.equal(teapot.error.name, 'FunctionsHttpError');
  assert.equal(teapot.error.context.status, 418);
  assert.equal(await teapot.error.context.text(), 'short and stout');
  const missing = await ann.functions.invoke(`missing-${run}`);
  assert.equal(missing.error.context.status, 404);
  assert.equal(missing.error.name, 'FunctionsRelayError');
});

test('a session is refreshed, and its old token ends the family when it comes again', async () => {
  const before = good(await ann.auth.getSession()).session;
  const { session } = good(await ann.auth.refreshSession());
  assert.notEqual(session.refresh_token, before.refresh_token);
  assert.equal(session.user.id, annId);
  assert.equal(good(await ann.auth.getUser()).user.id, annId);
  assert.ok(good(await ann.from(table).select('id')).length > 0);
  const newest = good(await ann.auth.refreshSession()).session;
  const reused = await client().auth.refreshSession({ refresh_token: before.refresh_token });
  assert.equal(reused.error.status, 400);
  assert.equal(reused.error.code, 'refresh_token_already_used');
  const family = await client().auth.refreshSession({ refresh_token: newest.refresh_token });
  assert.equal(family.error.status, 400);
  good(await ann.auth.signInWithPassword({ email: address('ann'), password }));
});

test('a user changes themselves and signs out', async () => {
  const { user } = good(await ann.auth.updateUser({ data: { nick: 'Anna' }, password: `${password}new` }));
  assert.equal(user.user_metadata.nick, 'Anna');
  assert.ok((await client().auth.signInWithPassword({ email: address('ann'), password })).error);
  const { session } = good(await ann.auth.signInWithPassword({ email: address('ann'), password: `${password}new` }));
  assert.equal((await ann.auth.signOut()).error, null);
  assert.equal(good(await ann.auth.getSession()).session, null);
  const old = await client().auth.refreshSession({ refresh_token: session.refresh_token });
  assert.ok(old.error, 'the refresh token of a session signed out is worth nothing');
  assert.equal((await client().auth.getUser(session.access_token)).error.name, 'AuthSessionMissingError');
  assert.deepEqual(good(await ann.from(table).select()), [], 'signed out, the client is a stranger');
});

test('the after event came for everything written and for nothing refused', async () => {
  assert.equal(written.length, 9, 'the tests above have run');
  const told = await until('every after event', async () => {
    const all = await audited();
    return all.length >= written.length ? all : undefined;
  });
  const sorted = (list) => list.map((one) => JSON.stringify(one)).sort();
  assert.deepEqual(sorted(told), sorted(written.map(([type, now, before]) => [type, table, now, before])));
});

test('what was done has been counted', async () => {
  const least = { auth: 15, data: 40, storage: 20, functions: 3 };
  const sumOf = (answer, service, field = 'requests') =>
    answer.series.filter((row) => row.service === service).reduce((total, row) => total + row[field], 0);
  // Services that run apart hand in what they counted every few seconds.
  const counted = await until(`requests counted, at least ${JSON.stringify(least)}, and the pictures sent and fetched`, async () => {
    const answer = await usage();
    const all = Object.keys(least).every((service) => sumOf(answer, service) >= least[service]);
    const pictures = ['bytesIn', 'bytesOut'].every((field) => sumOf(answer, 'storage', field) >= png().length * 2);
    return all && pictures ? answer : undefined;
  });
  assert.equal(counted.granularity, 'minute');
  const sum = (service, field) => sumOf(counted, service, field);
  assert.ok(sum('data', 'errors') > 0 && sum('data', 'databaseMicros') > 0);
  assert.ok(counted.totals.functionMillis > 0 && counted.totals.functionMegabyteMillis > 0);
  const refused = await fetch(`${url}/platform/v1/projects/default/usage`, { headers: { apikey: publishableKey } });
  assert.ok([401, 403].includes(refused.status), 'usage is not for everybody');
});
