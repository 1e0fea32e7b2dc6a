// What a function computes with web APIs in Basalt and in workerd: the same program, the same results.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { operator, run, secretKey, undeploy, url } from '../lib/basalt.js';
import { departures } from './departures.js';
import { start } from './lib/workerd.js';

const name = `web_apis_${run}`;
const home = new URL('program/', import.meta.url);
const sources = ['index.js', ...readdirSync(home, { recursive: true }).filter((file) => file.endsWith('.js') && file !== 'index.js').sort()];
const files = Object.fromEntries(sources.map((file) => [file, readFileSync(new URL(file, home), 'utf8')]));

const chapters = Object.fromEntries(await Promise.all(
  sources.filter((file) => file.startsWith('cases/')).map(async (file) =>
    [file.slice('cases/'.length, -'.js'.length), Object.keys((await import(new URL(file, home))).default)]),
));

async function asked(base, chapter, headers = {}) {
  const answer = await fetch(`${base}/${chapter}`, { headers });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

const workerd = await start(files);
if (workerd.missing) process.stderr.write(`\n*** SKIPPED: web APIs beside workerd, because ${workerd.missing}\n\n`);

describe('web APIs', { skip: workerd.missing }, () => {
  before(() => operator('PUT', `/platform/v1/projects/default/functions/${name}`, { files, manifest: { timeoutMs: 60_000 } }));
  after(async () => {
    await undeploy(name);
    await workerd.stop();
  });

  test('every departure is of a case', () => {
    for (const [chapter, cases] of Object.entries(departures)) {
      assert.deepEqual(Object.keys(cases).filter((one) => !chapters[chapter]?.includes(one)), [], chapter);
    }
  });

  for (const [chapter, cases] of Object.entries(chapters)) {
    describe(chapter, () => {
      let ours;
      let theirs;
      before(async () => {
        [ours, theirs] = await Promise.all([asked(`${url}/functions/v1/${name}`, chapter, { apikey: secretKey }), asked(workerd.url, chapter)]);
      });
      for (const one of cases) {
        const departure = departures[chapter]?.[one];
        if (departure) {
          test(`${one} (${departure.why})`, () => {
            assert.deepEqual(ours[one], { result: departure.expected });
            assert.notDeepEqual(theirs[one], ours[one], 'workerd agrees by now: this is no departure any more');
          });
        } else {
          test(one, () => {
            assert.deepEqual(ours[one], theirs[one]);
            assert.equal(theirs[one].threw, undefined, 'a case has to answer');
          });
        }
      }
    });
  }
});
