// Resource representation: what the answer looks like, by Accept.

const object = 'application/vnd.pgrst.object+json';
const array = 'application/vnd.pgrst.array+json';
const jsonType = { 'content-type': 'application/json; charset=utf-8' };

export default [
  { name: 'JSON is what is answered without Accept', get: '/studios?select=id&id=eq.1', text: '[{"id":1}]', answer: jsonType },
  { name: 'any type is JSON', get: '/studios?select=id&id=eq.1', accept: '*/*', json: [{ id: 1 }], answer: jsonType },
  { name: 'application/json is JSON', get: '/studios?select=id&id=eq.1', accept: 'application/json', json: [{ id: 1 }], answer: jsonType },
  { name: 'the first acceptable type of several is answered', get: '/studios?select=id&id=eq.1', accept: 'text/csv, application/json', text: 'id\n1', answer: { 'content-type': 'text/csv; charset=utf-8' } },
  { name: 'a type that there is not is passed over', get: '/studios?select=id&id=eq.1', accept: 'image/png, application/json;q=0.5', json: [{ id: 1 }] },
  { name: 'quality decides', get: '/studios?select=id&id=eq.1', accept: 'text/csv;q=0.1, application/json;q=0.9', json: [{ id: 1 }] },
  { name: 'what a browser sends is JSON', get: '/studios?select=id&id=eq.1', accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', json: [{ id: 1 }] },
  { name: 'a type that there is not is refused', get: '/studios', accept: 'image/png', status: 406, error: { code: 'PGRST107', message: 'None of these media types are available: image/png', details: null, hint: null } },
  { name: 'two types that there are not are refused by name', get: '/studios', accept: 'image/png, a/b', status: 406, error: { code: 'PGRST107', message: 'None of these media types are available: image/png, a/b' } },

  { name: 'one object is answered without its array', get: '/studios?select=id&id=eq.1', accept: object, text: '{"id":1}', answer: { 'content-type': 'application/vnd.pgrst.object+json; charset=utf-8' } },
  { name: 'one object is asked without +json', get: '/studios?select=id&id=eq.1', accept: 'application/vnd.pgrst.object', json: { id: 1 } },
  { name: 'no row is no object', get: '/studios?id=eq.0', accept: object, status: 406, error: { code: 'PGRST116', message: 'Cannot coerce the result to a single JSON object', details: 'The result contains 0 rows', hint: null }, answer: { 'content-type': /^application\/json/ } },
  { name: 'two rows are no object', get: '/studios?id=in.(1,2)', accept: object, status: 406, error: { code: 'PGRST116', details: 'The result contains 2 rows' } },
  { name: 'a limit makes one of many', get: '/studios?select=id&order=id&limit=1', accept: object, json: { id: 1 } },

  { name: 'nulls are stripped from an array', get: '/studios?select=id,city,parent_id&id=in.(1,4)&order=id', accept: `${array};nulls=stripped`, text: /^\[\{"id":1,"city":"Bern"\},\s*\{"id":4\}\]$/, answer: { 'content-type': 'application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8' } },
  { name: 'nulls are stripped from an object', get: '/studios?select=id,city&id=eq.4', accept: `${object};nulls=stripped`, text: '{"id":4}', answer: { 'content-type': 'application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8' } },
  { name: 'nulls are stripped from what is embedded', get: '/studios?select=id,films(id,rating)&id=eq.3&films.order=id', accept: `${array};nulls=stripped`, json: [{ id: 3, films: [{ id: 3, rating: 6.2 }, { id: 4 }] }] },
  { name: 'an array without a parameter keeps its nulls', get: '/studios?select=id,city&id=eq.4', accept: array, json: [{ id: 4, city: null }] },
  { name: 'nulls are stripped from what a write answers', post: '/guests?select=name,email', as: 'service', prefer: 'return=representation, tx=rollback', accept: `${array};nulls=stripped`, body: { name: 'N' }, status: 201, json: [{ name: 'N' }] },

  { name: 'CSV has a line of names', get: '/studios?select=id,name&order=id&limit=2', accept: 'text/csv', text: 'id,name\n1,Northlight\n2,Harbour', answer: { 'content-type': 'text/csv; charset=utf-8' } },
  { name: 'CSV quotes commas', get: '/films?select=title&id=eq.5', accept: 'text/csv', text: 'title\n"Untitled, Take 2"' },
  { name: 'CSV quotes quotes and lines', get: '/specimens?select=doc&id=eq.1', accept: 'text/csv', text: 'doc\n"{""b"": 1, ""a"": [1, 2]}"' },
  { name: 'CSV leaves null empty', get: '/studios?select=id,city&id=eq.4', accept: 'text/csv', text: 'id,city\n4,' },
  { name: 'CSV writes values as PostgreSQL writes them', get: '/specimens?select=yes,numbers,day,bytes,ints&id=eq.1', accept: 'text/csv', text: /^yes,numbers,day,bytes,ints\nt,"\{1,2,3\}",2024-02-29,(\\x0001ff|"\\\\x0001ff"),"\[1,5\)"$/ },
  { name: 'CSV of no row is its names alone, or nothing', get: '/studios?select=id,name&id=eq.0', accept: 'text/csv', text: /^(id,name)?\n?$/ },
  { name: 'CSV uses the aliases', get: '/studios?select=n:name&id=eq.1', accept: 'text/csv', text: 'n\nNorthlight' },

  { name: 'a table has a media type of its own by an aggregate', get: '/film_list?id=lt.3&order=id', accept: 'text/tab-separated-values', text: '1\tWinter Ferry\n2\tThe Glass Orchard\n', answer: { 'content-type': /^text\/tab-separated-values/ } },
  { name: 'a media type of another table is refused', get: '/studios', accept: 'text/tab-separated-values', status: 406, error: { code: 'PGRST107' } },
  { name: 'a function has a media type of its own by its domain', get: '/rpc/pixel', accept: 'image/x-pixel', bytes: '010203', answer: { 'content-type': 'image/x-pixel' } },
  { name: 'a function answers plain text by its domain', get: '/rpc/hello_text', accept: 'text/plain', text: 'a, "b"', answer: { 'content-type': /^text\/plain/ } },
  { name: 'a function answers bytes by its domain', get: '/rpc/hello_bytes', accept: 'application/octet-stream', bytes: '00ff10', answer: { 'content-type': 'application/octet-stream' } },
  { name: 'a function answers a document by its domain', get: '/rpc/hello_xml', accept: 'text/xml', text: '<hello to="you"/>', answer: { 'content-type': /^text\/xml/ } },
  { name: 'a function with a type of its own answers JSON when nothing is asked for', get: '/rpc/pixel', json: '\\x010203' },
  { name: 'a function with a type of its own is still asked for JSON', get: '/rpc/hello_text', accept: 'application/json', json: 'a, "b"' },

  { name: 'a plan comes as text', get: '/films?id=eq.1', accept: 'application/vnd.pgrst.plan', text: /Aggregate.*films/s, answer: { 'content-type': /^application\/vnd\.pgrst\.plan\+text/ } },
  { name: 'a plan comes as JSON', get: '/films?id=eq.1', accept: 'application/vnd.pgrst.plan+json', json: (plan) => plan[0].Plan['Node Type'] !== undefined, answer: { 'content-type': /^application\/vnd\.pgrst\.plan\+json/ } },
  { name: 'a plan names the representation it is for', get: '/films?id=eq.1', accept: 'application/vnd.pgrst.plan+json; for="text/csv"', json: Array.isArray, answer: { 'content-type': /for="text\/csv"/ } },
  { name: 'a plan takes options', get: '/films?id=eq.1', accept: 'application/vnd.pgrst.plan+json; options=analyze|verbose', json: (plan) => plan[0].Plan['Actual Rows'] !== undefined && plan[0].Plan.Output !== undefined },
  { name: 'a plan of a write writes nothing', post: '/guests', as: 'service', accept: 'application/vnd.pgrst.plan', body: { name: 'Planned' }, status: (status) => [200, 201].includes(status), text: /guests/, then: { get: '/guests?name=eq.Planned', json: [] } },
  { name: 'a plan of a function', get: '/rpc/now_playing?id=eq.1', accept: 'application/vnd.pgrst.plan', text: /films/ },
  { name: 'HEAD tells the type without a body', head: '/studios', accept: 'text/csv', text: '', answer: { 'content-type': 'text/csv; charset=utf-8' } },
];
