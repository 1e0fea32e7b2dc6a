// The client in a browser: a page of another origin that shows a list and hears of every change to it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { publishableKey, url } from '../lib/basalt.js';
import { open, withoutChromium } from '../lib/page.js';
import { dropCollection, named, ownCollection, service, user } from './people.js';

const skip = withoutChromium('sdk-js');
const collection = named('todos');
const files = {
  '/': ['text/html; charset=utf-8', new URL('page.html', import.meta.url)],
  '/basalt.min.js': ['text/javascript; charset=utf-8', new URL('../../sdk-js/dist/basalt.min.js', import.meta.url)],
};
let opened;
let ann;
let address;

before(async () => {
  if (skip) return;
  await ownCollection(collection);
  ann = await user('browser-ann');
  opened = await open((await import('playwright-core')).chromium, files);
  address = `${opened.origin}/?${new URLSearchParams({ url, key: publishableKey, token: ann.token, collection })}`;
});
after(async () => {
  if (skip) return;
  await opened?.close();
  await dropCollection(collection);
});

/** Waits for the list to be this; what went wrong in the page meanwhile is the message. */
const shows = async (page, ...expected) => {
  const listed = (want) => [...document.querySelectorAll('li')].map((li) => li.textContent).join('|') === want;
  try {
    await page.waitForFunction(listed, expected.join('|'), { timeout: 15_000 });
  } catch {
    assert.fail(`the page does not show ${expected}: ${[await page.textContent('body'), ...opened.failures].join('; ')}`);
  }
};

test('pages of another origin write, and hear of what others write', { skip }, async () => {
  const { page, newPage } = opened;
  assert.notEqual(new URL(url).origin, opened.origin);
  const other = await newPage();
  await Promise.all([page, other].map((one) => one.goto(address)));
  await Promise.all([page, other].map((one) => one.waitForSelector('text=0 to do')));

  await page.fill('[name=title]', 'Grüße <b>schreiben</b>');
  await page.click('button');
  await Promise.all([page, other].map((one) => shows(one, 'Grüße <b>schreiben</b> 0')));
  await other.click('li');
  await Promise.all([page, other].map((one) => shows(one, 'Grüße <b>schreiben</b> 1')));
  await ann.basalt.documents.collection(collection).doc('a').set({ title: 'A first', done: 5 });
  await Promise.all([page, other].map((one) => shows(one, 'A first 5', 'Grüße <b>schreiben</b> 1')));
  // What others may not see does not come; what comes next shows that it would have.
  await service.documents.collection(collection).doc('hidden').set({ title: 'Not of Ann', done: 0 });
  await ann.basalt.documents.collection(collection).doc('a').delete();
  await Promise.all([page, other].map((one) => shows(one, 'Grüße <b>schreiben</b> 1')));

  assert.equal(await page.textContent('#error'), '');
  assert.deepEqual(opened.failures, []);
  await other.close();
});

test('a page gets documents, errors and streams as Node does', { skip }, async () => {
  const seen = await opened.page.evaluate(async () => {
    const { basalt, todos } = window;
    const doc = todos.doc('x/y?#%');
    const first = await doc.set({ title: 'first', done: 0 });
    const stale = await doc.set({ title: 'second', done: 0 }).then(() => doc.delete(first)).catch((failure) => failure);
    const known = await doc.get();
    const same = await doc.get({ known });
    const batch = await basalt.batch((batch) => batch.call('there_is_none')).catch((failure) => failure);
    const sql = await basalt.sql.stream('select 1').next().catch((failure) => failure);
    await doc.delete();
    return {
      path: first.path, stale: [stale.name, stale.code, stale.status], same: same === known, batch: batch.code, sql: sql.status >= 400,
      gone: await doc.get(), count: await todos.count(),
    };
  });
  assert.deepEqual(seen, {
    path: `${collection}/x%2Fy?#%25`, stale: ['BasaltError', 'precondition_failed', 412], same: true, batch: 'PGRST202', sql: true, gone: null, count: 1,
  });
});

test('a page that stops listening leaves no connection', { skip }, async () => {
  const { page } = opened;
  const ended = page.waitForEvent('requestfailed', (request) => request.headers().accept === 'text/event-stream');
  await page.evaluate(() => window.stop());
  await ended;
  assert.equal(await page.textContent('#error'), '');
});
