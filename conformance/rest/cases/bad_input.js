// What cannot be understood, what is too much, and what tries to break out.

const bad = (name, path, column, message = /^"failed to parse /) => ({
  name, get: path, status: 400,
  error: { code: 'PGRST100', message: (got) => (message instanceof RegExp ? message.test(got) : got.includes(message)) && /\(line 1, column \d+\)$/.test(got) && (column === undefined || got.endsWith(`column ${column})`)), details: (details) => typeof details === 'string' && details.length > 0, hint: null },
});
const untouched = { get: '/films?select=count()', json: [{ count: 6 }] };
const breakout = (name, path, expected) => ({ name, get: path, ...expected, then: untouched });
const nest = (levels, inner) => `${'and('.repeat(levels)}${inner}${')'.repeat(levels)}`;

export default [
  // Unparsable, with the position
  bad('an operator that there is not', '/films?year=equals.1968', undefined, 'failed to parse filter (equals.1968)'),
  bad('a filter without an operator', '/films?year=1968', 1, 'failed to parse filter (1968)'),
  bad('an empty filter', '/films?year=', 1),
  bad('an operator without its dot', '/films?year=eq', 3),
  bad('is of something else', '/films?year=is.nil', undefined),
  bad('in without parentheses', '/films?id=in.1,2', 4),
  bad('in that does not end', '/films?id=in.(1,2', undefined),
  bad('a modifier that there is not', '/films?year=eq(some).{1}', undefined),
  bad('a modifier where none may be', '/films?year=neq(any).{1}', undefined),
  bad('a modifier of is', '/films?year=is(any).null', undefined),
  bad('a group without parentheses', '/films?or=id.eq.1', 1),
  bad('a group that does not end', '/films?or=(id.eq.1', undefined),
  bad('an empty group', '/films?or=()', undefined),
  bad('a group with an operator that there is not', '/films?or=(id.equals.1)', undefined),
  bad('a group with a comma at its end', '/films?or=(id.eq.1,)', undefined),
  bad('a nested group that does not end', '/films?or=(id.eq.1,and(id.eq.2)', undefined),
  bad('text after a group', '/films?or=(id.eq.1)x', undefined),
  bad('a select that does not end', '/films?select=id,studios(name', undefined),
  bad('a select with a parenthesis too many', '/films?select=id)', undefined),
  bad('a select with an empty cast', '/films?select=id::', undefined),
  bad('a select with an alias alone', '/films?select=x:', undefined),
  bad('a select with an unfinished arrow', '/films?select=facts->', undefined),
  bad('a select with an unfinished quote', '/films?select="title', undefined),
  bad('a cast that tries to break out', '/films?select=id::text);drop table films', undefined),
  bad('an order in a direction that there is not', '/films?order=year.down', undefined),
  bad('an order with too many words', '/films?order=year.asc.nullsfirst.now', undefined),
  bad('an empty term of an order', '/films?order=year,,id', undefined),
  bad('nulls before a direction', '/films?order=year.nullslast.desc', undefined),
  bad('a text search with an unfinished language', '/films?words=fts(english.cat', undefined),
  { name: 'a limit of an embedded resource that is no number', get: '/studios?select=films(id)&films.limit=x', status: 400, error: { code: 'PGRST100' } },
  { name: 'an offset that is no number', get: '/films?offset=1.5', status: 400, error: { code: 'PGRST100' } },
  { name: 'a negative offset', get: '/films?offset=-1', status: (status) => [400, 416].includes(status), error: { code: /^PGRST10[03]$/ } },
  { name: 'columns that cannot be read', post: '/guests?columns=name,', as: 'service', body: { name: 'x' }, status: 400, error: { code: 'PGRST100' } },
  { name: 'an unparsable filter of a write changes nothing', patch: '/films?year=oops.1', as: 'service', body: { year: 1 }, status: 400, error: { code: 'PGRST100' }, then: { get: '/films?select=id&year=eq.1', json: [] } },
  { name: 'an unparsable filter of a delete deletes nothing', delete: '/films?or=(id.eq.1', as: 'service', status: 400, error: { code: 'PGRST100' }, then: untouched },

  // Too much
  { name: 'logic nests 32 levels deep', get: `/films?select=id&and=(${nest(31, 'id.eq.1')})`, json: [{ id: 1 }] },
  { name: 'logic deeper than that is refused', get: `/films?and=(${nest(33, 'id.eq.1')})`, status: 400, error: { code: 'PGRST100' } },
  { name: 'embedding deeper than 32 levels is refused', get: `/people?select=id,${'mentor('.repeat(33)}id${')'.repeat(33)}`, status: 400, error: { code: 'PGRST100' } },
  { name: 'embedding eight levels deep is answered', get: `/people?select=id,${'mentor(id,'.repeat(7)}mentor(id)${')'.repeat(7)}&id=eq.1`, json: (rows) => rows.length === 1 },
  { name: 'a JSON path deeper than 32 levels is refused', get: `/films?select=facts${'->a'.repeat(33)}`, status: 400, error: { code: 'PGRST100' } },
  { name: 'a URL beyond 64 KiB is refused', get: `/films?title=eq.${'x'.repeat(65 * 1024)}`, status: (status) => [400, 414].includes(status) },
  { name: 'a URL of 60,000 characters is answered', get: `/films?select=id&title=eq.${'x'.repeat(60_000)}`, json: [] },
  { name: 'a list of five thousand values is answered', get: `/films?select=id&id=in.(${Array.from({ length: 5000 }, (_, i) => i).join()})&order=id`, json: [1, 2, 3, 4, 5, 6].map((id) => ({ id })) },
  { name: 'a limit beyond what fits is refused', get: '/films?limit=99999999999999999999', status: 400, error: { code: 'PGRST100' } },
  { name: 'a page has no more rows than the server allows', get: '/rpc/countdown?n=1001', json: (rows) => rows.length === 1000 },

  // Bytes
  { name: 'NUL in a filter is refused', get: '/films?title=eq.a%00b', status: 400, error: { code: (code) => ['PGRST100', '22021', '22P05'].includes(code) } },
  { name: 'NUL in a body is refused', post: '/guests', as: 'service', type: 'application/json', body: '{"name":"a\\u0000b"}', status: 400, error: { code: '22P05', message: 'unsupported Unicode escape sequence', details: '\\u0000 cannot be converted to text.' } },
  { name: 'UTF-8 that is none in a filter is refused or finds nothing', get: '/films?select=id&title=eq.%ff%fe', status: (status) => [200, 400].includes(status), then: untouched },
  { name: 'UTF-8 that is none in a body is refused', post: '/guests', as: 'service', type: 'application/json', body: Buffer.from([0x7b, 0x22, 0x6e, 0x61, 0x6d, 0x65, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]), status: 400, error: { code: (code) => ['PGRST102', '22021'].includes(code) } },
  { name: 'a percent sign without digits is refused or a percent sign', get: '/films?select=id&title=eq.%zz', status: (status) => [200, 400].includes(status), then: untouched },
  { name: 'a lone surrogate in a body is refused', post: '/guests', as: 'service', type: 'application/json', body: '{"name":"\\ud800"}', status: 400, error: { code: (code) => ['22P02', 'PGRST102'].includes(code) } },

  // Bodies
  { name: 'a body that is no JSON is refused', post: '/guests', as: 'service', type: 'application/json', body: '{"name":', status: 400, error: { code: 'PGRST102' } },
  { name: 'text after the JSON is refused', post: '/guests', as: 'service', type: 'application/json', body: '{"name":"Tail"} x', status: 400, error: { code: 'PGRST102' }, then: { get: '/guests?name=eq.Tail', json: [] } },
  { name: 'no body is refused', post: '/guests', as: 'service', type: 'application/json', status: 400, error: { code: 'PGRST102', message: 'Empty or invalid json' } },
  { name: 'a number is no row', post: '/guests', as: 'service', type: 'application/json', body: '5', status: 400, error: { code: 'PGRST102' } },
  { name: 'a text is no row', post: '/guests', as: 'service', type: 'application/json', body: '"{\\"name\\":\\"x\\"}"', status: 400, error: { code: 'PGRST102' } },
  { name: 'an array of numbers is no rows', post: '/guests', as: 'service', body: [1, 2], status: 400, error: { code: 'PGRST102' } },
  { name: 'a body of a PATCH that is no JSON is refused', patch: '/films?id=eq.1', as: 'service', type: 'application/json', body: '{', status: 400, error: { code: 'PGRST102' } },
  { name: 'the last of two members of the same name counts', post: '/guests?select=name', as: 'service', prefer: 'return=representation, tx=rollback', type: 'application/json', body: '{"name":"one","name":"two"}', status: 201, json: [{ name: 'two' }] },

  // Breaking out
  ...['\'', '"', '\\', '\'; drop table films; --', '" or ""="', '$1', '$$', '%', '{', '}', '(', ')', '*/', '--', '\u2028', '\'||pg_sleep(9)||\''].map((text) =>
    breakout(`the text ${JSON.stringify(text)} is found as a text`, `/films?select=id&title=eq.${encodeURIComponent(text)}`, { json: [] })),
  ...["'", '\\', '"', "'; drop table films; --", '{},"', 'a"b\\c'].map((text) => ({
    name: `the text ${JSON.stringify(text)} is written and read`, post: '/guests?select=name', as: 'service', prefer: 'return=representation, tx=rollback', body: { name: text }, status: 201, json: [{ name: text }], then: untouched,
  })),
  breakout('a name with quotes is a name', '/films?select="ti""tle"', { status: 400 }),
  breakout('an alias with quotes is an alias', '/films?select=%22a%5C%22b%22:title&id=eq.1', { status: (status) => [200, 400].includes(status) }),
  breakout('a column that tries to break out is unknown', '/films?select=id&%22id%5C%22%3D1%20or%201%3D1%20--%22=eq.1', { status: 400 }),
  breakout('a table that tries to break out is unknown', '/films%22%3B%20drop%20table%20films%3B%20--', { status: 404 }),
  breakout('a JSON key with quotes is a key', "/films?select=x:facts->>it's&id=eq.1", { status: (status) => [200, 400].includes(status) }),
  breakout('a JSON key that tries to break out is a key', "/films?select=id&facts->>a'%20or%20'1'='1=eq.x", { status: (status) => [200, 400].includes(status) }),
  breakout('a language that tries to break out is refused', "/films?words=fts(english'::regconfig)).x", { status: 400 }),
  breakout('a language that there is not is refused', '/films?words=fts(klingon).x', { status: (status) => [400, 404].includes(status), error: { code: '42704', message: 'text search configuration "klingon" does not exist' } }),
  breakout('a limit that tries to break out is refused', '/films?limit=1;drop table films', { status: 400 }),
  breakout('an order that tries to break out is refused', '/films?order=id;drop table films', { status: 400 }),
  breakout('a cast that is a function is refused', '/films?select=id::pg_sleep', { status: 400, error: { code: '42704' } }),
  breakout('an array with quotes stays an array', '/films?select=id&genres=cs.{"a\\"}', { status: 400, error: { code: '22P02' } }),
  { name: 'an on_conflict that tries to break out is refused', post: '/supplies?on_conflict=sku);drop table films', as: 'service', prefer: 'resolution=merge-duplicates', body: { sku: 'x' }, status: 400, then: untouched },
  { name: 'a key of a body that tries to break out is unknown', post: '/supplies', as: 'service', body: { 'sku") values (1); drop table films; --': 'x' }, status: 400, error: { code: 'PGRST204' }, then: untouched },
];
