// Every case of cases/, one test each. How a case is written: README.md beside this file.

import { after, before } from 'node:test';
import { defineCases } from '../lib/cases.js';
import { hangUp } from '../lib/exchange.js';
import { close, credentials, open } from './lib/archive.js';

let people;
before(async () => {
  people = await open();
});
after(async () => {
  hangUp();
  await close();
});

await defineCases(new URL('cases/', import.meta.url), '/rest/v1', 'anon', (as) => credentials(as, people));
