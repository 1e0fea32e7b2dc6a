// Schema, indexes, expiry and access rules, as declared.

import { declaration, fresh, scratch } from '../lib/names.js';

export const base = '';

const declare = (name, id, body, then, more = {}) => ({ name, put: `/platform/v1${declaration(fresh(id))}`, body, then, ...more });
const doc = (id, key = 'x') => `/documents/v1/${fresh(id)}/${key}`;
const bad = (name, body, part = { code: 'invalid_documents_request' }) => ({ name, put: `/platform/v1${declaration(fresh('bad'))}`, body, status: 422, part });
const rule = (name, text, part) => bad(name, { rules: { read: text } }, { code: 'invalid_rule', rule: 'read', ...part });
const schema = { type: 'object', properties: { title: { type: 'string', maxLength: 5 }, stars: { type: 'integer', maximum: 5 } }, required: ['title'] };
const violation = (...pointers) => ({ status: 422, part: { code: 'schema_violation', violations: (all) => all.map(({ pointer }) => pointer).sort().join() === pointers.join() && all.every(({ keyword, message }) => keyword && message) } });
const queryOf = (id, query, ids) => ({ get: `/documents/v1/${fresh(id)}?${query}`, part: { documents: (found) => found.map(({ id }) => id).join() === ids } });

