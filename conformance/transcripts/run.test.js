import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches, steps } from './run.js';

test('only blocks marked as tested are run, with their continuations', () => {
  const page = [
    '```console', '$ rm -rf never', '```',
    '<!-- tested -->', '', '```console', "$ curl -d '{", '  "a": 1}\' \\', '  x', '{"ok": true}', '$ echo two', 'two', '', '```',
    '```console', '$ not this', '```',
    '<!-- tested -->', 'Prose between ends the mark.', '```console', '$ nor this', '```',
  ].join('\n');
  assert.deepEqual(steps(page).map(({ command, shown }) => [command, shown]), [
    ['curl -d \'{\n  "a": 1}\' \\\n  x', '{"ok": true}'],
    ['echo two', 'two'],
  ]);
});

test('JSON is compared by value, with wildcards', () => {
  const same = [
    ['{"a":1,"b":"…"}', '{ "b": {"c": 2}, "a": 1 }'],
    ['{"a":1,"…":"…"}', '{"a":1,"b":2}'],
    ['[{"id":"…"},"…"]', '[{"id":1},{"id":2},{"id":3}]'],
    ['{"t":"ey….…"}', '{"t":"eyJh.b.c"}'],
  ];
  const other = [
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"a":1,"…":"…"}', '{"b":2}'],
    ['{"a":1}', '{"a":"1"}'],
    ['[1]', '[1,2]'],
    ['{"t":"ey…"}', '{"t":"xy"}'],
    ['{"a":[]}', '{"a":{}}'],
  ];
  for (const [shown, got] of same) assert.ok(matches(shown, got), `${shown} is ${got}`);
  for (const [shown, got] of other) assert.ok(!matches(shown, got), `${shown} is not ${got}`);
});

test('text is compared by line, with wildcards', () => {
  assert.ok(matches('HTTP/1.1 200 OK\n…\ndone', 'HTTP/1.1 200 OK\r\na: b\r\n\r\ndone\n'));
  assert.ok(!matches('HTTP/1.1 200 OK', 'HTTP/1.1 201 OK'));
  assert.ok(!matches('a.c', 'abc'));
});
