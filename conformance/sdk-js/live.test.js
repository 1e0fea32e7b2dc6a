import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { createClient } from '@basalt/sdk';
import { secretKey, sql, url } from '../lib/basalt.js';
import { dropCollection, named, ownCollection, service, stranger, user } from './people.js';

const things = named('live');
const own = named('live_own');
const all = service.documents.collection(things);

before(async () => {
  await all.doc('a').set({ n: 1 });
  await ownCollection(own);
});
after(() => Promise.all([things, own].map(dropCollection)));

const shown = ({ documents }) => documents.map(({ id, data }) => `${id}${data.n}`).join(' ');

/** Takes snapshots until one shows this. */
async function until(snapshots, expected) {
  for (;;) {
    const { value, done } = await snapshots.next();
    assert.ok(!done, `it ended before it showed ${expected}`);
    if (shown(value) === expected) return value;
  }
}

test('a live query follows every way of writing', async () => {
  const snapshots = all.order('n').live();
  const first = await until(snapshots, 'a1');
  assert.deepEqual(first.changes.map(({ type }) => type), ['added']);
  await all.doc('b').set({ n: 2 });
  assert.deepEqual((await until(snapshots, 'a1 b2')).changes.map(({ type, index }) => [type, index]), [['added', 1]]);
  await service.documents.commit((commit) => commit.set(all.doc('c'), { n: 0 }).merge(all.doc('a'), { n: 3 }));
  await until(snapshots, 'c0 b2 a3');
  await sql(`update documents."${things}" set data = '{"n": 5}' where id = 'b'`);
  await until(snapshots, 'c0 a3 b5');
  await all.doc('c').delete();
  assert.deepEqual((await until(snapshots, 'a3 b5')).changes, [{ type: 'removed', path: `${things}/c` }]);
  await snapshots.return();
});

test('a live query shows what it asks for and no more', async () => {
  const snapshots = all.gt('n', 100).order('n', 'desc').limit(2).select('n').live();
  await until(snapshots, '');
  await service.documents.commit((commit) => commit.set(all.doc('x'), { n: 101, more: 1 }).set(all.doc('y'), { n: 102 }).set(all.doc('z'), { n: 103 }).set(all.doc('low'), { n: 4 }));
  await until(snapshots, 'z103 y102');
  await all.doc('y').delete();
  assert.deepEqual((await until(snapshots, 'z103 x101')).documents.map(({ data }) => data), [{ n: 103 }, { n: 101 }]);
  await snapshots.return();
});

test('one document is followed until it is gone', async () => {
  const doc = all.doc('single');
  const seen = [];
  for await (const one of doc.live()) {
    seen.push(one?.data.n ?? null);
    if (seen.length === 1) await doc.set({ n: 1 });
    else if (seen.length === 2) await doc.delete();
    else break;
  }
  assert.deepEqual(seen, [null, 1, null]);
});

test('what a caller may not see is not in the stream', async () => {
  const [ann, bob] = await Promise.all([user('live-ann'), user('live-bob')]);
  const mine = ann.basalt.documents.collection(own).live();
  const others = [stranger, bob.basalt].map((client) => client.documents.collection(own).live());
  await Promise.all([mine, ...others].map((snapshots) => until(snapshots, '')));
  await ann.basalt.documents.collection(own).doc('a').set({ n: 1 });
  await until(mine, 'a1');
  await bob.basalt.documents.collection(own).doc('b').set({ n: 2 });
  // The next that bob sees is his own document: of Ann's nothing came before.
  const { value } = await others[1].next();
  assert.equal(shown(value), 'b2');
  await Promise.all([mine, ...others].map((snapshots) => snapshots.return()));
});

test('a connection that breaks goes on without a gap', async (t) => {
  // Between the client and Basalt, so that connections can be broken.
  const { hostname, port } = new URL(url);
  const pairs = new Set();
  const ids = [];
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    pairs.add(client);
    client.pipe(server).pipe(client);
    client.on('data', (bytes) => ids.push(/last-event-id: (\S+)/i.exec(bytes.toString())?.[1]));
    for (const one of [client, server]) one.on('error', () => {}).on('close', () => (client.destroy(), server.destroy()));
  });
  await new Promise((listening) => proxy.listen(0, '127.0.0.1', listening));
  t.after(() => {
    pairs.forEach((client) => client.destroy());
    proxy.close();
  });
  const snapshots = createClient(`http://127.0.0.1:${proxy.address().port}`, secretKey).documents.collection(things).gte('n', 1000).order('n').live();
  await until(snapshots, '');
  await all.doc('r1').set({ n: 1000 });
  await until(snapshots, 'r11000');
  const next = snapshots.next();
  pairs.forEach((client) => client.destroy());
  await all.doc('r2').set({ n: 1001 });
  const { value } = await next;
  assert.equal(shown(value), 'r11000 r21001');
  assert.deepEqual(value.changes.map(({ type }) => type), ['added']);
  assert.deepEqual(ids.map((id) => id !== undefined), [false, true]);
  await snapshots.return();
});

test('many who listen all hear it', async () => {
  const listeners = Array.from({ length: 50 }, () => all.gte('n', 5000).order('n').live());
  await Promise.all(listeners.map((snapshots) => until(snapshots, '')));
  await all.doc('loud').set({ n: 5000 });
  await Promise.all(listeners.map((snapshots) => until(snapshots, 'loud5000')));
  await Promise.all(listeners.map((snapshots) => snapshots.return()));
});
