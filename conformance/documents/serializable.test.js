// Clients that read, decide and commit at the same time on the same few documents: whatever the interleaving, what came of it
// is what some order of the commits that were answered, one after the other, would have left.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { operator, secretKey, url } from '../lib/basalt.js';
import { generator } from './lib/random.js';
import { explained } from './lib/serial.js';
import { declaration, fresh } from './lib/names.js';

const collection = fresh('serial');
const documents = ['a', 'b', 'c'];
const rounds = 40;
const clients = 3;
const commitsEach = 3;
const seed = Number(process.env.BASALT_SEED ?? Date.now() % 2 ** 31);

before(() => operator('PUT', `/platform/v1${declaration(collection)}`, {}));
after(() => operator('DELETE', `/platform/v1${declaration(collection)}?force=true`));

const headers = { apikey: secretKey, 'content-type': 'application/json' };
const send = async (method, path, body) => {
  const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
};

/** The state of all documents of a round, read at once: version and value, null where there is none. */
async function read(round) {
  const paths = documents.map((id) => `${collection}/${round}-${id}`);
  const { json } = await send('POST', '/documents/v1:batchGet', { paths });
  const found = new Map(json.documents.map((one) => [one.path, { version: one.version, value: one.data.v }]));
  return Object.fromEntries(documents.map((id) => [id, found.get(`${collection}/${round}-${id}`) ?? null]));
}

const precondition = (seen) => (seen === null ? { exists: false } : { version: seen.version });

/**
 * One client of a round: reads everything, then commits writes of its own values, each guarded by what was read, with the
 * documents it only read guarded by writes that leave them as they are.
 */
async function client(round, name, random, log) {
  for (let i = 0; i < commitsEach; i++) {
    const seen = await read(round);
    if (random.below(2) === 0) await new Promise((resume) => setTimeout(resume, random.below(5)));
    const chosen = documents.filter(() => random.below(3) > 0);
    if (chosen.length === 0) chosen.push(random.of(documents));
    const writes = [];
    const effect = {};
    for (const id of chosen) {
      const path = `${collection}/${round}-${id}`;
      const old = seen[id];
      const kind = random.of(old === null ? ['set', 'set'] : ['set', 'merge', 'delete', 'keep']);
      // A value that says whence it comes: two commits can not leave the same.
      const value = kind === 'keep' ? old.value : `${name}${i}(${chosen.map((one) => seen[one]?.value ?? '-').join()})`.slice(0, 60) + `#${id}`;
      writes.push({ op: kind === 'keep' ? 'merge' : kind, path, ...(kind === 'delete' ? {} : { data: { v: value } }), precondition: precondition(old) });
      effect[id] = kind === 'delete' ? null : value;
    }
    const { status, json } = await send('POST', '/documents/v1:commit', { writes });
    assert.ok([200, 409, 412].includes(status), `${status} ${JSON.stringify(json)}`);
    // What a commit that was refused would have done has to be nowhere.
    log.push({ name: `${name}${i}`, committed: status === 200, saw: Object.fromEntries(chosen.map((id) => [id, seen[id]?.value ?? null])), effect });
  }
}

test(`commits with preconditions are serializable (BASALT_SEED=${seed})`, async () => {
  const random = generator(seed);
  let committed = 0;
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const log = [];
    await Promise.all(Array.from({ length: clients }, (_, i) => client(round, 'xyz'[i], generator(random.below(2 ** 31)), log)));
    const end = Object.fromEntries(Object.entries(await read(round)).map(([id, one]) => [id, one?.value ?? null]));
    const done = log.filter(({ committed: yes }) => yes);
    assert.ok(explained(Object.fromEntries(documents.map((id) => [id, null])), done, end), `round ${round}: no order of these commits leaves ${JSON.stringify(end)}:\n${JSON.stringify(done, null, 1)}`);
    committed += done.length;
    refused += log.length - done.length;
  }
  // Without both kinds nothing was tried.
  assert.ok(committed > rounds && refused > rounds / 4, `${committed} commits, ${refused} refused`);
});

test('increments without preconditions are all there', async () => {
  const path = `${collection}/counter`;
  const answers = await Promise.all(Array.from({ length: 40 }, () => send('POST', '/documents/v1:commit', { writes: [{ op: 'merge', path, transforms: [{ field: 'n', increment: 1 }] }] })));
  const done = answers.filter(({ status }) => status === 200).length;
  assert.ok(answers.every(({ status }) => status === 200 || status === 409));
  assert.ok(done > 0);
  assert.equal((await operator('GET', `/documents/v1/${path}`)).data.n, done);
});

test('of many that create one document one does', async () => {
  const path = `${collection}/once`;
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send('POST', '/documents/v1:commit', { writes: [{ op: 'set', path: `${collection}/beside-${i}`, data: {} }, { op: 'create', path, data: { i } }] })));
  const winners = answers.flatMap(({ status }, i) => (status === 200 ? [i] : []));
  assert.equal(winners.length, 1);
  assert.ok(answers.every(({ status }) => status === 200 || status === 409));
  assert.equal((await operator('GET', `/documents/v1/${path}`)).data.i, winners[0]);
  const beside = (await operator('GET', `/documents/v1/${collection}?$id=like.beside-*`)).documents.map(({ id }) => id);
  assert.deepEqual(beside, [`beside-${winners[0]}`]);
});
