// The main job in a real browser: a page of another origin signs up, adds and reads rows and uploads a picture. Without a
// Chromium this is skipped, and says so. CHROMIUM names one that is not in a usual place; BASALT_SCREENSHOT, where the
// screenshot goes.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { password, publishableKey, run, secretKey, sql, url } from '../lib/basalt.js';
import { open, withoutChromium } from '../lib/page.js';
import { png } from '../lib/png.js';

const skip = withoutChromium('browser');
const table = `notes_${run}`;
const bucket = `photos-${run}`;
const email = `browser.${run}@example.com`;
const picture = png();
const files = {
  '/': ['text/html; charset=utf-8', new URL('page.html', import.meta.url)],
  '/supabase.js': ['text/javascript; charset=utf-8', new URL('node_modules/@supabase/supabase-js/dist/umd/supabase.js', import.meta.url)],
};
let opened;
let page;
let failures;

const storage = (method, path, body) =>
  fetch(`${url}/storage/v1${path}`, {
    method,
    headers: { apikey: secretKey, authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });

before(async () => {
  if (skip) return;
  await sql(`
    create table public.${table} (
      id bigint generated always as identity primary key,
      owner uuid not null default auth.uid(), title text not null);
    alter table public.${table} enable row level security;
    create policy "own rows" on public.${table} for all to authenticated
      using (owner = auth.uid()) with check (owner = auth.uid());
    create policy "own photos ${run}" on storage.objects for all to authenticated
      using (bucket_id = '${bucket}' and (storage.foldername(name))[1] = auth.uid()::text)
      with check (bucket_id = '${bucket}' and (storage.foldername(name))[1] = auth.uid()::text);`);
  assert.equal((await storage('POST', '/bucket', { id: bucket, name: bucket, public: false })).status, 200);
  opened = await open((await import('playwright-core')).chromium, files);
  ({ page, failures } = opened);
});

after(async () => {
  if (skip) return;
  await opened?.close();
  await storage('POST', `/bucket/${bucket}/empty`, {});
  await storage('DELETE', `/bucket/${bucket}`);
  await sql(`drop table public.${table}; drop policy "own photos ${run}" on storage.objects`);
});

/** Waits for something to be true of the page; what went wrong there meanwhile is the message. */
const sees = async (what, predicate, argument) => {
  try {
    await page.waitForFunction(predicate, argument, { timeout: 15_000 });
  } catch {
    const error = await page.textContent('#error');
    assert.fail(`the page does not show ${what}: ${[error, ...failures].filter(Boolean).join('; ')}`);
  }
};
const titles = (expected) =>
  sees(`the notes ${expected}`, (want) => [...document.querySelectorAll('#notes li')].map((li) => li.textContent).join('|') === want, expected.join('|'));

test('a page of another origin signs up, writes, reads and uploads', { skip }, async () => {
  const { origin, profile } = opened;
  assert.notEqual(new URL(url).origin, origin);
  await page.goto(`${origin}/?${new URLSearchParams({ url, key: publishableKey, table, bucket })}`);

  await page.fill('#join [name=email]', email);
  await page.fill('#join [name=password]', password);
  await page.click('#join button');
  await sees('the user', (want) => document.querySelector('#state').textContent === want, `signed in as ${email}`);

  for (const title of ['Grüße aus dem Browser', '<b>not bold</b>']) {
    await page.fill('#add [name=title]', title);
    await page.click('#add button');
    await sees(title, (want) => [...document.querySelectorAll('#notes li')].some((li) => li.textContent === want), title);
  }
  await titles(['Grüße aus dem Browser', '<b>not bold</b>']);

  await page.setInputFiles('#send [name=picture]', { name: 'beach.png', mimeType: 'image/png', buffer: picture });
  await page.click('#send button');
  await sees('the picture', () => document.querySelector('#picture').naturalWidth === 320 && document.querySelector('#picture').naturalHeight === 200);

  await page.reload();
  await titles(['Grüße aus dem Browser', '<b>not bold</b>']);
  assert.equal(await page.textContent('#error'), '');
  assert.deepEqual(failures, []);
  await page.screenshot({ path: process.env.BASALT_SCREENSHOT ?? join(profile, 'screenshot.png') });
});

test('the page may read the headers that supabase-js reads', { skip }, async () => {
  const seen = await page.evaluate(async ([at, key, name]) => {
    const answer = await fetch(`${at}/rest/v1/${name}?select=id`, {
      headers: { apikey: key, authorization: `Bearer ${key}`, prefer: 'count=exact' },
    });
    return { status: answer.status, range: answer.headers.get('content-range'), body: await answer.json() };
  }, [url, publishableKey, table]);
  assert.deepEqual(seen, { status: 200, range: '*/0', body: [] });
});
