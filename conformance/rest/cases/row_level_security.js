// Who sees and changes what, on every path: a matrix of anon, two users and the service, with what must stay unseen.
// diary holds two rows of ann's (1, 2) and one of bob's (3); vault has no policy; notices shows what is no draft.

const back = 'return=representation, tx=rollback';
const everyone = ['anon', 'ann', 'bob', 'service'];
const mine = { anon: [], ann: [1, 2], bob: [3], service: [1, 2, 3] };
const rows = (ids) => ids.map((id) => ({ id }));
const others = { ann: 3, bob: 1 };
const forEach = (make) => everyone.flatMap(make);
const all = { as: 'service', get: '/diary?select=id,note&order=id', json: [{ id: 1, note: 'of ann' }, { id: 2, note: 'of ann too' }, { id: 3, note: 'of bob' }] };

export default [
  // Reads
  ...forEach((as) => [
    { name: `${as} reads their own rows`, as, get: '/diary?select=id&order=id', json: rows(mine[as]) },
    { name: `${as} counts their own rows exactly`, as, head: '/diary', prefer: 'count=exact', text: '', answer: { 'content-range': new RegExp(`/${mine[as].length}$`) } },
    { name: `${as} counts their own rows by an aggregate`, as, get: '/diary?select=count()', json: [{ count: mine[as].length }] },
    { name: `${as} finds no row of others by any filter`, as, get: '/diary?select=id&or=(id.gt.0,note.like.*)&order=id', json: rows(mine[as]) },
    { name: `${as} sees their own rows as CSV`, as, get: '/diary?select=id&order=id', accept: 'text/csv', text: (text) => text.trim().split('\n').filter((line) => /^\d+$/.test(line)).join() === mine[as].join() },
    { name: `${as} sees their own rows embedded`, as, get: '/films?select=id,diary(id)&diary=not.is.null&order=id&diary.order=id', json: [1, 2].map((film) => ({ id: film, diary: rows(mine[as].filter((id) => (film === 2 ? id === 2 : id !== 2))) })).filter(({ diary }) => diary.length > 0) },
    { name: `${as} gets the films of their own rows by an inner join`, as, get: '/films?select=id,diary!inner()&order=id', json: rows([...new Set(mine[as].map((id) => (id === 2 ? 2 : 1)))].sort()) },
    { name: `${as} counts embedded rows of their own`, as, get: '/films?select=id,diary(count())&id=eq.1', json: [{ id: 1, diary: [{ count: mine[as].filter((id) => id !== 2).length }] }] },
    { name: `${as} spreads rows of their own`, as, get: '/diary?select=id,...films(title)&film_id=eq.2', json: mine[as].includes(2) ? [{ id: 2, title: 'The Glass Orchard' }] : [] },
    { name: `${as} reads through a view what the view's owner lets them`, as, get: '/film_list?select=id&id=eq.1', json: [{ id: 1 }] },
    { name: `${as} reads their own rows through a view of the caller`, as, get: '/own_diary?select=id&order=id', json: rows(mine[as]) },
    { name: `${as} reads their own rows by a function`, as, get: '/rpc/diary_rows?select=id&order=id', json: rows(mine[as]) },
    { name: `${as} reads their own rows by a function called by POST`, as, post: '/rpc/diary_rows?select=id,films(title)&order=id', body: {}, json: (got) => got.map(({ id }) => id).join() === mine[as].join() },
    { name: `${as} counts their own rows by a function`, as, get: '/rpc/diary_count', json: mine[as].length },
    { name: `${as} changes their own rows by a function`, as, post: '/rpc/diary_change?select=id', prefer: 'tx=rollback', body: { note: 'changed' }, rows: rows(mine[as]), then: all },
    { name: `${as} sees their own rows without nulls`, as, get: '/diary?select=id&order=id', accept: 'application/vnd.pgrst.array+json;nulls=stripped', json: rows(mine[as]) },
    { name: `${as} sees their own rows by Range`, as, get: '/diary?select=id&order=id', headers: { range: '0-99' }, json: rows(mine[as]) },
    { name: `${as} sees no plan of rows of others`, as, get: '/diary?select=id', accept: 'application/vnd.pgrst.plan+json; options=analyze', json: (plan) => !/of (ann|bob)/.test(JSON.stringify(plan)) },
    { name: `${as} reads notices`, as, get: '/notices?select=id&order=id', json: rows(as === 'service' ? [1, 2] : [1]) },
    { name: `${as} reads a table without a policy`, as, get: '/vault?select=id', json: rows(as === 'service' ? [1] : []) },
    { name: `${as} embeds a table without a policy`, as, get: '/films?select=id,vault(secret)&id=eq.1', json: [{ id: 1, vault: as === 'service' ? [{ secret: 'gold' }] : [] }] },
  ]),

  // Inserts
  { name: 'anon inserts no row', as: 'anon', post: '/diary', body: { note: 'x' }, status: 401, error: { code: (code) => ['42501', '23502'].includes(code) }, then: all },
  { name: 'ann inserts a row of her own', as: 'ann', post: '/diary?select=note', prefer: back, body: { note: 'new' }, status: 201, json: [{ note: 'new' }], then: all },
  { name: 'ann inserts no row of somebody else', as: 'ann', post: '/diary', body: { owner: '00000000-0000-4000-8000-000000000009', note: 'forged' }, status: 403, error: { code: '42501', message: 'new row violates row-level security policy for table "diary"' }, then: all },
  { name: 'a bulk insert with one row of somebody else inserts none', as: 'ann', post: '/diary?columns=owner,note', prefer: 'missing=default', body: [{ note: 'mine' }, { owner: '00000000-0000-4000-8000-000000000009', note: 'forged' }], status: 403, error: { code: '42501' }, then: all },
  { name: 'service inserts for anybody', as: 'service', post: '/diary?select=note', prefer: back, body: { owner: '00000000-0000-4000-8000-000000000009', note: 'given' }, status: 201, json: [{ note: 'given' }], then: all },
  { name: 'ann inserts into no table without a policy', as: 'ann', post: '/vault', body: { id: 2, secret: 'x' }, status: 403, error: { code: '42501' } },
  { name: 'anon inserts no notice', as: 'anon', post: '/notices', body: { id: 9, body: 'x' }, status: 401, error: { code: '42501' } },
  { name: 'an upsert does not reach the row of somebody else', as: 'bob', post: '/diary', prefer: 'resolution=merge-duplicates', body: { id: 1, note: 'taken over' }, status: 403, error: { code: '42501' }, then: all },
  { name: 'an upsert that ignores duplicates does not show the row of somebody else', as: 'bob', post: '/diary?select=id,note', prefer: 'resolution=ignore-duplicates, return=representation', body: { id: 1, note: 'guess' }, status: (status) => [200, 201, 403].includes(status), text: (text) => !/ann/.test(text), then: all },
  { name: 'an insert of a key that somebody else has does not show their row', as: 'bob', post: '/diary', prefer: 'return=representation', body: { id: 1, note: 'guess' }, status: 409, text: (text) => !/of ann/.test(text), then: all },
  { name: 'a PUT does not reach the row of somebody else', as: 'bob', put: '/diary?id=eq.1', body: { id: 1, owner: '00000000-0000-4000-8000-000000000009', film_id: null, note: 'taken over' }, status: 403, error: { code: '42501' }, then: all },

  // Updates and deletes
  ...['ann', 'bob'].flatMap((as) => [
    { name: `${as} updates their own rows and no others`, as, patch: '/diary?id=gt.0&select=id', prefer: back, body: { note: 'changed' }, rows: rows(mine[as]), then: all },
    { name: `${as} updates no row of somebody else by its key`, as, patch: `/diary?id=eq.${others[as]}`, prefer: 'return=representation', body: { note: 'changed' }, json: [], then: all },
    { name: `${as} gives no row away`, as, patch: `/diary?id=eq.${mine[as][0]}`, body: { owner: '00000000-0000-4000-8000-000000000009' }, status: 403, error: { code: '42501' }, then: all },
    { name: `${as} deletes their own rows and no others`, as, delete: '/diary?id=gt.0&select=id', prefer: back, rows: rows(mine[as]), then: all },
    { name: `${as} deletes no row of somebody else by its key`, as, delete: `/diary?id=eq.${others[as]}`, status: 204, then: all },
  ]),
  { name: 'anon updates nothing', as: 'anon', patch: '/diary?id=gt.0', prefer: 'return=representation', body: { note: 'x' }, json: [], then: all },
  { name: 'anon deletes nothing', as: 'anon', delete: '/diary?id=gt.0', prefer: 'return=representation', json: [], then: all },
  { name: 'service updates all', as: 'service', patch: '/diary?id=gt.0&select=id', prefer: back, body: { note: 'x' }, rows: rows([1, 2, 3]), then: all },
  { name: 'a count of an update counts one\'s own', as: 'bob', patch: '/diary?id=gt.0', prefer: 'count=exact, tx=rollback', body: { note: 'x' }, status: 204, answer: { 'content-range': '0-0/1' } },
  { name: 'one object of many is one\'s own', as: 'bob', get: '/diary?select=id', accept: 'application/vnd.pgrst.object+json', json: { id: 3 } },
  { name: 'a write that answers embeds shows one\'s own', as: 'ann', patch: '/diary?id=eq.1&select=id,films(id,diary(id))', prefer: back, body: { note: 'x' }, json: [{ id: 1, films: { id: 1, diary: [{ id: 1 }] } }] },

  // Privileges
  { name: 'a table without a grant is refused to a stranger', as: 'anon', get: '/staff_only', status: 401, error: { code: '42501', message: 'permission denied for table staff_only' } },
  { name: 'a table without a grant is forbidden to a user', as: 'ann', get: '/staff_only', status: 403, error: { code: '42501' } },
  { name: 'a table without a grant is open to the service', as: 'service', get: '/staff_only', json: [{ id: 1, name: 'Zoe' }] },
  { name: 'a table without a grant is not written', as: 'ann', post: '/staff_only', body: { id: 2, name: 'x' }, status: 403, error: { code: '42501' } },
  { name: 'a column without a grant is refused', as: 'ann', get: '/payroll?select=amount', status: 403, error: { code: '42501' } },
  { name: 'a column with a grant is read', as: 'ann', get: '/payroll?select=note', json: [{ note: 'monthly' }] },
  { name: 'a column without a grant does not filter', as: 'ann', get: '/payroll?select=note&amount=gt.1', status: 403, error: { code: '42501' } },
  { name: 'a column without a grant does not order', as: 'ann', get: '/payroll?select=note&order=amount', status: 403, error: { code: '42501' } },
  { name: 'a column without a grant is not in the star', as: 'ann', get: '/payroll', status: 403, error: { code: '42501' } },
  { name: 'a column without a grant is not embedded', as: 'ann', get: '/people?select=id,payroll(amount)&id=eq.1', status: 403, error: { code: '42501' } },
  { name: 'a table without a grant is not embedded', as: 'anon', get: '/people?select=id,payroll(note)&id=eq.1', status: 401, error: { code: '42501' } },
  { name: 'secrets of users are out of reach', as: 'service', get: '/users', headers: { 'accept-profile': 'auth' }, status: 406, error: { code: 'PGRST106' } },

  // Climbing
  { name: 'a function does not become somebody else', as: 'ann', post: '/rpc/become', body: { name: 'service_role' }, status: (status) => status >= 400, error: { code: /./ }, then: { get: '/rpc/who_am_i', json: (me) => me.role === 'authenticated' } },
  { name: 'a header does not become a claim', as: 'anon', get: '/rpc/who_am_i', headers: { 'x-role': 'service_role', role: 'service_role' }, json: { role: 'anon', uid: null, claims: 'anon' } },
  { name: 'claims that a function sets do not outlive its request', as: 'anon', post: '/rpc/pretend', body: { claims: '{"role":"service_role","sub":"00000000-0000-4000-8000-000000000009"}' }, status: (status) => [200, 204].includes(status), then: [{ get: '/rpc/who_am_i', json: { role: 'anon', uid: null, claims: 'anon' } }, { as: 'bob', get: '/diary?select=id', json: [{ id: 3 }] }] },
];
