// Schemas: chosen by profile.

export default [
  { name: 'the first schema is meant without a profile', get: '/studios?select=id&id=eq.1', json: [{ id: 1 }] },
  { name: 'Accept-Profile chooses a schema for GET', get: '/reels?select=title&id=eq.1', headers: { 'accept-profile': 'documents' }, json: [{ title: 'One' }], answer: { 'content-profile': 'documents' } },
  { name: 'Accept-Profile chooses a schema for HEAD', head: '/reels', headers: { 'accept-profile': 'documents' }, text: '' },
  { name: 'Accept-Profile of the first schema', get: '/studios?select=id&id=eq.1', headers: { 'accept-profile': 'public' }, json: [{ id: 1 }], answer: { 'content-profile': 'public' } },
  { name: 'a table of another schema is not found without its profile', get: '/reels', status: 404, error: { code: 'PGRST205' } },
  { name: 'a table of the first schema is not found in another', get: '/studios', headers: { 'accept-profile': 'documents' }, status: 404, error: { code: 'PGRST205', message: "Could not find the table 'documents.studios' in the schema cache" } },
  { name: 'Content-Profile chooses a schema for POST', post: '/reels', as: 'service', headers: { 'content-profile': 'documents' }, prefer: 'return=representation, tx=rollback', body: { id: 9, title: 'Nine' }, status: 201, json: [{ id: 9, title: 'Nine' }], answer: { 'content-profile': 'documents' } },
  { name: 'Content-Profile chooses a schema for PATCH', patch: '/reels?id=eq.1', as: 'service', headers: { 'content-profile': 'documents' }, prefer: 'return=representation, tx=rollback', body: { title: 'Uno' }, json: [{ id: 1, title: 'Uno' }] },
  { name: 'Content-Profile chooses a schema for PUT', put: '/reels?id=eq.1', as: 'service', headers: { 'content-profile': 'documents' }, prefer: 'return=representation, tx=rollback', body: { id: 1, title: 'Uno' }, json: [{ id: 1, title: 'Uno' }] },
  { name: 'Content-Profile chooses a schema for DELETE', delete: '/reels?id=eq.1', as: 'service', headers: { 'content-profile': 'documents' }, prefer: 'return=representation, tx=rollback', json: [{ id: 1, title: 'One' }] },
  { name: 'Accept-Profile does not choose the schema of a write', post: '/reels', as: 'service', headers: { 'accept-profile': 'documents' }, body: { id: 9, title: 'x' }, status: 404, error: { code: 'PGRST205', message: "Could not find the table 'public.reels' in the schema cache" } },
  { name: 'Accept-Profile chooses a schema for a call by GET', get: '/rpc/reel_count', headers: { 'accept-profile': 'documents' }, json: 2 },
  { name: 'Content-Profile chooses a schema for a call by POST', post: '/rpc/reel_count', headers: { 'content-profile': 'documents' }, body: {}, json: 2 },
  { name: 'the search path has the schema that was chosen', get: '/rpc/unqualified_count', headers: { 'accept-profile': 'documents' }, json: 2 },
  { name: 'a schema that is not exposed is refused', get: '/users', headers: { 'accept-profile': 'auth' }, status: 406, error: { code: 'PGRST106', message: /^(Invalid schema: auth|The schema must be one of the following: )/, details: null } },
  { name: 'a schema that is not exposed is refused for writes', post: '/users', as: 'service', headers: { 'content-profile': 'auth' }, body: { id: 1 }, status: 406, error: { code: 'PGRST106' } },
  { name: 'a schema that is not exposed is refused for calls', get: '/rpc/uid', headers: { 'accept-profile': 'auth' }, status: 406, error: { code: 'PGRST106' } },
  { name: 'the catalogue is not exposed', get: '/pg_tables', as: 'service', headers: { 'accept-profile': 'pg_catalog' }, status: 406, error: { code: 'PGRST106' } },
  { name: 'a profile that tries to break out is refused', get: '/studios', headers: { 'accept-profile': 'public"; drop table films; --' }, status: 406, error: { code: 'PGRST106' } },
];
