import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explained } from './serial.js';

const start = { a: null, b: null };

test('an order is found whatever order the commits are told in', () => {
  const commits = [{ saw: { a: 'x' }, effect: { b: 'y' } }, { saw: { a: null }, effect: { a: 'x' } }].map((one) => ({ ...one, saw: { ...one.saw } }));
  commits[0].saw.b = null;
  assert.ok(explained(start, commits, { a: 'x', b: 'y' }));
});

test('a lost update is found', () => {
  const both = [{ saw: { a: null }, effect: { a: 'x' } }, { saw: { a: null }, effect: { a: 'y' } }];
  assert.ok(!explained(start, both, { a: 'y', b: null }));
});

test('write skew is found', () => {
  const skew = [{ saw: { a: null, b: null }, effect: { a: 'x' } }, { saw: { a: null, b: null }, effect: { b: 'y' } }];
  assert.ok(!explained(start, skew, { a: 'x', b: 'y' }));
});

test('half a commit, and one that was answered and is not there, are found', () => {
  const one = [{ saw: { a: null, b: null }, effect: { a: 'x', b: 'x' } }];
  assert.ok(explained(start, one, { a: 'x', b: 'x' }));
  assert.ok(!explained(start, one, { a: 'x', b: null }));
  assert.ok(!explained(start, one, start));
});
