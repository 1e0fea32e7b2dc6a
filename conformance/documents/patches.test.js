// The published vectors of JSON Patch (RFC 6902) and those of JSON Merge Patch (RFC 7396, appendix A), by PATCH.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { operator } from '../lib/basalt.js';
import { declaration, fresh } from './lib/names.js';
import { below, isOfObjects, patched } from './lib/patches.js';

const load = createRequire(import.meta.url);
const collection = fresh('patches');

before(() => operator('PUT', `/platform/v1${declaration(collection)}`, {}));
after(() => operator('DELETE', `/platform/v1${declaration(collection)}?force=true`));

/** Original, patch and result, in the order of the table in appendix A. */
const mergeVectors = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [['a', 'b'], ['c', 'd'], ['c', 'd']],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe('RFC 7396, appendix A', () => {
  mergeVectors.forEach(([original, patch, result], i) => {
    const type = 'application/merge-patch+json';
    const title = `${JSON.stringify(original)} with ${JSON.stringify(patch)} is ${JSON.stringify(result)}`;
    if (isOfObjects(original, patch, result)) {
      test(title, async () => {
        assert.deepEqual(await patched(`${collection}/m${i}`, original, JSON.stringify(patch), type), { status: 200, code: undefined, data: result });
      });
    } else if (isOfObjects(original)) {
      // What would make a document something else than an object is refused.
      test(`${title}, which no document is`, async () => {
        const { status, data } = await patched(`${collection}/w${i}`, original, JSON.stringify(patch), type);
        assert.deepEqual({ status, data }, { status: 422, data: original });
      });
    }
    // A null within a patch removes, so the one that is the patch does here.
    test(`${title}, within a document`, async () => {
      const expected = result === null ? {} : { v: result };
      assert.deepEqual(await patched(`${collection}/n${i}`, { v: original }, JSON.stringify({ v: patch }), type), { status: 200, code: undefined, data: expected });
    });
  });
});

for (const file of ['spec_tests.json', 'tests.json']) {
  describe(`RFC 6902, json-patch-test-suite, ${file}`, () => {
    load(`json-patch-test-suite/${file}`).forEach((vector, i) => {
      const { doc, patch, expected, error, disabled } = vector;
      if (doc === undefined || patch === undefined) return;
      const title = `${i}: ${vector.comment ?? error ?? JSON.stringify(patch)}`;
      const type = 'application/json-patch+json';
      const holds = async (path, document, operations, result) => {
        const { status, code, data } = await patched(path, document, JSON.stringify(operations), type);
        if (error === undefined) {
          assert.deepEqual({ status, data }, { status: 200, data: result ?? document });
        } else {
          assert.deepEqual({ status, code, data }, { status: 422, code: 'invalid_patch', data: document }, error);
        }
      };
      // The suite disables one vector: a parser in JavaScript can't see that a member stands twice.
      if (disabled) return;
      if (isOfObjects(doc, expected ?? doc)) {
        test(title, () => holds(`${collection}/${file[0]}${i}`, doc, patch, expected));
      }
      test(`${title}, within a document`, () => holds(`${collection}/${file[0]}n${i}`, { v: doc }, below('v', patch), expected === undefined ? undefined : { v: expected }));
    });
  });
}
