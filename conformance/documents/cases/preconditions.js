// ETags, If-Match and If-None-Match.

import { scratch } from '../lib/names.js';

const at = (id) => `/${scratch}/pre-${id}`;
const made = (id, then) => ({ put: at(id), body: { n: 1 }, status: 201, then });
const etag = ({ headers }) => headers.etag;
const failed = { status: 412, part: { code: 'precondition_failed' } };

export default [
  { name: 'If-Match of the version lets a write through', ...made('1', (made) => ({ put: at('1'), headers: { 'if-match': etag(made) }, body: { n: 2 }, part: { data: { n: 2 } } })) },
  { name: 'If-Match of an old version is 412', ...made('2', (made) => ({ put: at('2'), body: { n: 2 }, then: { put: at('2'), headers: { 'if-match': etag(made) }, body: { n: 3 }, ...failed, then: { get: at('2'), part: { data: { n: 2 } } } } })) },
  { name: 'If-Match guards a merge', ...made('3', { patch: at('3'), headers: { 'if-match': '"1"' }, body: { n: 3 }, ...failed, then: { get: at('3'), part: { data: { n: 1 } } } }) },
  { name: 'If-Match guards a JSON patch', ...made('4', { patch: at('4'), type: 'application/json-patch+json', headers: { 'if-match': '"1"' }, body: '[{"op":"remove","path":"/n"}]', ...failed }) },
  { name: 'If-Match guards a deletion', ...made('5', (made) => ({ delete: at('5'), headers: { 'if-match': '"1"' }, ...failed, then: { delete: at('5'), headers: { 'if-match': etag(made) }, status: 204 } })) },
  { name: 'If-Match takes a list', ...made('6', (made) => ({ put: at('6'), headers: { 'if-match': `"1", ${etag(made)}` }, body: { n: 2 } })) },
  { name: 'If-Match: * is any version', ...made('7', { put: at('7'), headers: { 'if-match': '*' }, body: { n: 2 } }) },
  { name: 'If-Match: * of a missing document is 412', put: at('none'), headers: { 'if-match': '*' }, body: {}, ...failed, then: { get: at('none'), status: 404 } },
  { name: 'If-Match of a deleted document is 412', ...made('8', (made) => ({ delete: at('8'), status: 204, then: { put: at('8'), headers: { 'if-match': etag(made) }, body: {}, ...failed } })) },
  { name: 'If-Match does not hold for one made again', ...made('9', (made) => ({ delete: at('9'), status: 204, then: { put: at('9'), body: { n: 1 }, status: 201, then: { put: at('9'), headers: { 'if-match': etag(made) }, body: {}, ...failed } } })) },
  { name: 'a weak ETag does not match strongly', ...made('10', (made) => ({ put: at('10'), headers: { 'if-match': `W/${etag(made)}` }, body: {}, status: (status) => status === 412 || status === 400 })) },
  { name: 'If-None-Match: * makes a document that is not there', put: at('11'), headers: { 'if-none-match': '*' }, body: { n: 1 }, status: 201, then: { put: at('11'), headers: { 'if-none-match': '*' }, body: { n: 2 }, ...failed, then: { get: at('11'), part: { data: { n: 1 } } } } },
  { name: 'If-None-Match of a write is * and nothing else', put: at('12'), headers: { 'if-none-match': '"1"' }, body: {}, status: 400, part: { code: 'invalid_precondition' } },
  { name: 'an If-Match that is no list of tags is refused', put: at('13'), headers: { 'if-match': 'nonsense' }, body: {}, status: 400, part: { code: 'invalid_precondition' } },
  { name: 'If-None-Match of a read is 304 while nothing changed', ...made('14', (made) => ({ get: at('14'), headers: { 'if-none-match': etag(made) }, status: 304, text: '', answer: { etag: etag(made) }, then: { put: at('14'), body: { n: 2 }, then: { get: at('14'), headers: { 'if-none-match': etag(made) }, part: { data: { n: 2 } } } } })) },
  { name: 'If-None-Match of a read compares weakly', ...made('15', (made) => ({ get: at('15'), headers: { 'if-none-match': `W/${etag(made)}` }, status: 304 })) },
  { name: 'If-None-Match: * of a read is 304 for what is there', ...made('16', { get: at('16'), headers: { 'if-none-match': '*' }, status: 304 }) },
  { name: 'If-None-Match of a read takes a list', ...made('17', (made) => ({ get: at('17'), headers: { 'if-none-match': `"1", ${etag(made)}` }, status: 304 })) },
];
