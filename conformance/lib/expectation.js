// What a case says about an answer, compared with the answer in one assertion, so that its difference reads as a whole.

import assert from 'node:assert/strict';

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof RegExp);

/** Whether a function accepts a value; one of another shape than it counts on it does not. */
function accepts(expected, got) {
  try {
    return expected(got);
  } catch {
    return false;
  }
}

/**
 * The expected value with its wildcards replaced by what they stand for: a RegExp by the text that it matches, a function by
 * the value that it accepts. A wildcard that does not fit stays, and so shows in the difference.
 */
function filledIn(expected, got) {
  if (expected instanceof RegExp) return typeof got === 'string' && expected.test(got) ? got : String(expected);
  if (typeof expected === 'function') return accepts(expected, got) ? got : `${expected}`;
  if (Array.isArray(expected)) return expected.map((one, i) => filledIn(one, Array.isArray(got) ? got[i] : undefined));
  if (isObject(expected)) {
    return Object.fromEntries(Object.entries(expected).map(([key, one]) => [key, filledIn(one, isObject(got) ? got[key] : undefined)]));
  }
  return expected;
}

/** The members of `got` that `expected` speaks of, at every level of objects. */
function spokenOf(expected, got) {
  if (!isObject(expected) || !isObject(got)) return got;
  return Object.fromEntries(Object.keys(expected).filter((key) => key in got).map((key) => [key, spokenOf(expected[key], got[key])]));
}

const keysSorted = (_, value) =>
  isObject(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, value[key]])) : value;

const inAnyOrder = (rows) =>
  Array.isArray(rows) ? rows.map((row) => JSON.stringify(row, keysSorted)).sort().map((row) => JSON.parse(row)) : rows;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return `not JSON: ${text}`;
  }
}

/** The body as the case looks at it, and as the case expects it. */
function bodies(expected, bytes) {
  const text = bytes.toString('utf8');
  if ('json' in expected) return [parsed(text), filledIn(expected.json, parsed(text))];
  if ('rows' in expected) return [inAnyOrder(parsed(text)), inAnyOrder(expected.rows)];
  if ('part' in expected) {
    const got = spokenOf(expected.part, parsed(text));
    return [got, filledIn(expected.part, got)];
  }
  if ('error' in expected) {
    const got = parsed(text);
    const { code, message, details, hint, ...others } = isObject(got) ? got : { others: got };
    const known = { code, message, details, hint };
    const mentioned = Object.fromEntries(Object.keys(expected.error).map((key) => [key, known[key]]));
    return [{ ...mentioned, ...others }, filledIn(expected.error, mentioned)];
  }
  if ('bytes' in expected) return [bytes.toString('hex'), expected.bytes];
  if ('text' in expected) return [text, filledIn(expected.text, text)];
  return [undefined, undefined];
}

/** Fails with the whole difference, the request in it, when the answer is not what the case expects. */
export function assertAnswer(request, expected, answer) {
  const headers = expected.answer ?? {};
  const got = Object.fromEntries(Object.keys(headers).map((name) => [name, answer.headers[name.toLowerCase()] ?? null]));
  const [body, expectedBody] = bodies(expected, answer.bytes);
  assert.deepEqual(
    { request, status: answer.status, headers: got, body },
    { request, status: filledIn(expected.status ?? 200, answer.status), headers: filledIn(headers, got), body: expectedBody },
  );
}
