// The running Basalt that the suites are pointed at, and what its operator does by plain HTTP.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

const fromEnvironment = (name) => {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: name a running Basalt by BASALT_URL, BASALT_PUBLISHABLE_KEY and BASALT_SECRET_KEY`);
  }
  return value;
};

/** Where Basalt answers, without a slash at the end. */
export const url = fromEnvironment('BASALT_URL').replace(/\/+$/, '');
export const publishableKey = fromEnvironment('BASALT_PUBLISHABLE_KEY');
export const secretKey = fromEnvironment('BASALT_SECRET_KEY');

/** Part of every name a run makes, so that runs on the same Basalt do not meet. */
export const run = randomBytes(4).toString('hex');

/** A password that every sensible rule takes. */
export const password = 'correct horse battery staple 7!';

/** Sends JSON with the secret key; answers the parsed body. Any other status than 2xx fails with what was said. */
export async function operator(method, path, body) {
  const answer = await fetch(url + path, {
    method,
    headers: { apikey: secretKey, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Runs SQL as the project's owner. */
export const sql = (query, params) => operator('POST', '/sql/v1', params ? { query, params } : { query });

/** Deploys one JavaScript file. */
export const deploy = (name, source, triggers = []) =>
  operator('PUT', `/platform/v1/projects/default/functions/${name}`, {
    files: { 'index.js': source },
    manifest: { runtime: 'js', entrypoint: 'index.js', triggers },
  });

export const undeploy = (name) => operator('DELETE', `/platform/v1/projects/default/functions/${name}`);

/** Asks again until the answer is not undefined; fails when the deadline has passed. */
export async function until(what, ask, seconds = 15) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(Date.now() < deadline, `within ${seconds} s: ${what}`);
    await new Promise((resume) => setTimeout(resume, 100));
  }
}
