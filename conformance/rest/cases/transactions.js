// Transactions: access modes, what a request knows of itself, what SQL says of the answer, and what failure leaves behind.

export default [
  { name: 'a role is who asks', get: '/rpc/who_am_i', json: { role: 'anon', uid: null, claims: 'anon' } },
  { name: 'a user is authenticated and known by id', get: '/rpc/who_am_i', as: 'ann', json: { role: 'authenticated', uid: /^[0-9a-f-]{36}$/, claims: 'authenticated' } },
  { name: 'the secret key is service_role', get: '/rpc/who_am_i', as: 'service', json: { role: 'service_role', uid: null, claims: 'service_role' } },
  { name: 'the request knows its method', get: '/rpc/setting?name=request.method', json: 'GET' },
  { name: 'the request knows its method by POST', post: '/rpc/setting', body: { name: 'request.method' }, json: 'POST' },
  { name: 'the request knows its path', get: '/rpc/setting?name=request.path', json: /\/rpc\/setting$/ },
  { name: 'the request knows its headers in lower case', get: '/rpc/request_header?name=x-flavour', headers: { 'X-Flavour': 'mint' }, json: 'mint' },
  { name: 'the request does not show its credentials', get: '/rpc/request_header?name=apikey', json: null },
  { name: 'claims are JSON', get: '/rpc/setting?name=request.jwt.claims', as: 'ann', json: (claims) => JSON.parse(claims).role === 'authenticated' },
  { name: 'a role setting is the role', get: '/rpc/setting?name=role', as: 'ann', json: 'authenticated' },
  { name: 'the search path has the schema', get: '/rpc/setting?name=search_path', json: /public/ },
  { name: 'a transaction is read committed', get: '/rpc/setting?name=transaction_isolation', json: 'read committed' },
  { name: 'a function sets its own isolation', get: '/rpc/isolation', json: 'serializable' },
  { name: 'a read is read only', get: '/rpc/setting?name=transaction_read_only', json: 'on' },
  { name: 'a call of a stable function by POST is read only', post: '/rpc/setting', body: { name: 'transaction_read_only' }, json: 'on' },

  { name: 'SQL sets status and headers of a write', post: '/kettles', as: 'service', prefer: 'return=representation, tx=rollback', body: { id: 1, wish: 'accepted' }, status: 202, json: [{ id: 1, wish: 'accepted' }], answer: { 'x-kettle': 'on', 'cache-control': 'no-store' } },
  { name: 'SQL sets status and headers of a call', get: '/rpc/teapot', status: 418, json: { message: 'short and stout' }, answer: { 'x-pot': 'short' } },
  { name: 'SQL sets a header several times', get: '/rpc/teapot', status: 418, answer: { 'set-cookie': ['a=1', 'b=2'] } },
  { name: 'what one request set is gone in the next', get: '/rpc/setting?name=response.status', json: (value) => value === null || value === '' },

  { name: 'a bulk insert is all or nothing', post: '/guests', as: 'service', body: [{ name: 'First', age: 1 }, { name: 'Second', age: -1 }], status: 400, error: { code: '23514' }, then: { get: '/guests?name=in.(First,Second)', json: [] } },
  { name: 'a bulk insert with a type error is all or nothing', post: '/guests', as: 'service', body: [{ name: 'First', age: 1 }, { name: 'Second', age: 'x' }], status: 400, error: { code: '22P02' }, then: { get: '/guests?name=in.(First,Second)', json: [] } },
  { name: 'an update is all or nothing', before: `insert into guests (name, age) values ('L1', 5), ('L2', 1)`, patch: '/guests?name=like.L*', as: 'service', body: { age: -1 }, status: 400, error: { code: '23514' }, then: { get: '/guests?select=age&name=like.L*&order=name', json: [{ age: 5 }, { age: 1 }] }, cleanup: `delete from guests where name like 'L%'` },
  { name: 'HEAD of a volatile function does not write', head: '/rpc/add_guest?name=Head', as: 'service', status: 405, text: '', then: { get: '/guests?name=eq.Head', json: [] } },
];
