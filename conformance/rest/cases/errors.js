// Errors: the shape of their body, every code that can be reached from outside, and the status of every SQLSTATE.

const states = [
  ['23503', 409], ['23505', 409], ['25006', 405], ['42501', 401], ['42P01', 404], ['42883', 404], ['42P17', 500], ['22P02', 400], ['22012', 400], ['23502', 400],
  ['23514', 400], ['09000', 500], ['0L000', 403], ['0P000', 403], ['25000', 500], ['28000', 403], ['2D000', 500], ['38000', 500], ['39000', 500],
  ['3B000', 500], ['40000', 500], ['53000', 503], ['53400', 500], ['54000', 500], ['55000', 500], ['57000', 500], ['58000', 500], ['F0000', 500], ['HV000', 500],
  ['P0000', 500], ['P0001', 400], ['XX000', 500], ['42601', 400], ['PT404', 404], ['PT402', 402], ['PT503', 503],
];
const whole = (body, status = {}) => ({ message: JSON.stringify(body), detail: JSON.stringify(status) });

export default [
  { name: 'an error has four members, whatever is known', get: '/nowhere', status: 404, json: { code: 'PGRST205', message: "Could not find the table 'public.nowhere' in the schema cache", details: null, hint: (hint) => hint === null || /^Perhaps you meant/.test(hint) }, answer: { 'content-type': 'application/json; charset=utf-8' } },
  { name: 'a table that is almost there is hinted at', get: '/flims', status: 404, error: { code: 'PGRST205', message: "Could not find the table 'public.flims' in the schema cache", hint: "Perhaps you meant the table 'public.films'" } },
  { name: 'an unknown column is refused with a hint', get: '/films?select=titel', status: 400, error: { code: '42703', message: 'column films.titel does not exist', hint: 'Perhaps you meant to reference the column "films.title".' } },
  { name: 'an unknown column of a filter is refused', get: '/films?titel=eq.x', status: 400, error: { code: '42703', message: 'column films.titel does not exist' } },
  { name: 'an unknown column of an order is refused', get: '/films?order=titel', status: 400, error: { code: '42703', message: 'column films.titel does not exist' } },
  { name: 'an unknown column within or is refused', get: '/films?or=(titel.eq.x,id.eq.1)', status: 400, error: { code: '42703', message: 'column films.titel does not exist' } },
  { name: 'a value of another type is refused', get: '/films?year=eq.soon', status: 400, error: { code: '22P02', message: 'invalid input syntax for type integer: "soon"' } },
  { name: 'a value of another enum is refused', get: '/films?mood=eq.grumpy', status: 400, error: { code: '22P02', message: 'invalid input value for enum film_mood: "grumpy"' } },
  { name: 'a number out of range is refused', get: '/films?minutes=eq.99999', status: 400, error: { code: '22003' } },
  { name: 'a date that is none is refused', get: '/films?released=eq.1968-02-30', status: 400, error: { code: '22008' } },
  { name: 'an operator that the type has not is refused', get: '/films?year=like.19*', status: 404, error: { code: '42883', message: /^operator does not exist: integer ~~ (unknown|text)$/ } },
  { name: 'a regular expression that is none is refused', get: '/films?title=match.(', status: 400, error: { code: '2201B' } },
  { name: 'a full-text query that is none is refused', get: '/films?words=fts.a b', status: 400, error: { code: '42601' } },
  { name: 'a cast to a type that there is not is refused', get: '/films?select=year::inte', status: 400, error: { code: '42704', message: 'type "inte" does not exist' } },
  { name: 'a check that fails is refused', post: '/guests', as: 'service', body: { name: 'x', age: -1 }, status: 400, error: { code: '23514', message: 'new row for relation "guests" violates check constraint "guests_age_check"', details: /^Failing row contains/ } },
  { name: 'a null where none may be is refused', post: '/guests', as: 'service', body: { age: 1 }, status: 400, error: { code: '23502', message: 'null value in column "name" of relation "guests" violates not-null constraint' } },
  { name: 'a domain check that fails is refused', post: '/people', as: 'service', body: { name: 'x', country: 'Bern' }, status: 400, error: { code: '23514', message: 'value for domain short_code violates check constraint "short_code_check"' } },
  { name: 'a text that is too long is refused', post: '/specimens', as: 'service', body: { id: 50, word: 'far too long' }, status: 400, error: { code: '22001', message: 'value too long for type character varying(10)' } },
  { name: 'a foreign key to nothing is a conflict', post: '/films', as: 'service', body: { title: 'x', studio_id: 99 }, status: 409, error: { code: '23503', details: 'Key (studio_id)=(99) is not present in table "studios".' } },
  { name: 'a view that cannot be written is refused', post: '/all_names', as: 'service', body: { name: 'x' }, status: (status) => [400, 405, 500].includes(status), error: { code: '55000', message: 'cannot insert into view "all_names"' } },
  { name: 'a view that writes cannot be read', get: '/counted_reads', status: 405, error: { code: '25006', message: 'cannot execute nextval() in a read-only transaction' } },

  { name: 'RAISE answers 400 with what it says', post: '/rpc/fail_plainly', body: {}, status: 400, json: { code: 'P0001', message: 'I refuse!', details: 'Pretty simple', hint: 'There is nothing you can do.' } },
  { name: 'RAISE of PT and a status answers the status', post: '/rpc/fail', body: { state: 'PT402', message: 'Payment Required', detail: 'Quota exceeded', hint: 'Upgrade your plan' }, status: 402, json: { code: 'PT402', message: 'Payment Required', details: 'Quota exceeded', hint: 'Upgrade your plan' } },
  { name: 'RAISE of PT in a trigger answers the status', post: '/kettles', as: 'service', body: { id: 9, wish: 'refused' }, status: 402, error: { code: 'PT402', message: 'Payment Required' }, then: { get: '/kettles?id=eq.9', json: [] } },
  { name: 'RAISE of PGRST says status, headers and body', post: '/rpc/fail_wholly', body: whole({ code: '123', message: 'Payment Required', details: 'Quota exceeded', hint: 'Upgrade your plan' }, { status: 402, headers: { 'X-Powered-By': 'Nerd Rage' } }), status: 402, json: { code: '123', message: 'Payment Required', details: 'Quota exceeded', hint: 'Upgrade your plan' }, answer: { 'x-powered-by': 'Nerd Rage' } },
  { name: 'RAISE of PGRST may leave out details and hint', post: '/rpc/fail_wholly', body: whole({ code: '1', message: 'm' }, { status: 419, status_text: 'Page Expired', headers: {} }), status: 419, json: { code: '1', message: 'm', details: null, hint: null } },
  { name: 'RAISE of PGRST that is no JSON is refused', post: '/rpc/fail_wholly', body: { message: 'plain', detail: '{"status":402,"headers":{}}' }, status: 500, error: { code: 'PGRST121', message: 'Could not parse JSON in the "RAISE SQLSTATE \'PGRST\'" error', details: 'Invalid JSON value for MESSAGE: \'plain\'', hint: "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'." } },
  { name: 'RAISE of PGRST whose detail is no JSON is refused', post: '/rpc/fail_wholly', body: { message: '{"code":"1","message":"m"}', detail: 'plain' }, status: 500, error: { code: 'PGRST121', details: 'Invalid JSON value for DETAIL: \'plain\'', hint: "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'." } },
  ...states.map(([state, status]) => ({
    name: `SQLSTATE ${state} answers ${status}`, post: '/rpc/fail', body: { state, message: 'as told' }, status, error: { code: state, message: 'as told' },
  })),
  { name: 'SQLSTATE 08006 answers 503', post: '/rpc/fail', body: { state: '08006' }, status: 503, error: { code: /^(08006|PGRST00[01])$/ } },
  { name: 'SQLSTATE 42501 answers 403 to a user', post: '/rpc/fail', as: 'ann', body: { state: '42501' }, status: 403, error: { code: '42501' } },
  { name: 'SQLSTATE 40001 says when to try again', post: '/rpc/fail', body: { state: '40001' }, status: 500, error: { code: '40001' }, answer: { 'retry-after': /^\d+$/ } },
  { name: 'SQLSTATE 40P01 says when to try again', post: '/rpc/fail', body: { state: '40P01' }, status: 500, error: { code: '40P01' }, answer: { 'retry-after': /^\d+$/ } },

  { name: 'a token that is none is refused', get: '/studios', headers: { authorization: 'Bearer not.a.token' }, status: 401, part: { code: /^PGRST30[13]$/ } },
  { name: 'a method that there is not is refused', trace: '/studios', status: 405 },
  { name: 'a path below a table is refused', get: '/studios/1', status: 404, error: { code: 'PGRST125', message: 'Invalid path specified in request URL' } },
  { name: 'a status that is none is refused', post: '/kettles', as: 'service', prefer: 'tx=rollback', body: { id: 2, wish: 'bad status' }, status: 500, error: { code: 'PGRST112', message: 'response.status guc must be a valid status code' } },
  { name: 'headers that are no list are refused', post: '/kettles', as: 'service', prefer: 'tx=rollback', body: { id: 3, wish: 'bad headers' }, status: 500, error: { code: 'PGRST111', message: 'response.headers guc must be a JSON array composed of objects with a single key and a string value' } },
];
