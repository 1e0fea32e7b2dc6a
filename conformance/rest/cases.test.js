// Every case of cases/, one test each. How a case is written: README.md beside this file.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { close, credentials, open, sql, url } from './lib/archive.js';
import { exchange, hangUp } from './lib/exchange.js';
import { assertAnswer } from './lib/expectation.js';

const methods = ['get', 'head', 'post', 'patch', 'put', 'delete', 'options', 'trace'];
const known = new Set([...methods, 'name', 'as', 'prefer', 'accept', 'type', 'headers', 'body', 'status', 'answer',
  'json', 'rows', 'part', 'error', 'text', 'bytes', 'before', 'then', 'cleanup', 'notYet']);

let people;
before(async () => {
  people = await open();
});
after(async () => {
  hangUp();
  await close();
});

const contentType = (body) => (typeof body === 'object' && !Buffer.isBuffer(body) ? 'application/json' : undefined);

/** Sends what a case says, as `as` unless it says who asks. */
async function ask(one, as) {
  const [method] = methods.filter((name) => name in one);
  const { body, prefer, accept, type = contentType(body), headers = {} } = one;
  const sent = {
    ...credentials(one.as ?? as, people),
    ...(prefer ? { prefer } : {}),
    ...(accept ? { accept } : {}),
    ...(type ? { 'content-type': type } : {}),
    ...headers,
  };
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await exchange(url, method.toUpperCase(), `/rest/v1${one[method]}`, sent, text);
  assertAnswer(`${method.toUpperCase()} ${one[method].slice(0, 300)}`, one, answer);
}

for (const file of readdirSync(new URL('cases/', import.meta.url)).sort()) {
  const { default: cases } = await import(`./cases/${file}`);
  describe(file.replace(/\.js$/, ''), () => {
    test('every case has a name of its own and says nothing unknown', () => {
      assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
      for (const one of cases) {
        assert.deepEqual(Object.keys(one).filter((key) => !known.has(key)), [], one.name);
        assert.equal(methods.filter((name) => name in one).length, 1, one.name);
      }
    });
    for (const one of cases) {
      const run = async () => {
        try {
          if (one.before) await sql(one.before);
          await ask(one, 'anon');
          for (const next of [one.then ?? []].flat()) await ask(next, one.as ?? 'anon');
        } finally {
          if (one.cleanup) await sql(one.cleanup);
        }
      };
      // What is not there yet fails; once it is there, the mark has to go.
      if (one.notYet) {
        test(`NOT YET (${one.notYet}): ${one.name}`, () => assert.rejects(run, assert.AssertionError));
      } else {
        test(one.name, run);
      }
    }
  });
}