export default [
  declare('a declaration makes the collection and is shown', 'shown', { indexes: [{ fields: ['a.b'] }, { fields: ['n.desc', 'a'], group: true }], ttl: { seconds: 60 }, rules: { read: 'true' }, schema }, { get: `/platform/v1${declaration(fresh('shown'))}`,
    json: { name: fresh('shown'), schema, indexes: [{ fields: ['a.b'], unique: false, group: false }, { fields: ['n.desc', 'a'], unique: false, group: true }], ttl: { seconds: 60 }, rules: { read: 'true' } } }),
  declare('what is left out no longer holds', 'replaced', { schema, ttl: { seconds: 60 } }, { put: `/platform/v1${declaration(fresh('replaced'))}`, body: {}, then: [{ get: `/platform/v1${declaration(fresh('replaced'))}`, json: { name: fresh('replaced'), indexes: [] } }, { put: doc('replaced'), body: {}, status: 201 }] }),
  declare('collections are listed', 'listed', {}, { get: '/platform/v1/projects/default/collections', part: { collections: (all) => all.includes(fresh('listed')) && all.join() === [...all].sort().join() } }),
  declare('an empty collection is removed', 'removed', {}, { delete: `/platform/v1${declaration(fresh('removed'))}`, status: 204, then: { get: `/documents/v1/${fresh('removed')}`, status: 404 } }),
  declare('a collection with documents is removed by force alone', 'full', {}, { put: doc('full'), body: {}, status: 201, then: [{ delete: `/platform/v1${declaration(fresh('full'))}`, status: 409, part: { code: 'collection_not_empty' } }, { get: doc('full') }, { delete: `/platform/v1${declaration(fresh('full'))}?force=true`, status: 204 }, { get: doc('full'), status: 404 }] }),
  { name: 'what was never made is 404', get: `/platform/v1${declaration(fresh('never'))}`, status: 404, part: { code: 'unknown_collection' }, then: { delete: `/platform/v1${declaration(fresh('never'))}`, status: 404 } },
  { name: 'a name that is none is refused', put: `/platform/v1${declaration('9x')}`, body: {}, status: 422, part: { code: 'invalid_path' } },
  { name: 'another project is not declared in', put: '/platform/v1/projects/no-such/collections/x', body: {}, status: 404 },
  ...['anon', 'ann'].map((as) => ({ name: `${as} declares nothing`, as, put: `/platform/v1${declaration(scratch)}`, body: { rules: { read: 'true' } }, status: 403, then: [{ get: `/platform/v1${declaration(scratch)}`, status: 403 }, { get: '/platform/v1/projects/default/collections', status: 403 }, { delete: `/platform/v1${declaration(scratch)}?force=true`, status: 403 }] })),

  declare('a document that does not match is refused with all violations', 'schema1', { schema }, { put: doc('schema1'), body: { title: 'too long', stars: 6 }, ...violation('/stars', '/title'), then: { get: doc('schema1'), status: 404 } }),
  declare('a member that is required', 'schema2', { schema }, { put: doc('schema2'), body: {}, status: 422, part: { code: 'schema_violation' } }),
  declare('a merge is checked by its result', 'schema3', { schema }, { put: doc('schema3'), body: { title: 'x' }, status: 201, then: [{ patch: doc('schema3'), body: { title: null }, status: 422, part: { code: 'schema_violation' } }, { patch: doc('schema3'), body: { stars: 5 } }] }),
  declare('a JSON patch is checked by its result', 'schema4', { schema }, { put: doc('schema4'), body: { title: 'x' }, status: 201, then: { patch: doc('schema4'), type: 'application/json-patch+json', body: '[{"op":"replace","path":"/title","value":1}]', ...violation('/title') } }),
  declare('a transform is checked by its result, and undoes all', 'schema5', { schema }, { put: doc('schema5'), body: { title: 'x', stars: 5 }, status: 201, then: { post: '/documents/v1:commit', body: { writes: [{ op: 'set', path: `${fresh('schema5')}/y`, data: { title: 'y' } }, { op: 'merge', path: `${fresh('schema5')}/x`, transforms: [{ field: 'stars', increment: 1 }] }] }, status: 422, part: { code: 'schema_violation', write: 1 }, then: { get: doc('schema5', 'y'), status: 404 } } }),
  declare('subcollections of the name are checked', 'schema6', { schema }, { put: `/documents/v1/${scratch}/p/${fresh('schema6')}/x`, body: {}, status: 422, part: { code: 'schema_violation' } }),
  declare('writes by SQL are not checked', 'schema7', { schema }, { post: '/sql/v1', body: { query: `insert into documents.${fresh('schema7')} (id, data) values ('x', '{}')` }, then: { get: doc('schema7'), part: { data: {} } } }),
  declare('what was there before a schema stays', 'schema8', {}, { put: doc('schema8'), body: { old: true }, status: 201, then: [{ put: `/platform/v1${declaration(fresh('schema8'))}`, body: { schema } }, { get: doc('schema8'), part: { data: { old: true } } }] }),
  declare('a format is an annotation', 'schema9', { schema: { properties: { mail: { format: 'email' } } } }, { put: doc('schema9'), body: { mail: 'no address' }, status: (status) => status === 201 || status === 422 }),
  bad('a schema that is none is refused', { schema: { type: 'nonsense' } }),
  bad('a schema that is a text is refused', { schema: 'x' }),
  bad('a schema with a pattern that is none is refused', { schema: { properties: { a: { pattern: '(' } } } }),
  bad('a schema that refers to elsewhere is refused', { schema: { $ref: 'http://127.0.0.1:1/schema.json' } }, { status: 422 }),

  declare('a unique index is unique within a parent', 'unique', { indexes: [{ fields: ['mail'], unique: true }] }, { put: doc('unique'), body: { mail: 'a' }, status: 201, then: [{ put: doc('unique', 'y'), body: { mail: 'a' }, status: 409, part: { code: 'duplicate_value' } }, { put: doc('unique', 'y'), body: { mail: 'b' }, status: 201 }, { put: `${doc('unique')}/${fresh('unique')}/z`, body: { mail: 'a' }, status: 201 }, { put: doc('unique', 'none1'), body: {}, status: 201 }, { put: doc('unique', 'none2'), body: {}, status: 201 }] }),
  declare('a unique index over what is there twice is refused', 'twice', {}, { put: doc('twice'), body: { a: 1 }, status: 201, then: { put: doc('twice', 'y'), body: { a: 1 }, status: 201, then: { put: `/platform/v1${declaration(fresh('twice'))}`, body: { indexes: [{ fields: ['a'], unique: true }] }, status: 409, part: { code: 'duplicate_value' } } } }),
  declare('an index changes no answer', 'indexed', {}, { post: '/documents/v1:commit', body: { writes: [1, '1', null, [1], { k: 1 }, true].map((v, i) => ({ op: 'set', path: `${fresh('indexed')}/${i}`, data: { v } })) }, then: [queryOf('indexed', 'order=v', '2,1,0,5,3,4'), { put: `/platform/v1${declaration(fresh('indexed'))}`, body: { indexes: [{ fields: ['v'] }, { fields: ['v.desc'], group: true }] } }, queryOf('indexed', 'order=v', '2,1,0,5,3,4'), queryOf('indexed', 'v=eq.1&order=$id', '0,1'), queryOf('indexed', 'group=true&order=v.desc', '4,3,5,0,1,2')] }),
  declare('a query that looks through a large collection is answered with a hint, until there is an index', 'hinted', { rules: { read: 'true' } }, { post: '/sql/v1', body: { query: `insert into documents.${fresh('hinted')} (id, data) select i::text, jsonb_build_object('a', jsonb_build_object('n', i)) from generate_series(1, 5000) i; analyze documents.${fresh('hinted')}` }, then: [
    { get: `/documents/v1/${fresh('hinted')}?a.n=eq.7`, part: { documents: (found) => found.length === 1, hint: { message: /looks through all/, index: { fields: ['a.n'] } } } },
    { get: `/documents/v1/${fresh('hinted')}?order=a.n.desc&limit=1`, part: { hint: { index: { fields: ['a.n.desc'] } } } },
    { post: `/documents/v1/${fresh('hinted')}:aggregate?a.n=gt.7`, body: { count: true }, part: { groups: [{ count: 4993 }], hint: { index: { fields: ['a.n'] } } } },
    { get: `/documents/v1/${fresh('hinted')}?$id=eq.7`, json: (body) => body.documents.length === 1 && !('hint' in body) },
    { as: 'anon', get: `/documents/v1/${fresh('hinted')}?a.n=eq.7`, json: (body) => body.documents.length === 1 && !('hint' in body) },
    { put: `/platform/v1${declaration(fresh('hinted'))}`, body: { indexes: [{ fields: ['a.n'] }] } },
    { get: `/documents/v1/${fresh('hinted')}?a.n=eq.7`, json: (body) => body.documents.length === 1 && !('hint' in body) },
  ] }),
  bad('an index has fields', { indexes: [{}] }),
  bad('an index has at most 8 fields', { indexes: [{ fields: 'abcdefghi'.split('') }] }),
  { ...bad('an index of a path that is none is refused', { indexes: [{ fields: ['a..b'] }] }, { code: 'invalid_query' }), status: 400 },
  bad('an index that is unique is true or false', { indexes: [{ fields: ['a'], unique: 'yes' }] }),
  bad('a member of an index that there is not is refused', { indexes: [{ fields: ['a'], sparse: true }] }),
  bad('more than 20 indexes are refused', { indexes: Array.from({ length: 21 }, (_, i) => ({ fields: [`f${i}`] })) }),
  bad('a member that there is not is refused', { colour: 'red' }),

  declare('what has expired by its field is gone at once', 'ttl1', { ttl: { field: 'until' } }, { put: doc('ttl1'), body: { until: '2020-01-01T00:00:00Z' }, status: 201, then: [{ get: doc('ttl1'), status: 404 }, queryOf('ttl1', 'count=exact', ''), { put: doc('ttl1', 'y'), body: { until: '2199-01-01T00:00:00+02:00' }, status: 201, then: { get: doc('ttl1', 'y') } }, { put: doc('ttl1', 'z'), body: { until: 'never' }, status: 201, then: { get: doc('ttl1', 'z') } }] }),
  declare('what is there expires by a new declaration', 'ttl2', {}, { put: doc('ttl2'), body: { a: { until: '2020-01-01T00:00:00Z' } }, status: 201, then: [{ get: doc('ttl2') }, { put: `/platform/v1${declaration(fresh('ttl2'))}`, body: { ttl: { field: 'a.until' } } }, { get: doc('ttl2'), status: 404 }] }),
  declare('what expires later is there', 'ttl3', { ttl: { seconds: 3600 } }, { put: doc('ttl3'), body: {}, status: 201, then: { get: doc('ttl3') } }),
  declare('what has expired may be made anew', 'ttl4', { ttl: { field: 'until' } }, { put: doc('ttl4'), body: { until: '2020-01-01T00:00:00Z' }, status: 201, then: { put: doc('ttl4'), body: { n: 2 }, status: (status) => status === 200 || status === 201, then: { get: doc('ttl4'), part: { data: { n: 2 } } } } }),
  ...[{}, { seconds: 0 }, { seconds: -1 }, { seconds: 1.5 }, { field: 1 }, { field: 'a', seconds: 1 }, 5].map((ttl) => bad(`an expiry ${JSON.stringify(ttl)} is refused`, { ttl })),

  rule('a rule that is no CEL is refused with its place', 'resource.data.a ==', { line: 1, column: Number.isInteger }),
  rule('a rule of a name that there is not is refused', 'nobody.knows == 1', { line: 1, column: 1 }),
  rule('a rule that is no condition is refused', '1 + 1', {}),
  rule('a read rule that looks at what is written is refused', 'request.data.a == 1', {}),
  rule('a rule with a function that there is not is refused', 'launch(resource.data)', {}),
  rule('a rule of 8,193 characters is refused', `true || ${' '.repeat(8192)}true`, {}),
  bad('a rule for what there is not is refused', { rules: { list: 'true' } }),
  bad('a rule is a text', { rules: { read: true } }),
];
