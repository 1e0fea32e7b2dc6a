import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAnswer } from './expectation.js';
import { encoded } from './exchange.js';

const answer = (status, body, headers = {}) => ({ status, headers, bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) });
const fits = (expected, got) => assertAnswer('GET /x', expected, got);
const differs = (expected, got) => assert.throws(() => fits(expected, got), { code: 'ERR_ASSERTION' }, JSON.stringify(expected));

test('status, headers and the whole body count', () => {
  const got = answer(201, [{ id: 1 }], { location: '/x?id=eq.1' });
  fits({ status: 201, json: [{ id: 1 }], answer: { Location: /id=eq\.1$/, 'x-other': null } }, got);
  differs({ json: [{ id: 1 }] }, got);
  differs({ status: 201, json: [{ id: 1, more: 2 }] }, got);
  differs({ status: 201, json: [] }, got);
  differs({ status: 201, json: [{ id: '1' }] }, got);
  differs({ status: 201, answer: { location: null } }, got);
  differs({ status: 201, answer: { location: /id=eq\.2$/ } }, got);
  differs({ status: (status) => status === 200 }, got);
});

test('rows come in any order, keys too', () => {
  const got = answer(200, '[{"a":1,"b":{"c":1,"d":2}},{"a":2}]');
  fits({ rows: [{ a: 2 }, { b: { d: 2, c: 1 }, a: 1 }] }, got);
  differs({ rows: [{ a: 2 }] }, got);
  differs({ rows: [{ a: 2 }, { a: 1 }] }, got);
  differs({ json: [{ a: 2 }, { a: 1, b: { c: 1, d: 2 } }] }, got);
});

test('wildcards have to fit', () => {
  const got = answer(200, { n: 5, t: 'text' });
  fits({ json: { n: Number.isInteger, t: /^te/ } }, got);
  fits({ json: ({ n }) => n === 5 }, got);
  differs({ json: { n: /5/, t: 'text' } }, got);
  differs({ json: { n: 5, t: (text) => text === '' } }, got);
  differs({ json: ({ list }) => list.length === 1 }, got);
  differs({ json: { n: 5, t: 'text', missing: /./ } }, got);
});

test('a part has to be there, the rest may be', () => {
  const got = answer(200, { a: { b: 1, c: 2 }, d: 3 });
  fits({ part: { a: { b: 1 } } }, got);
  differs({ part: { a: { b: 2 } } }, got);
  differs({ part: { a: { z: 1 } } }, got);
});

test('an error has no members but its four', () => {
  const error = { code: 'X', message: 'm', details: null, hint: 'h' };
  fits({ status: 400, error: { code: 'X', details: null, hint: /h/ } }, answer(400, error));
  differs({ status: 400, error: { code: 'Y' } }, answer(400, error));
  differs({ status: 400, error: { code: 'X' } }, answer(400, { ...error, stack: 'at' }));
  differs({ status: 400, error: { code: 'X' } }, answer(400, 'oops'));
});

test('texts and bytes count as they came', () => {
  fits({ text: '[1, 2]' }, answer(200, '[1, 2]'));
  differs({ text: '[1,2]' }, answer(200, '[1, 2]'));
  fits({ bytes: '00ff' }, { status: 200, headers: {}, bytes: Buffer.from([0, 255]) });
  differs({ bytes: '00' }, { status: 200, headers: {}, bytes: Buffer.from([0, 255]) });
});

test('a path is encoded where it has to be and nowhere else', () => {
  assert.equal(encoded('/a b?x=eq."é"&y=%00+z{1}'), '/a%20b?x=eq.%22%C3%A9%22&y=%00+z%7B1%7D');
});
