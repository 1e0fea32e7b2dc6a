// Functions under /rpc: how they are called, what they take and what they answer.

const get = (name, path, json, more = {}) => ({ name, get: `/rpc/${path}`, json, ...more });
const post = (name, path, body, json, more = {}) => ({ name, post: `/rpc/${path}`, body, json, ...more });

export default [
  // Calling
  post('POST takes named arguments from an object', 'add_up', { a: 1, b: 2 }, 3),
  get('GET takes named arguments from the query', 'add_up?a=1&b=2', 3),
  { name: 'HEAD runs without a body', head: '/rpc/add_up?a=1&b=2', text: '' },
  post('the order of arguments does not matter', 'add_up', { b: 5, a: 1 }, 6),
  post('a default stands in for an argument left out', 'say', { greeting: 'hi' }, 'hi, nobody'),
  get('a default stands in for one left out by GET', 'say?greeting=hi', 'hi, nobody'),
  get('a default gives way to what is given', 'say?greeting=hi&name=Ann', 'hi, Ann'),
  post('a function without arguments takes an empty object', 'spot', {}, { lat: 46.94798, long: 7.44744 }),
  { name: 'a function without arguments takes no body', post: '/rpc/spot', json: { lat: 46.94798, long: 7.44744 } },
  get('a function without arguments takes none by GET', 'spot', { lat: 46.94798, long: 7.44744 }),
  post('null is given as null', 'add_up', { a: 1, b: null }, null),
  get('a value that looks like SQL is a value', "say?greeting=')%3B drop table films%3B --&name=x", "'); drop table films; --, x"),
  get('a function with capitals and blanks in its names', 'Mixed%20Case?Some%20Arg=x', 'x'),
  post('a form gives named arguments', 'add_up', 'a=2&b=3', 5, { type: 'application/x-www-form-urlencoded' }),
  post('an enum is an argument', 'mood_of', { value: 'tense' }, 'tense'),
  post('a json argument is given as it is', 'given_json', { value: { a: [1, null] } }, { a: [1, null] }),
  get('a json argument is given by GET', 'given_json?value={"a":1}', { a: 1 }),
  post('an array of objects is given to a json argument', 'given_json', { value: [{ a: 1 }, { a: 2 }] }, [{ a: 1 }, { a: 2 }]),
  post('columns says which keys are arguments', 'add_up?columns=a,b', { a: 1, b: 2, c: 3 }, 3),

  // Arrays, variadic
  post('an array is an argument', 'plus_one', { numbers: [1, 2, 3] }, [2, 3, 4]),
  get('an array is an argument by GET', 'plus_one?numbers={1,2,3}', [2, 3, 4]),
  post('an array may be written as PostgreSQL writes it', 'plus_one', { numbers: '{1,2}' }, [2, 3]),
  post('a variadic function takes an array', 'total', { numbers: [1, 2, 3, 4] }, 10),
  get('a variadic function takes its argument several times', 'total?numbers=1&numbers=2&numbers=3', 6),
  get('a variadic function takes its argument once', 'total?numbers=7', 7),
  post('a variadic function takes its argument several times in a form', 'total', 'numbers=1&numbers=2', 3, { type: 'application/x-www-form-urlencoded' }),

  // One unnamed argument
  post('a single unnamed json argument is the whole body', 'whole_json', [1, 2, 3], 3),
  post('a single unnamed jsonb argument is the whole body', 'whole_jsonb', { x: 4 }, { x: 4, seen: true }),
  post('a single unnamed text argument is the raw body', 'whole_text', 'a body, {raw}', 13, { type: 'text/plain' }),
  post('a single unnamed bytea argument is the raw bytes', 'whole_bytes', Buffer.from([0, 255, 16, 65]), '00ff1041', { type: 'application/octet-stream' }),
  post('a single unnamed xml argument is the raw document', 'whole_xml', '<a>inside</a>', 'inside', { type: 'text/xml' }),
  post('named arguments win over a single unnamed one', 'with_fallback', { a: 1 }, 'named'),
  post('a single unnamed json argument is the fallback of named ones', 'with_fallback', { z: 1 }, 'whole'),

  // Overloads
  get('an overload is chosen by the arguments given', 'rental?customer=232', 'customer 232'),
  get('an overload with more arguments is chosen when they are given', 'rental?customer=232&film=6', 'customer 232, film 6'),
  { name: 'overloads that differ in types alone are ambiguous', get: '/rpc/ambiguous?value=1', status: 300, error: {
    code: 'PGRST203', message: 'Could not choose the best candidate function between: public.ambiguous(value => integer), public.ambiguous(value => text)',
    hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved' } },

  // Answers
  { name: 'a scalar answers 200 with JSON', get: '/rpc/add_up?a=1&b=2', text: '3', answer: { 'content-type': /^application\/json/ } },
  get('a scalar null is null', 'nothing_at_all', null),
  { name: 'void answers 204 and nothing', post: '/rpc/do_nothing', body: {}, status: 204, text: '' },
  { name: 'void answers 204 by GET', get: '/rpc/take_a_while?seconds=0', status: 204, text: '' },
  get('a set of scalars is an array', 'countdown?n=3', [3, 2, 1]),
  get('a composite is an object', 'spot', { lat: 46.94798, long: 7.44744 }),
  get('a row of a table is an object', 'film?wanted=1&select=title', { title: 'Winter Ferry' }),
  get('out arguments are an object', 'halves?n=7', { lower: 3, higher: 4 }),
  get('a table function is an array of objects', 'year_table?order=year&limit=2', [{ year: 1968, films: 1 }, { year: 1974, films: 1 }]),
  get('a record is an object', 'any_record', { one: 1, two: 'two' }),
  get('records are an array of objects', 'any_records', [{ id: 1, name: 'Fjord Days' }, { id: 2, name: 'Lakeside' }, { id: 3, name: 'Lakeside' }]),

  // Like tables
  get('a set of rows is filtered', 'now_playing?select=id&mood=eq.somber&order=id', [{ id: 1 }, { id: 6 }]),
  get('a set of rows is filtered beside the arguments', 'films_since?since=1981&select=id&rating=gt.6&order=id', [{ id: 3 }, { id: 6 }]),
  get('a set of rows is filtered by or', 'now_playing?select=id&or=(id.eq.1,id.eq.4)&order=id', [{ id: 1 }, { id: 4 }]),
  get('a set of rows is ordered and limited', 'now_playing?select=id&order=year.desc&limit=2&offset=1', [{ id: 4 }, { id: 2 }]),
  get('a set of rows takes aliases and casts', 'films_since?since=2000&select=t:title,year::text', [{ t: 'Ferry to Nowhere (Redux)', year: '2003' }]),
  get('a set of rows is embedded', 'now_playing?select=title,studios(name)&id=eq.2', [{ title: 'The Glass Orchard', studios: { name: 'Northlight' } }]),
  get('a set of rows is embedded with filters', 'now_playing?select=id,screenings!inner(id)&screenings.cinema_id=eq.2', [{ id: 1, screenings: [{ id: 3 }] }]),
  get('a set of rows is spread', 'now_playing?select=id,...studios(studio:name)&id=eq.2', [{ id: 2, studio: 'Northlight' }]),
  get('a set of rows has computed columns', 'now_playing?select=label&id=eq.2', [{ label: 'The Glass Orchard (1974)' }]),
  get('a set of rows is ordered by what it embeds', 'now_playing?select=id,studios()&order=studios(name).desc,id.desc', [{ id: 4 }, { id: 2 }, { id: 6 }, { id: 1 }]),
  get('one row of a table is embedded', 'film?wanted=1&select=title,studios(name)', { title: 'Winter Ferry', studios: { name: 'Harbour' } }),
  post('POST filters what it answers', 'films_since?select=id&mood=eq.somber', { since: 1981 }, [{ id: 6 }]),
  post('POST orders and limits what it answers', 'now_playing?select=id&order=id.desc&limit=1', {}, [{ id: 6 }]),
  get('one object may be asked of a set', 'now_playing?id=eq.1&select=id', { id: 1 }, { accept: 'application/vnd.pgrst.object+json' }),
  get('a page is asked by Range', 'now_playing?select=id&order=id', [{ id: 2 }, { id: 4 }], { headers: { range: '1-2' }, answer: { 'content-range': '1-2/*' } }),
  { name: 'a set of rows comes as CSV', get: '/rpc/now_playing?select=id,title&order=id&limit=1', accept: 'text/csv', text: /^id,title\n1,"?Winter Ferry"?$/ },
  { name: 'an unknown column of a set is refused', get: '/rpc/now_playing?select=nme', status: 400, error: { code: '42703' } },

  // What they may do
  { name: 'a volatile function writes by POST', post: '/rpc/add_guest', as: 'service', body: { name: 'Rpc' }, then: { get: '/guests?select=name,vip&name=eq.Rpc', json: [{ name: 'Rpc', vip: true }] }, cleanup: `delete from guests where name = 'Rpc'` },
  { name: 'tx=rollback undoes what a function wrote', post: '/rpc/add_guest?select=name', as: 'service', prefer: 'tx=rollback', body: { name: 'Undone' }, json: [{ name: 'Undone' }], then: { get: '/guests?name=eq.Undone', json: [] } },
  { name: 'a volatile function may not write by GET', get: '/rpc/add_guest?name=Sneak', as: 'service', status: 405, error: { code: '25006', message: 'cannot execute INSERT in a read-only transaction' }, then: { get: '/guests?name=eq.Sneak', json: [] } },
  { name: 'a stable function may not write by POST', post: '/rpc/stable_writer', as: 'service', body: { name: 'Sneak' }, status: (status) => [400, 405].includes(status), error: { code: /^(25006|0A000)$/ }, then: { get: '/guests?name=eq.Sneak', json: [] } },
  { name: 'max-affected bounds what a function returns', post: '/rpc/countdown', prefer: 'handling=strict, max-affected=2', body: { n: 3 }, status: 400, error: { code: 'PGRST124', details: 'The query affects 3 rows' } },
  { name: 'max-affected of a function that returns no set is refused', post: '/rpc/add_up', prefer: 'handling=strict, max-affected=2', body: { a: 1, b: 2 }, status: 400, error: { code: 'PGRST128', message: 'Function must return SETOF or TABLE when max-affected preference is used with handling=strict' } },
  { name: 'a function that one may not execute is refused', get: '/rpc/only_staff', status: 401, error: { code: '42501', message: 'permission denied for function only_staff' } },
  { name: 'a function that a user may not execute is forbidden', get: '/rpc/only_staff', as: 'ann', status: 403, error: { code: '42501' } },
  { name: 'a procedure is not a function', post: '/rpc/a_procedure', body: {}, status: 404, error: { code: 'PGRST202' } },

  // Not found
  { name: 'an unknown function is refused with a hint', get: '/rpc/ad_up?a=1&b=2', status: 404, error: {
    code: 'PGRST202', message: 'Could not find the function public.ad_up(a, b) in the schema cache', details: 'Searched for the function public.ad_up with parameters a, b, but no matches were found in the schema cache.',
    hint: 'Perhaps you meant to call the function public.add_up' } },
  { name: 'unknown arguments are refused with a hint', post: '/rpc/add_up', body: { a: 1, c: 2 }, status: 404, error: {
    code: 'PGRST202', message: 'Could not find the function public.add_up(a, c) in the schema cache', details: 'Searched for the function public.add_up with parameters a, c or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.', hint: 'Perhaps you meant to call the function public.add_up(a, b)' } },
  { name: 'an argument that is missing is refused', get: '/rpc/add_up?a=1', status: 404, error: { code: 'PGRST202', message: 'Could not find the function public.add_up(a) in the schema cache' } },
  { name: 'a function without arguments that there is not', get: '/rpc/zzz', status: 404, error: { code: 'PGRST202', message: 'Could not find the function public.zzz without parameters in the schema cache' } },
  { name: 'PUT of a function is refused', put: '/rpc/add_up', body: { a: 1, b: 2 }, status: 405, error: { code: 'PGRST101', message: 'Cannot use the PUT method on RPC' } },
  { name: 'DELETE of a function is refused', delete: '/rpc/add_up', status: 405, error: { code: 'PGRST101', message: 'Cannot use the DELETE method on RPC' } },
  { name: 'PATCH of a function is refused', patch: '/rpc/add_up', body: { a: 1 }, status: 405, error: { code: 'PGRST101', message: 'Cannot use the PATCH method on RPC' } },
  { name: 'a wrong type of argument says so', post: '/rpc/add_up', body: { a: 'x', b: 2 }, status: 400, error: { code: '22P02', message: 'invalid input syntax for type integer: "x"' } },
  { name: 'malformed JSON is refused', post: '/rpc/add_up', type: 'application/json', body: '{"a":', status: 400, error: { code: 'PGRST102' } },
];
