// What an id and a collection's name may be.

import { fresh, scratch } from '../lib/names.js';

const kept = (name, encoded, id, path = encoded) => ({
  name, put: `/${scratch}/${encoded}`, body: { id }, status: 201, part: { id, path: `${scratch}/${path}` }, then: [{ get: `/${scratch}/${encoded}`, part: { id, data: { id } } }, { delete: `/${scratch}/${encoded}`, status: 204 }],
});
const refused = (name, path, status = 422) => ({ name, put: path, body: {}, status, part: { code: 'invalid_path' } });
const utf8 = (text) => encodeURIComponent(text);

export default [
  kept('an id may hold a slash, which is %2F', 'a%2Fb', 'a/b'),
  kept('an id may hold a percent sign, which is %25', 'a%25b', 'a%b'),
  kept('an id may hold a quote', utf8("it's \"so\""), "it's \"so\"", "it's \"so\""),
  kept('an id may hold spaces and signs', utf8('a b?c#d&e=f;g:h@i'), 'a b?c#d&e=f;g:h@i', 'a b?c#d&e=f;g:h@i'),
  kept('an id may begin with a dot', '.hidden', '.hidden'),
  kept('an id may be three dots', '...', '...'),
  kept('an id may be an emoji', utf8('😀'), '😀', '😀'),
  kept('an id may hold a colon', 'x:commit', 'x:commit'),
  kept('an id may look like a number', '007', '007'),
  kept('an id may hold control characters but NUL', utf8('a\nb\tc\u0001'), 'a\nb\tc\u0001', 'a\nb\tc\u0001'),
  kept('an id may be SQL', utf8("'; drop table x; --"), "'; drop table x; --", "'; drop table x; --"),
  kept('an id of 1,500 bytes is taken', 'x'.repeat(1500), 'x'.repeat(1500)),
  kept('bytes are counted, not characters', utf8('é'.repeat(750)), 'é'.repeat(750), 'é'.repeat(750)),
  { name: 'é and e with an accent are two ids', put: `/${scratch}/${utf8('\u00e9')}`, body: { n: 1 }, status: 201, then: [{ get: `/${scratch}/${utf8('e\u0301')}`, status: 404 }, { put: `/${scratch}/${utf8('e\u0301')}`, body: { n: 2 }, status: 201 }, { get: `/${scratch}/${utf8('\u00e9')}`, part: { data: { n: 1 } } }] },
  { name: 'upper and lower case are two ids', put: `/${scratch}/Case`, body: {}, status: 201, then: { get: `/${scratch}/case`, status: 404 } },
  refused('an id of 1,501 bytes is refused', `/${scratch}/${'x'.repeat(1501)}`),
  refused('751 characters of two bytes are refused', `/${scratch}/${utf8('é'.repeat(751))}`),
  refused('. is no id', `/${scratch}/%2E`),
  refused('.. is no id', `/${scratch}/%2E%2E`),
  { name: 'NUL is in no id', put: `/${scratch}/a%00b`, body: {}, status: (status) => status === 400 || status === 422 },
  { name: 'bytes that are no UTF-8 are in no id', put: `/${scratch}/a%FFb`, body: {}, status: (status) => status === 400 || status === 422 },
  { name: 'a cut escape is in no id', put: `/${scratch}/a%2`, body: {}, status: (status) => status === 400 || status === 422 },
  refused('an empty id in the middle is refused', `/${scratch}//${scratch}/x`),
  refused('the paths of a parent and an id have at most 2,600 bytes together', `/${scratch}/${'x'.repeat(1400)}/${scratch}/${'y'.repeat(1400)}`),
  { name: 'a collection may hold digits, _ and -', put: `/A9-${fresh('b')}/x`, body: {}, status: 201 },
  ...['9a', '_a', '-a', 'a.b', 'é', 'a%20b', 'a%22b', 'x'.repeat(64)].map((collection) => refused(`a collection is not named ${collection}`, `/${collection}/x`)),
  { name: 'a PUT on a collection is refused', put: `/${scratch}`, body: {}, status: (status) => status === 405 || status === 422 },
  { name: 'a path of nothing is refused', get: '/', status: (status) => status === 404 || status === 422 },
];
