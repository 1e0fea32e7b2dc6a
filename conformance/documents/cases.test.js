// Every case of cases/, one test each. How a case is written: README.md of the REST dialect's.

import { after, before } from 'node:test';
import { defineCases } from '../lib/cases.js';
import { hangUp } from '../lib/exchange.js';
import { credentials } from '../lib/people.js';
import { close, open } from './lib/library.js';

let people;
before(async () => {
  people = await open();
});
after(async () => {
  hangUp();
  await close();
});

await defineCases(new URL('cases/', import.meta.url), '/documents/v1', 'service', (as) => credentials(as, people));
