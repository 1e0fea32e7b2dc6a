// A table of cases as tests: a chapter a file, a test a case. How a case is written: README.md.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { sql, url } from './basalt.js';
import { exchange } from './exchange.js';
import { assertAnswer } from './expectation.js';

const methods = ['get', 'head', 'post', 'patch', 'put', 'delete', 'options', 'trace'];
const known = new Set([...methods, 'name', 'as', 'at', 'prefer', 'accept', 'type', 'headers', 'body', 'status', 'answer',
  'json', 'rows', 'part', 'error', 'text', 'bytes', 'before', 'then', 'cleanup', 'notYet']);

const contentType = (body) => (typeof body === 'object' && !Buffer.isBuffer(body) ? 'application/json' : undefined);

function parsed({ headers, bytes }) {
  return /json/.test(headers['content-type'] ?? '') ? JSON.parse(bytes.toString('utf8')) : undefined;
}

/**
 * Makes tests of all cases in a directory. A chapter's default export is its cases.
 *
 * @param {URL} directory where the chapters are
 * @param {string} base what paths are below, unless a chapter exports a `base`, or a case says `at`, of its own
 * @param {string} everybody who asks where a case does not say
 * @param {(as: string) => object} credentials the headers of whoever asks
 */
export async function defineCases(directory, base, everybody, credentials) {
  /** Sends what a case says, as `as` unless it says who asks; then what follows. */
  async function ask(one, at, as) {
    const [method] = methods.filter((name) => name in one);
    const { body, prefer, accept, type = contentType(body), headers = {} } = one;
    const sent = {
      ...credentials(one.as ?? as),
      ...(prefer ? { prefer } : {}),
      ...(accept ? { accept } : {}),
      ...(type ? { 'content-type': type } : {}),
      ...headers,
    };
    const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const path = (one.at ?? at) + one[method];
    const answer = await exchange(url, method.toUpperCase(), path, sent, text);
    assertAnswer(`${method.toUpperCase()} ${path.slice(0, 300)}`, one, answer);
    for (const next of [one.then ?? []].flat()) {
      await ask(typeof next === 'function' ? next({ ...answer, json: parsed(answer) }) : next, at, one.as ?? as);
    }
  }

  for (const file of readdirSync(directory).sort()) {
    const chapter = await import(new URL(file, directory));
    const cases = chapter.default;
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
            await ask(one, chapter.base ?? base, everybody);
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
}
