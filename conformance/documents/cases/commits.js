// ":commit": writes, transforms and SQL, all or none.

import { films, fresh, ledger, notes, scratch } from '../lib/names.js';

export const base = '/documents/v1:commit';

const path = (id) => `${scratch}/co-${id}`;
const commit = (name, writes, rest = {}) => ({ name, post: '', body: { writes }, ...rest });
const see = (id, data) => ({ at: '/documents/v1', get: `/${path(id)}`, json: (one) => JSON.stringify(one.data) === JSON.stringify(data) });
const absent = (id) => ({ at: '/documents/v1', get: `/${path(id)}`, status: 404 });
const set = (id, data, more = {}) => ({ op: 'set', path: path(id), data, ...more });
const merge = (id, data, transforms) => ({ op: 'merge', path: path(id), ...(data ? { data } : {}), ...(transforms ? { transforms } : {}) });
/** A document before and after transforms. */
const transform = (name, id, before, transforms, after) => commit(name, [set(id, before)], { then: { post: '', body: { writes: [merge(id, undefined, transforms)] }, then: see(id, after) } });
const refused = (name, body, part = { code: 'invalid_documents_request' }, status = 422) => ({ name, post: '', body, status, part });
const one = (write) => ({ writes: [set('refused', {}), write] });

export default [
  commit('a commit tells what came of each write', [set('1', { a: 1 }), { op: 'create', path: path('2'), data: {} }, { op: 'delete', path: path('none') }],
    { json: { writes: [{ path: path('1'), action: 'created', version: Number.isInteger }, { path: path('2'), action: 'created', version: Number.isInteger }, { path: path('none'), action: 'none' }] } }),
  commit('create of a collection makes an id', [{ op: 'create', path: scratch, data: { a: 1 } }], { part: { writes: ([write]) => /^scratch_\w+\/[0-9a-f-]{36}$/.test(write.path) && write.action === 'created' } }),
  commit('create of what is there undoes all', [set('taken', { n: 1 })], { then: { post: '', body: { writes: [set('not-taken', {}), { op: 'create', path: path('taken'), data: { n: 2 } }] }, status: 409, part: { code: 'document_exists', write: 1, path: path('taken') }, then: [absent('not-taken'), see('taken', { n: 1 })] } }),
  commit('set replaces and merge merges', [set('3', { a: 1, b: 1 }), set('4', { a: 1, b: 1 })], { then: { post: '', body: { writes: [set('3', { c: 1 }), merge('4', { b: null, c: 1 })] }, part: { writes: (all) => all.every(({ action }) => action === 'updated') }, then: [see('3', { c: 1 }), see('4', { a: 1, c: 1 })] } }),
  commit('merge makes a document that is missing', [merge('5', { a: { b: null, c: 1 } })], { part: { writes: ([write]) => write.action === 'created' }, then: see('5', { a: { c: 1 } }) }),
  commit('patch patches', [set('6', { a: [1, 2] })], { then: { post: '', body: { writes: [{ op: 'patch', path: path('6'), data: [{ op: 'move', from: '/a/0', path: '/b' }] }] }, then: see('6', { a: [2], b: 1 }) } }),
  commit('patch of what is missing undoes all', [set('7', {}), { op: 'patch', path: path('none'), data: [] }], { status: 404, part: { code: 'document_not_found', write: 1 }, then: absent('7') }),
  commit('delete deletes', [set('8', {})], { then: { post: '', body: { writes: [{ op: 'delete', path: path('8') }] }, json: { writes: [{ path: path('8'), action: 'deleted' }] }, then: absent('8') } }),
  commit('writes on one document happen in their order', [set('9', { n: 1 }), merge('9', { m: 2 }), { op: 'patch', path: path('9'), data: [{ op: 'remove', path: '/n' }] }], { then: see('9', { m: 2 }) }),
  commit('a document made and deleted is not there', [set('10', {}), { op: 'delete', path: path('10') }], { then: absent('10') }),
  commit('writes go to several collections', [set('11', {}), { op: 'set', path: `${fresh('other')}/x`, data: { a: 1 } }], { then: { at: '/documents/v1', get: `/${fresh('other')}/x` } }),
  commit('500 writes are taken', Array.from({ length: 500 }, (_, i) => set(`many/${scratch}/${i}`, { i })), { part: { writes: (all) => all.length === 500 } }),
  commit('501 writes are refused', Array.from({ length: 501 }, (_, i) => set(`more/${scratch}/${i}`, { i })), { status: 422, part: { code: 'too_many_writes' }, then: { at: '/documents/v1', get: `/${path('more')}/${scratch}`, json: { documents: [] } } }),

  commit('exists: true of what is missing undoes all', [set('20', {}), set('none', {}, { precondition: { exists: true } })], { status: 412, part: { code: 'precondition_failed', write: 1, path: path('none') }, then: [absent('20'), absent('none')] }),
  commit('exists: false of what is there undoes all', [set('21', {})], { then: { post: '', body: { writes: [set('22', {}), set('21', { n: 2 }, { precondition: { exists: false } })] }, status: 412, part: { code: 'precondition_failed', write: 1 }, then: [absent('22'), see('21', {})] } }),
  commit('the version has to be', [set('23', { n: 1 })], { then: ({ json }) => ({ post: '', body: { writes: [set('23', { n: 2 }, { precondition: { version: json.writes[0].version } })] }, then: { post: '', body: { writes: [set('24', {}), set('23', { n: 3 }, { precondition: { version: json.writes[0].version } })] }, status: 412, part: { code: 'precondition_failed', write: 1 }, then: [absent('24'), see('23', { n: 2 })] } }) }),
  commit('a precondition guards a merge', [merge('25', { a: 1 })], { then: { post: '', body: { writes: [{ ...merge('25', { a: 2 }), precondition: { version: 1 } }] }, status: 412, then: see('25', { a: 1 }) } }),
  commit('a precondition guards a deletion', [set('26', { a: 1 })], { then: { post: '', body: { writes: [{ op: 'delete', path: path('26'), precondition: { version: 1 } }] }, status: 412, then: see('26', { a: 1 }) } }),
  commit('a precondition guards a patch', [set('27', { a: 1 })], { then: { post: '', body: { writes: [{ op: 'patch', path: path('27'), data: [{ op: 'remove', path: '/a' }], precondition: { version: 1 } }] }, status: 412, then: see('27', { a: 1 }) } }),

  transform('increment adds', 't1', { n: 1 }, [{ field: 'n', increment: 2 }], { n: 3 }),
  transform('increment of what is missing is the number', 't2', {}, [{ field: 'a.n', increment: 2 }], { a: { n: 2 } }),
  transform('increment of no number is the number', 't3', { n: 'x' }, [{ field: 'n', increment: 2 }], { n: 2 }),
  transform('increment is exact', 't4', { n: 0.1 }, [{ field: 'n', increment: 0.2 }], { n: 0.3 }),
  transform('max', 't5', { a: 1, b: 9 }, [{ field: 'a', max: 5 }, { field: 'b', max: 5 }], { a: 5, b: 9 }),
  transform('min', 't6', { a: 1, b: 9 }, [{ field: 'a', min: 5 }, { field: 'b', min: 5 }], { a: 1, b: 5 }),
  transform('arrayUnion adds what is not there, once', 't7', { a: [1, 2] }, [{ field: 'a', arrayUnion: [2, 3, 3, { k: 1 }] }], { a: [1, 2, 3, { k: 1 }] }),
  transform('arrayUnion of what is missing', 't8', {}, [{ field: 'a', arrayUnion: [1, 1] }], { a: [1] }),
  transform('arrayRemove takes all out', 't9', { a: [1, 2, 1, { k: 1 }] }, [{ field: 'a', arrayRemove: [1, { k: 1 }] }], { a: [2] }),
  transform('transforms apply in their order', 't10', { n: 1 }, [{ field: 'n', increment: 2 }, { field: 'n', max: 2 }, { field: 'n', increment: 1 }], { n: 4 }),
  commit('transforms apply after the data', [{ ...merge('t11', { n: 10 }), transforms: [{ field: 'n', increment: 1 }] }], { then: see('t11', { n: 11 }) }),
  commit('serverTimestamp is the time of the transaction', [merge('t12', {}, [{ field: 'a', serverTimestamp: true }, { field: 'b', serverTimestamp: true }])], { then: { at: '/documents/v1', get: `/${path('t12')}`, json: ({ data, createdAt }) => data.a === data.b && data.a === createdAt } }),
  commit('a number beyond a double undoes all', [set('t13', { n: 1.7e308 })], { then: { post: '', body: { writes: [set('t14', {}), merge('t13', undefined, [{ field: 'n', increment: 1.7e308 }])] }, status: 422, then: absent('t14') } }),
  refused('transforms do not go with a deletion', one({ op: 'delete', path: path('x'), transforms: [{ field: 'n', increment: 1 }] })),
  refused('a transform has one operator', one(merge('x', {}, [{ field: 'n', increment: 1, max: 2 }]))),
  refused('a transform has an operator', one(merge('x', {}, [{ field: 'n' }]))),
  refused('a transform that there is not is refused', one(merge('x', {}, [{ field: 'n', square: true }]))),
  refused('increment takes a number', one(merge('x', {}, [{ field: 'n', increment: '1' }]))),
  refused('arrayUnion takes an array', one(merge('x', {}, [{ field: 'n', arrayUnion: 1 }]))),

  refused('an empty commit is refused', {}),
  refused('no writes are refused', { writes: [] }),
  refused('writes are an array', { writes: {} }),
  refused('a member that there is not is refused', { writes: [set('x', {})], extra: 1 }),
  refused('a write is an object', one(1), { code: 'invalid_documents_request', write: 1 }),
  refused('an op that there is not is refused', one({ op: 'upsert', path: path('x'), data: {} }), { code: 'invalid_documents_request', write: 1 }),
  refused('a write has a path', one({ op: 'set', data: {} }), { code: 'invalid_documents_request', write: 1 }),
  refused('a path of a collection goes with create alone', one({ op: 'set', path: scratch, data: {} }), { write: 1 }),
  refused('a path that is none is refused', one({ op: 'set', path: `${scratch}/..`, data: {} }), { code: 'invalid_path', write: 1 }),
  refused('a set has data', one({ op: 'set', path: path('x') }), { write: 1 }),
  refused('a deletion has no data', one({ op: 'delete', path: path('x'), data: {} }), { write: 1 }),
  refused('data is an object', one(set('x', [1])), { code: 'invalid_document', write: 1 }),
  refused('a patch that is none is refused', one({ op: 'patch', path: path('x'), data: [{ op: 'add' }] }), { code: 'invalid_patch', write: 1 }),
  refused('a precondition does not go with create', one({ op: 'create', path: path('x'), data: {}, precondition: { exists: true } }), { write: 1 }),
  ...[{}, { exists: 1 }, { version: '1' }, { exists: true, version: 1 }, 1].map((precondition) => refused(`a precondition ${JSON.stringify(precondition)} is refused`, one(set('x', {}, { precondition })), { write: 1 })),
  { name: 'a fault within data is told by its pointer', post: '', type: 'application/json', body: `{"writes":[{"op":"set","path":"${path('x')}","data":{"a":{"b":1e999}}}]}`, status: 422, part: { pointer: '/writes/0/data/a/b' } },
  { name: 'nothing of what was refused is there', at: '/documents/v1', get: `/${path('refused')}`, status: 404 },

  { name: 'SQL sees the writes of its commit', post: '', body: { writes: [set('s1', { n: 1 })], sql: [{ query: `select data ->> 'n' as n from documents.${scratch} where id = $1`, params: ['co-s1'] }] }, part: { sql: [{ columns: () => true, rows: [{ n: '1' }], rowCount: 1, command: 'SELECT' }] } },
  { name: 'documents and rows are one transaction', post: '', body: { writes: [set('s2', {})], sql: [{ query: `insert into ${ledger} values ($1, null, $2, 'by commit')`, params: [100, 5] }] }, then: { at: '', post: '/sql/v1', body: { query: `select note from ${ledger} where id = 100` }, part: { rows: [{ note: 'by commit' }] } } },
  { name: 'a statement that fails undoes the documents', post: '', body: { writes: [set('s3', {})], sql: [{ query: `insert into ${ledger} values (101, null, 5)` }, { query: `insert into ${ledger} values (102, null, -1)` }] }, status: (status) => status >= 400 && status < 500, part: { sqlstate: '23514' }, then: [absent('s3'), { at: '', post: '/sql/v1', body: { query: `select * from ${ledger} where id in (101, 102)` }, part: { rows: [] } }] },
  { name: 'a document that is not as it must be undoes the rows', post: '', body: { writes: [set('none', {}, { precondition: { exists: true } })], sql: [{ query: `insert into ${ledger} values (103, null, 5)` }] }, status: 412, then: { at: '', post: '/sql/v1', body: { query: `select * from ${ledger} where id = 103` }, part: { rows: [] } } },
  { name: 'SQL may stand alone', post: '', body: { sql: [{ query: 'select 1 as one' }] }, part: { sql: ([{ rows }]) => rows[0].one === 1 } },
  { name: 'SQL can not end the commit', post: '', body: { writes: [set('s4', {})], sql: [{ query: 'rollback' }] }, status: (status) => status >= 400 && status < 500, then: absent('s4') },
  { name: 'SQL can not commit half', post: '', body: { writes: [set('s5', {})], sql: [{ query: 'commit' }, { query: 'select 1/0' }] }, status: (status) => status >= 400 && status < 500, then: absent('s5') },
  { name: 'SQL in a commit is for the secret key', as: 'ann', post: '', body: { sql: [{ query: 'select 1' }] }, status: 403 },
  { name: 'SQL in a commit of a publishable key writes no documents either', as: 'ann', post: '', body: { writes: [{ op: 'create', path: `${notes}/with-sql`, data: { text: 'x' } }], sql: [{ query: 'select 1' }] }, status: 403, then: { as: 'service', at: '/documents/v1', get: `/${notes}/with-sql`, status: 404 } },
  { name: 'rules hold for each write of a commit', as: 'ann', post: '', body: { writes: [{ op: 'create', path: `${notes}/mine`, data: { text: 'mine' } }, { op: 'merge', path: `${notes}/bob-private`, data: { text: 'taken' } }] }, status: 403, then: [{ as: 'service', at: '/documents/v1', get: `/${notes}/mine`, status: 404 }, { as: 'service', at: '/documents/v1', get: `/${notes}/bob-private`, part: { data: { text: 'secret of bob' } } }] },
  { name: 'nobody writes what everybody reads', as: 'ann', post: '', body: { writes: [{ op: 'set', path: `${films}/alien`, data: {} }] }, status: 403, part: { code: 'document_forbidden' } },
];
