// ":aggregate" and ":batchGet".

import { films, notes, reviews } from '../lib/names.js';

const groups = (name, query, body, expected) => ({ name, as: 'anon', post: `/${films}:aggregate${query}`, body, json: { groups: expected } });
const refused = (name, body, query = '') => ({ name, as: 'anon', post: `/${films}:aggregate${query}`, body, status: (status) => status === 400 || status === 422, part: { code: (code) => code === 'invalid_documents_request' || code === 'invalid_query' } });
const get = { at: '/documents/v1:batchGet', post: '' };

export default [
  groups('count', '', { count: true }, [{ count: 5 }]),
  groups('count of what matches', '?year=gt.1980', { count: true }, [{ count: 3 }]),
  groups('sum and avg', '', { sum: ['minutes'], avg: ['minutes'] }, [{ sum: { minutes: 688 }, avg: { minutes: 137.6 } }]),
  groups('sums and averages leave out what is no number', '', { sum: ['year', 'title'], avg: ['year', 'title'] }, [{ sum: { year: 7982, title: 0 }, avg: { year: 1995.5, title: null } }]),
  groups('min and max', '', { min: ['minutes', 'title'], max: ['minutes', 'title'] }, [{ min: { minutes: 117, title: 'Alien' }, max: { minutes: 155, title: 'Emma' } }]),
  groups('paths have dots', '', { max: ['director.born'] }, [{ max: { 'director.born': 1951 } }]),
  groups('groupBy', '', { groupBy: ['seen'], count: true }, [{ key: { seen: false }, count: 1 }, { key: { seen: true }, count: 1 }, { key: { seen: null }, count: 3 }]),
  groups('groupBy of a path with what its groups have', '?seen=is.not_null', { groupBy: ['director.name'], sum: ['minutes'] }, [{ key: { 'director.name': 'Gilliam' }, sum: { minutes: 142 } }, { key: { 'director.name': 'Scott' }, sum: { minutes: 117 } }]),
  groups('nothing matches: one group of nothing', '?title=eq.Nothing', { count: true, sum: ['minutes'], avg: ['minutes'], min: ['minutes'] }, [{ count: 0, sum: { minutes: 0 }, avg: { minutes: null }, min: { minutes: null } }]),
  { name: 'a group of collections', as: 'anon', post: `/${reviews}:aggregate?group=true`, body: { avg: ['stars'], groupBy: ['by'] }, json: { groups: (all) => all.length === 2 && all.some(({ key, avg }) => key.by === 'ann' && avg.stars === 4.5) } },
  { name: 'a subcollection', as: 'anon', post: `/${films}/alien/${reviews}:aggregate`, body: { count: true }, json: { groups: [{ count: 2 }] } },
  { name: 'what policies hide is not counted', as: 'anon', post: `/${notes}:aggregate`, body: { count: true, sum: ['n'], max: ['n'] }, json: { groups: [{ count: 1, sum: { n: 2 }, max: { n: 2 } }] } },
  { name: 'what policies hide is not grouped', as: 'ann', post: `/${notes}:aggregate`, body: { groupBy: ['text'], count: true }, json: { groups: (all) => all.length === 2 && all.every(({ key }) => /ann/.test(key.text)) } },
  refused('nothing asked for is refused', {}),
  refused('a member that there is not is refused', { count: true, median: ['minutes'] }),
  refused('count is true or false', { count: 1 }),
  refused('paths are an array', { sum: 'minutes' }),
  refused('paths are texts', { sum: [1] }),
  refused('no paths are refused', { sum: [] }),
  refused('more than 20 paths are refused', { sum: Array.from({ length: 21 }, (_, i) => `f${i}`) }),
  refused('a path that is none is refused', { sum: ['a..b'] }),
  refused('an unknown $ field is refused', { max: ['$nope'] }),
  refused('a filter that is none is refused', { count: true }, '?x=foo.1'),
  { name: 'an aggregate that is no JSON is refused', as: 'anon', post: `/${films}:aggregate`, type: 'application/json', body: '{', status: (status) => status === 400 || status === 422 },
  { name: 'an aggregate of a document is 404', as: 'anon', post: `/${films}/alien:aggregate`, body: { count: true }, status: 404 },

  { name: 'batchGet answers in the order asked, and what is missing', as: 'anon', ...get, body: { paths: [`${films}/dune`, `${films}/nothing`, `${films}/alien`, `${films}/alien/${reviews}/r1`] }, part: { documents: (all) => all.map(({ id }) => id).join() === 'dune,alien,r1', missing: [`${films}/nothing`] } },
  { name: 'what policies hide is missing', as: 'bob', ...get, body: { paths: [`${notes}/ann-private`, `${notes}/ann-public`, `${notes}/bob-private`] }, part: { documents: (all) => all.map(({ id }) => id).join() === 'ann-public,bob-private', missing: [`${notes}/ann-private`] } },
  { name: 'a path of an unknown collection is 404', as: 'anon', ...get, body: { paths: ['no_such_collection/x'] }, status: 404, part: { code: 'unknown_collection' } },
  { name: 'a path of a collection is refused', as: 'anon', ...get, body: { paths: [films] }, status: 422 },
  { name: 'paths of batchGet are texts', as: 'anon', ...get, body: { paths: [1] }, status: 422 },
  { name: 'paths of batchGet are an array', as: 'anon', ...get, body: { paths: 'x/y' }, status: 422 },
  { name: 'at most 1,000 paths are asked for', as: 'anon', ...get, body: { paths: Array.from({ length: 1001 }, (_, i) => `${films}/${i}`) }, status: 422 },
];
