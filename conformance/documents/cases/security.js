// Who may do what: anon, two users and the secret key, over documents, SQL, REST and batches.

import { films, notes, scratch } from '../lib/names.js';

export const base = '';

const doc = (id) => `/documents/v1/${notes}/${id}`;
const everybody = ['anon', 'ann', 'bob', 'service'];
const seen = { anon: 'ann-public', ann: 'ann-private,ann-public', bob: 'ann-public,bob-private', service: 'ann-private,ann-public,bob-private' };
const may = { anon: [], ann: ['ann-private', 'ann-public'], bob: ['bob-private'] };
const found = (as) => ({ documents: (all) => all.map(({ id }) => id).join() === seen[as] });
const sum = { anon: 2, ann: 3, bob: 42, service: 43 };
const ids = ['ann-private', 'ann-public', 'bob-private'];
const sees = (as, id) => seen[as].split(',').includes(id);
const unchanged = (id) => ({ as: 'service', get: doc(id), part: { data: { text: (text) => !/taken/.test(text) } } });

export default [
  ...everybody.flatMap((as) => [
    { name: `${as} finds what ${as} may see`, as, get: `/documents/v1/${notes}`, part: found(as) },
    { name: `${as} counts what ${as} may see`, as, get: `/documents/v1/${notes}?limit=0&count=exact`, part: { count: seen[as].split(',').length } },
    { name: `${as} adds up what ${as} may see`, as, post: `/documents/v1/${notes}:aggregate`, body: { sum: ['n'] }, json: { groups: [{ sum: { n: sum[as] } }] } },
    { name: `${as} gets at once what ${as} may see`, as, post: '/documents/v1:batchGet', body: { paths: ids.map((id) => `${notes}/${id}`) }, part: { ...found(as), ...(as === 'service' ? {} : { missing: ids.filter((id) => !sees(as, id)).map((id) => `${notes}/${id}`) }) } },
    { name: `${as} filters by what ${as} may see`, as, get: `/documents/v1/${notes}?text=like.secret*&count=exact`, part: { count: ids.filter((id) => id.endsWith('private') && sees(as, id)).length } },
    ...ids.map((id) => ({ name: `${as} gets ${id} ${sees(as, id) ? '' : 'not'}`.trimEnd(), as, get: doc(id), status: sees(as, id) ? 200 : 404, part: sees(as, id) ? { id } : { code: 'document_not_found' } })),
  ]),
  ...['anon', 'ann', 'bob'].flatMap((as) => ids.filter((id) => !may[as].includes(id)).flatMap((id) => [
    { name: `${as} does not change ${id}`, as, patch: doc(id), body: { text: 'taken' }, status: sees(as, id) ? 403 : 404, then: unchanged(id) },
    { name: `${as} does not replace ${id}`, as, put: doc(id), body: { text: 'taken' }, status: 403, part: { code: 'document_forbidden' }, then: unchanged(id) },
    { name: `${as} does not delete ${id}`, as, delete: doc(id), status: (status) => status === 403 || status === 404, then: unchanged(id) },
    { name: `${as} does not patch ${id}`, as, patch: doc(id), type: 'application/json-patch+json', body: '[{"op":"replace","path":"/text","value":"taken"}]', status: (status) => status === 403 || status === 404, then: unchanged(id) },
    { name: `${as} does not change ${id} by commit`, as, post: '/documents/v1:commit', body: { writes: [{ op: 'merge', path: `${notes}/${id}`, transforms: [{ field: 'text', arrayUnion: ['taken'] }] }] }, status: (status) => status === 403 || status === 404, then: unchanged(id) },
  ])),
  { name: 'a hidden document fails If-Match as a missing one does', as: 'bob', put: doc('ann-private'), headers: { 'if-match': '*' }, body: { text: 'taken' }, status: 412, then: { as: 'bob', put: doc('nothing-there'), headers: { 'if-match': '*' }, body: { text: 'x' }, status: 412 } },
  { name: 'the right version of a hidden document is no use', as: 'service', get: doc('ann-private'), then: ({ headers }) => ({ as: 'bob', put: doc('ann-private'), headers: { 'if-match': headers.etag }, body: { text: 'taken' }, status: 412, then: unchanged('ann-private') }) },
  { name: 'a cursor of somebody who sees more shows no more', as: 'service', get: `/documents/v1/${notes}?limit=1`, then: ({ json }) => ({ as: 'bob', get: `/documents/v1/${notes}?limit=9&cursor=${json.cursor}`, part: { documents: (all) => all.every(({ id }) => sees('bob', id)) } }) },
  { name: 'nobody writes what the rules refuse', as: 'ann', put: doc('too-long'), body: { text: 'x'.repeat(21) }, status: 403, part: { code: 'document_forbidden' }, then: { as: 'service', get: doc('too-long'), status: 404 } },
  { name: 'what a rule can not judge is refused', as: 'ann', put: doc('no-text'), body: {}, status: 403, then: { as: 'service', get: doc('no-text'), status: 404 } },
  { name: 'who is not signed in makes nothing', as: 'anon', put: doc('by-anon'), body: { text: 'x' }, status: 403, then: { as: 'service', get: doc('by-anon'), status: 404 } },
  { name: 'the owner is who made it, whatever the document says', as: 'ann', put: doc('made'), body: { text: 'x', owner: 'bob' }, status: 201, part: { owner: /^[0-9a-f-]{36}$/ }, then: [{ as: 'bob', get: doc('made'), status: 404 }, { as: 'ann', delete: doc('made'), status: 204 }] },
  { name: 'a collection without rules is for the secret key alone', as: 'service', put: `/documents/v1/${scratch}/alone`, body: { a: 1 }, status: 201, then: [{ as: 'anon', get: `/documents/v1/${scratch}/alone`, status: 404 }, { as: 'ann', get: `/documents/v1/${scratch}`, json: { documents: [] } }, { as: 'ann', put: `/documents/v1/${scratch}/alone`, body: {}, status: 403 }, { as: 'ann', put: `/documents/v1/${scratch}/new`, body: {}, status: 403 }, { as: 'ann', delete: `/documents/v1/${scratch}/alone`, status: (status) => status === 403 || status === 404 }, { get: `/documents/v1/${scratch}/alone`, part: { data: { a: 1 } } }] },
  { name: 'reading is not writing', as: 'ann', patch: `/documents/v1/${films}/alien`, body: { title: 'taken' }, status: 403, then: { get: `/documents/v1/${films}/alien`, part: { data: { title: 'Alien' } } } },
  { name: 'no key is 401', get: `/documents/v1/${films}`, headers: { apikey: '' }, status: 401 },
  { name: 'a key that is none is 401', get: `/documents/v1/${films}`, headers: { apikey: 'sb_secret_nonsense' }, status: 401 },
  { name: 'a token that is none is 401', as: 'anon', get: `/documents/v1/${films}`, headers: { authorization: 'Bearer a.b.c' }, status: 401 },
  { name: 'an unsigned token is 401', as: 'anon', get: `/documents/v1/${notes}`, headers: { authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"5d2c7f7e-1111-2222-3333-00000000000a","role":"service_role"}').toString('base64url')}.` }, status: 401 },
  ...['anon', 'ann', 'bob'].map((as) => ({ name: `${as} runs no SQL`, as, post: '/sql/v1', body: { query: 'select 1' }, status: 403 })),
];
