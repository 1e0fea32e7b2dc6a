// The documents that the cases ask about, and the people who ask.

import { operator, run, sql } from '../../lib/basalt.js';
import { signUp } from '../../lib/people.js';
import { declaration, films, ledger, notes, reviews, scratch } from './names.js';

const documents = {
  [`${films}/alien`]: { title: 'Alien', year: 1979, minutes: 117, rating: 8.5, director: { name: 'Scott', born: 1937 }, tags: ['space', 'horror'], seen: true, words: 'a perfect organism hunts the crew' },
  [`${films}/brazil`]: { title: 'Brazil', year: 1985, minutes: 142, rating: 7.9, director: { name: 'Gilliam', born: 1940 }, tags: ['satire'], seen: false, words: 'a clerk dreams of flying' },
  [`${films}/contact`]: { title: 'Contact', year: 1997, minutes: 150, rating: 7.5, director: { name: 'Zemeckis', born: 1951 }, tags: ['space'], seen: null },
  [`${films}/dune`]: { title: 'Dune', year: 2021, minutes: 155, rating: 8.0, director: { name: 'Villeneuve' }, tags: [] },
  [`${films}/emma`]: { title: 'Emma', year: '2020', minutes: 124, 'a.b': 1, gt: { and: 2 }, deep: [{ k: 'v' }] },
  [`${films}/alien/${reviews}/r1`]: { stars: 5, by: 'ann' },
  [`${films}/alien/${reviews}/r2`]: { stars: 3, by: 'bob' },
  [`${films}/dune/${reviews}/r3`]: { stars: 4, by: 'ann' },
};

const everybodyReads = { rules: { read: 'true' } };

/** Makes the collections, ann and bob, and what each of them wrote. */
export async function open() {
  const [ann, bob] = await Promise.all(['ann', 'bob'].map(signUp));
  for (const name of [films, reviews]) await operator('PUT', `/platform/v1${declaration(name)}`, everybodyReads);
  await operator('PUT', `/platform/v1${declaration(notes)}`, {
    rules: {
      read: 'resource.data.public == true || resource.owner == auth.uid',
      create: 'request.owner == auth.uid && request.data.text.size() <= 20',
      update: 'resource.owner == auth.uid && request.owner == resource.owner',
      delete: 'resource.owner == auth.uid',
    },
  });
  await operator('PUT', `/platform/v1${declaration(scratch)}`, {});
  await operator('POST', '/documents/v1:commit', {
    writes: Object.entries(documents).map(([path, data]) => ({ op: 'create', path, data })),
  });
  await sql(`insert into documents.${notes} (id, owner, data) values
    ('ann-private', '${ann.id}', '{"text": "secret of ann", "n": 1}'),
    ('ann-public', '${ann.id}', '{"text": "of ann", "n": 2, "public": true}'),
    ('bob-private', '${bob.id}', '{"text": "secret of bob", "n": 40}')`);
  await sql(`create table ${ledger} (id int primary key, owner uuid, amount numeric not null check (amount >= 0), note text);
    grant select, insert, update, delete on ${ledger} to anon, authenticated, service_role;
    alter table ${ledger} enable row level security;
    create policy own on ${ledger} to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
    insert into ${ledger} values (1, '${ann.id}', 10, 'of ann'), (2, '${bob.id}', 20, 'of bob')`);
  return { ann, bob };
}

export async function close() {
  await sql(`drop table if exists ${ledger}`);
  const { collections } = await operator('GET', '/platform/v1/projects/default/collections');
  for (const name of collections.filter((one) => one.endsWith(`_${run}`))) {
    await operator('DELETE', `/platform/v1${declaration(name)}?force=true`);
  }
}
