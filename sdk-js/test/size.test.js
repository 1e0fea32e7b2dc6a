import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('the client has at most 8 KiB, minified and gzipped', (t) => {
  const bytes = gzipSync(read('dist/basalt.min.js'), { level: 9 }).length;
  t.diagnostic(`${bytes} bytes`);
  assert.ok(bytes > 1024, 'there is a client at all');
  assert.ok(bytes <= 8 * 1024, `${bytes} bytes`);
});

test('the client depends on nothing, and the minified one is a single file', () => {
  const { dependencies, peerDependencies } = JSON.parse(read('package.json'));
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined]);
  assert.doesNotMatch(read('dist/basalt.min.js'), /\bimport\b|\brequire\(/);
});

test('the minified client is the same client', async () => {
  const [whole, minified] = await Promise.all([import('../dist/index.js'), import('../dist/basalt.min.js')]);
  assert.deepEqual(Object.keys(minified).sort(), Object.keys(whole).sort());
});
