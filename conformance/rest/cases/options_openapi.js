// OPTIONS, CORS and the OpenAPI description at the root.

const methods = (allow) => (typeof allow === 'string' ? allow.split(/\s*,\s*/).sort().join() : '');
const allows = (...names) => (allow) => methods(allow) === [...names].sort().join();
const origin = 'https://app.example.com';

export default [
  { name: 'a table allows everything', options: '/films', answer: { allow: allows('OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE') }, text: '' },
  { name: 'a table without a key allows no PUT', options: '/unkeyed', answer: { allow: allows('OPTIONS', 'GET', 'HEAD', 'POST', 'PATCH', 'DELETE') }, text: '' },
  { name: 'a view that PostgreSQL can update allows writes', options: '/film_list', answer: { allow: (allow) => ['POST', 'PATCH', 'DELETE', 'GET', 'HEAD', 'OPTIONS'].every((name) => methods(allow).split(',').includes(name)) }, text: '' },
  { name: 'a view that PostgreSQL cannot update allows reading alone', options: '/all_names', answer: { allow: allows('OPTIONS', 'GET', 'HEAD') }, text: '' },
  { name: 'a view with a trigger allows what the trigger does', options: '/guest_book', answer: { allow: allows('OPTIONS', 'GET', 'HEAD', 'POST') }, text: '' },
  { name: 'a materialised view allows reading alone', options: '/film_years', answer: { allow: allows('OPTIONS', 'GET', 'HEAD') }, text: '' },
  { name: 'a function that writes allows POST', options: '/rpc/add_guest', answer: { allow: allows('OPTIONS', 'POST') }, text: '' },
  { name: 'a function that reads allows GET too', options: '/rpc/add_up', answer: { allow: allows('OPTIONS', 'GET', 'HEAD', 'POST') }, text: '' },
  { name: 'a table that there is not allows nothing', options: '/nowhere', status: 404 },

  { name: 'a preflight is answered to another origin', options: '/films', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,authorization,apikey,prefer' }, status: (status) => [200, 204].includes(status), answer: { 'access-control-allow-origin': (value) => ['*', origin].includes(value), 'access-control-allow-methods': /POST/, 'access-control-allow-headers': (value) => value === '*' || /apikey/i.test(value) } },
  { name: 'an answer may be read by another origin', get: '/studios?select=id&id=eq.1', headers: { origin }, json: [{ id: 1 }], answer: { 'access-control-allow-origin': (value) => ['*', origin].includes(value), 'access-control-expose-headers': (value) => value === '*' || /content-range/i.test(value) } },
  { name: 'an error may be read by another origin', get: '/nowhere', headers: { origin }, status: 404, answer: { 'access-control-allow-origin': (value) => ['*', origin].includes(value) } },

  { name: 'the root describes the schema', get: '/', as: 'service', part: { swagger: '2.0', info: { title: (title) => typeof title === 'string' } }, answer: { 'content-type': /^application\/openapi\+json/ } },
  { name: 'the root describes tables with their columns', get: '/', as: 'service', part: { definitions: { guests: { type: 'object', required: (names) => names.includes('id') && names.includes('name'), properties: { name: { type: 'string', format: 'text' }, vip: { type: 'boolean', default: false }, id: { type: 'integer', format: 'bigint' } } } } } },
  { name: 'the root marks keys', get: '/', as: 'service', part: { definitions: { films: { properties: { id: { description: /<pk\/>/ }, studio_id: { description: /<fk table='studios' column='id'\/>/ } } } } } },
  { name: 'the root lists the labels of an enum', get: '/', as: 'service', part: { definitions: { films: { properties: { mood: { enum: ['bright', 'tense', 'somber'] } } } } } },
  { name: 'the root shows comments', get: '/', as: 'service', part: { definitions: { studios: { description: /^Film studios/, properties: { city: { description: 'Where the gates are' } } } } } },
  { name: 'the root describes the methods of tables', get: '/', as: 'service', part: { paths: { '/films': (path) => ['get', 'post', 'patch', 'delete'].every((method) => path[method]) } } },
  { name: 'the first line of a comment is the summary', get: '/', as: 'service', part: { paths: { '/studios': { get: { summary: 'Film studios', description: 'Who paid for it.' } } } } },
  { name: 'the root describes functions', get: '/', as: 'service', part: { paths: { '/rpc/add_up': (path) => path.post !== undefined && path.get !== undefined, '/rpc/add_guest': (path) => path.post !== undefined } } },
  { name: 'the root tells an anonymous caller no more than they may', get: '/', json: (spec) => !('/staff_only' in spec.paths) && '/films' in spec.paths },
  { name: 'the root of another schema', get: '/', as: 'service', headers: { 'accept-profile': 'documents' }, part: { paths: { '/reels': (path) => path.get !== undefined } } },
  { name: 'HEAD of the root', head: '/', as: 'service', text: '' },
  { name: 'POST of the root is refused', post: '/', as: 'service', body: {}, status: (status) => [404, 405].includes(status) },
];
