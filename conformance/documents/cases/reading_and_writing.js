// "Write and read" of docs/documents.md.

import { films, fresh, reviews, scratch } from '../lib/names.js';

const version = /^\d{16}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const at = (id) => `/${scratch}/${id}`;
const made = (path, data) => ({ put: path, body: data, status: 201 });
const nested = (depth) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

export default [
  { name: 'PUT makes a document and answers it whole', put: at('whole'), body: { title: 'Hello', n: 1 }, status: 201,
    json: { path: `${scratch}/whole`, id: 'whole', version: Number.isInteger, owner: null, createdAt: time, updatedAt: time, data: { title: 'Hello', n: 1 } },
    answer: { etag: /^"\d+"$/, location: `/documents/v1/${scratch}/whole`, 'content-type': /^application\/json/ } },
  { name: 'PUT replaces', ...made(at('replaced'), { a: 1, b: 2 }), then: { put: at('replaced'), body: { c: 3 }, part: { data: { c: 3 } }, answer: { location: null },
    then: { get: at('replaced'), json: ({ data }) => Object.keys(data).join() === 'c' } } },
  { name: 'PATCH merges', ...made(at('merged'), { a: { x: 1, y: 2 }, b: [1, 2] }), then: { patch: at('merged'), body: { a: { y: null, z: 3 }, b: [3] }, json: ({ data }) => JSON.stringify(data) === '{"a":{"x":1,"z":3},"b":[3]}' } },
  { name: 'PATCH merges by its own media type', ...made(at('merged-type'), { a: 1 }), then: { patch: at('merged-type'), type: 'application/merge-patch+json', body: '{"b":2}', part: { data: { a: 1, b: 2 } } } },
  { name: 'PATCH patches by RFC 6902', ...made(at('patched'), { a: 1 }), then: { patch: at('patched'), type: 'application/json-patch+json', body: '[{"op":"test","path":"/a","value":1},{"op":"add","path":"/b","value":[2]}]', part: { data: { a: 1, b: [2] } } } },
  { name: 'a patch whose test fails changes nothing', ...made(at('patch-test'), { a: 1 }), then: [
    { patch: at('patch-test'), type: 'application/json-patch+json', body: '[{"op":"add","path":"/b","value":2},{"op":"test","path":"/a","value":2}]', status: 422, part: { code: 'invalid_patch' } },
    { get: at('patch-test'), json: ({ data }) => JSON.stringify(data) === '{"a":1}' }] },
  { name: 'a merge patch of a missing document is 404', patch: at('missing'), body: { a: 1 }, status: 404, part: { code: 'document_not_found', status: 404 } },
  { name: 'a JSON patch of a missing document is 404', patch: at('missing'), type: 'application/json-patch+json', body: '[]', status: 404, part: { code: 'document_not_found' } },
  { name: 'a patch of another media type is 415', patch: at('missing'), type: 'text/plain', body: '{}', status: 415 },
  { name: 'a document of another media type is 415', put: at('missing'), type: 'text/plain', body: '{}', status: 415 },
  { name: 'POST makes an id, a UUID of version 7, and answers its Location', post: `/${scratch}`, body: { a: 1 }, status: 201, part: { id: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, data: { a: 1 } },
    answer: { location: /^\/documents\/v1\/scratch_[0-9a-f]+\/[0-9a-f-]{36}$/ }, then: ({ json }) => ({ get: `/${scratch}/${json.id}`, part: { data: { a: 1 } } }) },
  { name: 'POST to a document is 405', post: at('x'), body: {}, status: 405 },
  { name: 'return=minimal leaves the document out', put: at('minimal'), prefer: 'return=minimal', body: { a: 1 }, status: 201, text: '', answer: { etag: /^"\d+"$/ }, then: { put: at('minimal'), prefer: 'return=minimal', body: { a: 2 }, status: 204, text: '' } },
  { name: 'DELETE removes', ...made(at('gone'), {}), then: [{ delete: at('gone'), status: 204, text: '' }, { get: at('gone'), status: 404, part: { code: 'document_not_found' } }] },
  { name: 'DELETE of what is not there is 404', delete: at('never'), status: 404, part: { code: 'document_not_found' } },
  { name: 'GET answers the document and its ETag', get: `/${films}/alien`, part: { id: 'alien', data: { title: 'Alien', director: { born: 1937 } } }, answer: { etag: /^"\d+"$/ } },
  { name: 'HEAD answers the ETag and no body', head: `/${films}/alien`, text: '', answer: { etag: /^"\d+"$/ } },
  { name: 'a document that is not there is 404, as problem+json', get: `/${films}/nothing`, status: 404, part: { title: 'No such document', status: 404, code: 'document_not_found' }, answer: { 'content-type': /^application\/problem\+json/ } },
  { name: 'a collection that is not there is 404', get: `/${fresh('nowhere')}`, status: 404, part: { code: 'unknown_collection' } },
  { name: 'a document of a collection that is not there is 404', get: `/${fresh('nowhere')}/x`, status: 404, part: { code: 'unknown_collection' } },
  { name: 'the first write with the secret key makes a collection', put: `/${fresh('first')}/x`, body: { a: 1 }, status: 201, then: { get: `/${fresh('first')}`, part: { documents: (all) => all.length === 1 } } },
  { name: 'for anybody else an unknown collection is 404', as: 'ann', put: `/${fresh('second')}/x`, body: {}, status: 404, part: { code: 'unknown_collection' }, then: { as: 'service', get: `/${fresh('second')}`, status: 404 } },

  { name: 'a subcollection is read by its parent', get: `/${films}/alien/${reviews}`, part: { documents: (all) => all.map(({ path }) => path).join() === `${films}/alien/${reviews}/r1,${films}/alien/${reviews}/r2` } },
  { name: 'a document of a subcollection is read', get: `/${films}/alien/${reviews}/r1`, part: { path: `${films}/alien/${reviews}/r1`, id: 'r1', data: { stars: 5 } } },
  { name: 'a parent that is not there has subcollections all the same', put: `${at('ghost')}/${scratch}/child`, body: { a: 1 }, status: 201, then: [{ get: at('ghost'), status: 404 }, { get: `${at('ghost')}/${scratch}/child`, part: { data: { a: 1 } } }] },
  { name: 'deleting a document leaves its subcollections', ...made(at('parent'), {}), then: [{ put: `${at('parent')}/${scratch}/child`, body: {}, status: 201 }, { delete: at('parent'), status: 204 }, { get: `${at('parent')}/${scratch}/child` }] },
  { name: 'a subcollection of the same name is another', get: `/${reviews}`, json: { documents: [] } },

  { name: 'the ETag is the version', get: `/${films}/alien`, then: ({ json, headers }) => ({ head: `/${films}/alien`, answer: { etag: headers.etag === `"${json.version}"` ? headers.etag : 'the version' } }) },
  { name: 'the version grows with every write', ...made(at('grows'), { n: 1 }), then: ({ json }) => ({ put: at('grows'), body: { n: 1 }, part: { version: (next) => next > json.version } }) },
  { name: 'the version grows with a write by SQL', ...made(at('by-sql'), { n: 1 }), then: ({ json }) => ({ at: '', post: '/sql/v1', body: { query: `update documents.${scratch} set data = '{"n": 2}' where id = 'by-sql'` },
    then: { get: at('by-sql'), part: { version: (next) => next > json.version, data: { n: 2 } } } }) },
  { name: 'a version is never used again, not even after a deletion', ...made(at('again'), {}), then: ({ json }) => ({ delete: at('again'), status: 204, then: { put: at('again'), body: {}, status: 201, part: { version: (next) => next > json.version } } }) },
  { name: 'createdAt stays and updatedAt moves', ...made(at('times'), {}), then: ({ json }) => ({ put: at('times'), body: { n: 1 }, part: { createdAt: json.createdAt, updatedAt: (later) => later > json.updatedAt } }) },

  { name: 'numbers keep all their digits', put: at('digits'), type: 'application/json', body: '{"n":12345678901234567890.123456789,"m":1e2,"z":-0.0,"s":1.10}', status: 201, text: /"n": ?12345678901234567890\.123456789.*/, then: { get: at('digits'), text: /"s": ?1\.10/ } },
  { name: 'a member that stands twice is refused with its pointer', put: at('bad'), type: 'application/json', body: '{"a":{"b":1,"b":2}}', status: 422, part: { code: 'invalid_document', pointer: '/a/b' } },
  { name: 'a lone surrogate is refused with its pointer', put: at('bad'), type: 'application/json', body: '{"a":["\\ud800"]}', status: 422, part: { code: 'invalid_document', pointer: '/a/0' } },
  { name: 'a lone surrogate in a name is refused', put: at('bad'), type: 'application/json', body: '{"\\udc00":1}', status: 422, part: { code: 'invalid_document' } },
  { name: '\\u0000 is refused with its pointer', put: at('bad'), type: 'application/json', body: '{"a":"x\\u0000"}', status: 422, part: { code: 'invalid_document', pointer: '/a' } },
  { name: 'a number beyond a double is refused with its pointer', put: at('bad'), type: 'application/json', body: '{"a":{"n":1e309}}', status: 422, part: { code: 'invalid_document', pointer: '/a/n' } },
  { name: 'a pointer escapes / and ~', put: at('bad'), type: 'application/json', body: '{"a/b":{"c~d":1e400}}', status: 422, part: { pointer: '/a~1b/c~0d' } },
  { name: '100 levels are taken', put: at('deep'), type: 'application/json', body: nested(100), status: 201 },
  { name: '101 levels are refused', put: at('bad'), type: 'application/json', body: nested(101), status: 422, part: { code: 'invalid_document' } },
  { name: '1 MiB is taken', put: at('large'), type: 'application/json', body: `{"a":"${'x'.repeat(1048576 - 8)}"}`, prefer: 'return=minimal', status: 201 },
  { name: '1 MiB and a byte is refused', put: at('bad'), type: 'application/json', body: `{"a":"${'x'.repeat(1048576 - 7)}"}`, status: 413, part: { status: 413 } },
  { name: 'a document that grows beyond 1 MiB by a merge is refused', put: at('grown'), type: 'application/json', body: `{"a":"${'x'.repeat(700000)}"}`, prefer: 'return=minimal', status: 201, then: { patch: at('grown'), type: 'application/json', body: `{"b":"${'x'.repeat(700000)}"}`, status: 413, part: { code: 'document_too_large' } } },
  ...['[]', '1', 'null', '"a"', 'true'].map((body) => ({ name: `a document that is ${body} is refused`, put: at('bad'), type: 'application/json', body, status: 422, part: { code: 'invalid_document' } })),
  ...['', '{', '{"a":}', '{"a":1}}', '{"a":1} {}', "{'a':1}", '{"a":01}', '{"a":NaN}', '\u00ff{'].map((body) => ({ name: `a document that is no JSON (${JSON.stringify(body)}) is refused`, put: at('bad'), type: 'application/json', body, status: (status) => status === 400 || status === 422 })),
  { name: 'bytes that are no UTF-8 are refused', put: at('bad'), type: 'application/json', body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), status: (status) => status === 400 || status === 422 },
  { name: 'nothing of what was refused is there', get: at('bad'), status: 404 },
  { name: 'an empty name is a name', put: at('empty-name'), body: { '': 1 }, status: 201, part: { data: { '': 1 } } },
  { name: '__proto__ is a name', put: at('proto'), type: 'application/json', body: '{"__proto__":{"a":1},"constructor":2}', status: 201, text: /"__proto__": ?\{"a": ?1\}/ },
];
