import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { operator } from '../lib/basalt.js';
import { program } from './page.js';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const run = (...command) => {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, command, { encoding: 'utf8', timeout: 120_000 });
  assert.ok(!error && status === 0, `${error ?? ''}${stdout}${stderr}`);
  return stdout.trimEnd();
};

after(async () => {
  for (const name of ['js_articles', 'js_comments']) await operator('DELETE', `/platform/v1/projects/default/collections/${name}?force=true`).catch(() => {});
  await operator('POST', '/sql/v1', { query: 'drop table if exists js_novels, js_writers' });
});

test('the documentation compiles, and prints what it says', () => {
  const { code, promised } = program(readFileSync(path('../../docs/sdk-js.md'), 'utf8'));
  assert.ok(promised.split('\n').length > 10, promised);
  // Below node_modules, where the client is found as an app finds it.
  mkdirSync(path('node_modules/.cache'), { recursive: true });
  const directory = mkdtempSync(path('node_modules/.cache/page-'));
  try {
    writeFileSync(join(directory, 'package.json'), '{"type": "module"}');
    writeFileSync(join(directory, 'page.ts'), code);
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom,dom.asynciterable', '--types', ''];
    run(path('../../sdk-js/node_modules/typescript/bin/tsc'), ...strict, join(directory, 'page.ts'));
    assert.equal(run(join(directory, 'page.js')), promised);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('what a page must not be', () => {
  const page = '<!-- tested -->\n\n```ts\nimport { a } from \'@basalt/sdk\'\nx()\n// prints 1\n```\ntext\n```ts\ny()\n// prints 2\n```\n<!-- tested -->\n```ts\nimport { a, b } from \'@basalt/sdk\'\n```\n';
  const { code, promised } = program(page);
  assert.equal(promised, '1');
  assert.match(code, /^import \{ a, b, createClient \} from/);
  assert.doesNotMatch(code, /y\(\)/);
  assert.throws(() => program('<!-- tested -->\n```ts\nx()'), /does not end/);
});
