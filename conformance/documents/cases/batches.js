// "Several requests in one transaction" of docs/data.md.

import { ledger } from '../lib/names.js';

export const base = '/rest/v1:batch';

const rows = { prefer: 'return=representation' };
const add = (id, more = {}) => ({ method: 'POST', path: `/${ledger}`, headers: rows, body: { id, amount: 1, ...more } });
const read = (query) => ({ path: `/${ledger}?${query}` });
const batch = (name, requests, expected, more = {}) => ({ name, post: '', body: { requests, ...more }, ...expected });
const absent = (...ids) => ({ at: '', post: '/sql/v1', body: { query: `select * from ${ledger} where id = any($1)`, params: [ids] }, part: { rows: [] } });
const failed = (name, requests, status, error, ...ids) => batch(name, requests, { status, part: error, ...(ids.length ? { then: absent(...ids) } : {}) });
const bodies = (...expected) => ({ part: { responses: (all) => JSON.stringify(all.map(({ body }) => body)) === JSON.stringify(expected) } });

export default [
  batch('requests are answered in their order', [read('id=eq.1&select=note'), read('id=eq.2&select=note')], bodies([{ note: 'of ann' }], [{ note: 'of bob' }])),
  batch('an answer has a status, headers and a body', [add(1001)], { json: { responses: [{ status: 201, headers: (headers) => /json/.test(headers['content-type']), body: [{ id: 1001, owner: null, amount: 1, note: null }] }] } }),
  batch('a request is GET unless it says otherwise', [read('id=eq.1&select=id')], bodies([{ id: 1 }])),
  batch('a later one sees what an earlier one wrote', [add(1002), read('id=eq.1002&select=id')], { part: { responses: ([, { body }]) => body[0].id === 1002 } }),
  batch('a body takes a value of an earlier answer', [add(1003, { note: 'x' }), add(1004, { note: { $ref: '#/0/body/0/note' } })], { part: { responses: ([, { body }]) => body[0].note === 'x' } }),
  batch('a value within a value', [add(1005), { method: 'PATCH', path: `/${ledger}?id=eq.1005`, headers: rows, body: { amount: { $ref: '#/0/body/0/id' } } }], { part: { responses: ([, { body }]) => body[0].amount === 1005 } }),
  batch('$literal is left as it is', [read('id=eq.1&select=id'), add(1006, { note: { $literal: '{"$ref": "#/0"}' } })], { part: { responses: ([, { body }]) => body[0].note === '{"$ref": "#/0"}' } }),
  batch('a query takes a value of an earlier answer', [read('id=eq.1&select=id,note'), read('id=eq.${0.body[0].id}&select=note')], { part: { responses: ([, { body }]) => body[0].note === 'of ann' } }),
  batch('a value in a query is never syntax', [add(1007, { note: 'x),id.gt.(0' }), read('or=(note.eq.${0.body[0].note})&select=id')], { part: { responses: ([, { body }]) => JSON.stringify(body) === '[{"id":1007}]' } }),
  batch('a value in a list is one element', [add(1008, { note: 'a,b' }), read('note=in.(${0.body[0].note},zz)&select=id')], { part: { responses: ([, { body }]) => JSON.stringify(body) === '[{"id":1008}]' } }),
  batch('$${ is a plain ${', [read('note=eq.$${x}&select=id')], bodies([])),
  failed('when one fails nothing remains', [add(1010), add(1010)], 409, { code: '23505', index: 1 }, 1010),
  failed('a table that there is not fails all', [add(1011), { path: '/no_such_table' }], 404, { code: 'PGRST205', index: 1 }, 1011),
  failed('a check that fails fails all', [add(1012), add(1013, { amount: -1 })], 400, { code: '23514', index: 1 }, 1012, 1013),
  failed('a filter that is none fails all', [add(1014), read('id=foo.1')], 400, { index: 1 }, 1014),
  failed('one object where there is none fails all', [add(1015), { ...read('id=eq.99999'), headers: { accept: 'application/vnd.pgrst.object+json' } }], 406, { code: 'PGRST116', index: 1 }, 1015),
  failed('a pointer to nothing fails all', [add(1016), add(1017, { note: { $ref: '#/0/body/7/id' } })], 400, { index: 1 }, 1016),
  failed('a pointer to a later answer fails all', [add(1018, { note: { $ref: '#/1/body' } }), add(1019)], 400, { index: 0 }, 1018, 1019),
  failed('a pointer that is none fails all', [add(1020), add(1021, { note: { $ref: 'x' } })], 400, { index: 1 }, 1020),
  ...['read committed', 'repeatable read', 'serializable'].map((isolation) => batch(`a batch runs as ${isolation}`, [read('id=eq.1&select=id')], bodies([{ id: 1 }]), { isolation })),
  batch('an isolation that there is not is refused', [read('id=eq.1')], { status: 400 }, { isolation: 'chaos' }),
  { name: 'no requests are refused', post: '', body: {}, status: 400 },
  batch('an empty list is refused', [], { status: 400 }),
  batch('101 requests are refused', Array.from({ length: 101 }, () => read('id=eq.1')), { status: 400, part: { message: /max-batch-requests/ } }),
  { name: 'a request is an object', post: '', body: { requests: [1] }, status: 400 },
  batch('a request has a path', [{ method: 'GET' }], { status: 400 }),
  batch('a method that there is not is refused', [{ method: 'BREW', path: `/${ledger}` }], { status: (status) => status === 400 || status === 405 }),
  batch('a path elsewhere is refused', [{ path: '/../../auth/v1/settings' }], { status: (status) => status >= 400 && status < 500 }),
  { name: 'what is no JSON is refused', post: '', type: 'application/json', body: '{', status: 400 },
  batch('row-level security holds for each request', [read('select=id')], { as: 'ann', part: { responses: ([{ body }]) => JSON.stringify(body) === '[{"id":1}]' } }),
  batch('who is not signed in sees nothing', [read('select=id')], { as: 'anon', part: { responses: ([{ body }]) => body.length === 0 } }),
  batch('a user writes as the user', [{ method: 'PATCH', path: `/${ledger}?id=eq.2`, headers: rows, body: { note: 'taken' } }], { as: 'ann', part: { responses: ([{ body }]) => body.length === 0 }, then: { as: 'service', post: '', body: { requests: [read('id=eq.2&select=note')] }, ...bodies([{ note: 'of bob' }]) } }),
  batch('what a policy refuses fails all', [add(1030, {})], { as: 'ann', status: 403, part: { code: '42501', index: 0 }, then: { as: 'service', ...absent(1030) } }),
];
