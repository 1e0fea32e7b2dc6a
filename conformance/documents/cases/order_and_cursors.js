// Order, pages and cursors.

import { films, reviews, scratch } from '../lib/names.js';

const order = (name, query, expected) => ({ name, as: 'anon', get: `/${films}?${query}`, part: { documents: (found) => found.map(({ id }) => id).join() === expected } });
const next = (query, expected, then) => ({ json }) => ({ as: 'anon', get: `/${films}?${query}&cursor=${json.cursor}`, part: { documents: (found) => found.map(({ id }) => id).join() === expected }, then });
const last = { as: 'anon', get: `/${films}?limit=0`, part: { documents: [] } };
const mixed = (id, v) => ({ op: 'set', path: `${scratch}/o/${scratch}/${id}`, data: v === undefined ? {} : { v } });

export default [
  order('order sorts numbers', 'order=minutes', 'alien,emma,brazil,contact,dune'),
  order('order sorts downwards', 'order=minutes.desc', 'dune,contact,brazil,emma,alien'),
  order('order sorts by a path; what is missing comes last', 'order=director.born', 'alien,brazil,contact,dune,emma'),
  order('downwards what is missing comes first', 'order=director.born.desc', 'dune,emma,contact,brazil,alien'),
  order('nullslast puts it last', 'order=director.born.desc.nullslast', 'contact,brazil,alien,dune,emma'),
  order('nullsfirst puts it first', 'order=director.born.nullsfirst', 'dune,emma,alien,brazil,contact'),
  order('strings come before numbers', 'order=year', 'emma,alien,brazil,contact,dune'),
  order('several terms', 'order=seen,title.desc', 'contact,brazil,alien,emma,dune'),
  order('$id downwards', 'order=$id.desc', 'emma,dune,contact,brazil,alien'),
  order('equal values are sorted by id', 'order=nothing', 'alien,brazil,contact,dune,emma'),
  { name: 'null, strings, numbers, booleans, arrays, objects, and what is missing', at: '/documents/v1:commit', post: '', body: { writes: [mixed('a', {}), mixed('b', [0]), mixed('c', true), mixed('d', 7), mixed('e', 'x'), mixed('f', null), mixed('g')] },
    then: { at: '/documents/v1', get: `/${scratch}/o/${scratch}?order=v`, part: { documents: (found) => found.map(({ id }) => id).join('') === 'fedcbag' },
      then: { at: '/documents/v1', get: `/${scratch}/o/${scratch}?order=v.desc`, part: { documents: (found) => found.map(({ id }) => id).join('') === 'gabcdef' } } } },
  { name: 'limit is the size of a page', as: 'anon', get: `/${films}?limit=2`, part: { documents: (found) => found.length === 2, cursor: /^[\w-]+$/ } },
  { name: 'limit=0 is a page of nothing', ...last },
  { name: 'the last page has no cursor', as: 'anon', get: `/${films}?limit=5`, json: (body) => body.documents.length === 5 && !('cursor' in body) },
  { name: 'a cursor leads to the next page', as: 'anon', get: `/${films}?limit=2`, then: next('limit=2', 'contact,dune', next('limit=2', 'emma')) },
  { name: 'a cursor keeps its order', as: 'anon', get: `/${films}?order=minutes.desc&limit=2`, then: next('order=minutes.desc&limit=2', 'brazil,emma', next('order=minutes.desc&limit=2', 'alien')) },
  { name: 'a cursor passes over what is missing', as: 'anon', get: `/${films}?order=director.born&limit=3`, then: next('order=director.born&limit=3', 'dune,emma') },
  { name: 'a cursor comes from what is missing', as: 'anon', get: `/${films}?order=director.born.desc&limit=1`, then: next('order=director.born.desc&limit=1', 'emma', next('order=director.born.desc&limit=3', 'contact,brazil,alien')) },
  { name: 'a page may be of another size than the one before', as: 'anon', get: `/${films}?limit=1`, then: next('limit=4', 'brazil,contact,dune,emma') },
  { name: 'a page may show other fields than the one before', as: 'anon', get: `/${films}?limit=4`, then: next('limit=4&select=title', 'emma') },
  { name: 'a cursor goes on through a group', as: 'anon', get: `/${reviews}?group=true&limit=2`, then: ({ json }) => ({ as: 'anon', get: `/${reviews}?group=true&cursor=${json.cursor}`, part: { documents: ([one, ...others]) => one.id === 'r3' && others.length === 0 } }) },
  { name: 'a cursor is stable while documents are written before it', at: '/documents/v1:commit', post: '', body: { writes: ['b', 'd', 'f'].map((id) => ({ op: 'set', path: `${scratch}/c/${scratch}/${id}`, data: {} })) },
    then: { at: '/documents/v1', get: `/${scratch}/c/${scratch}?limit=2`, then: ({ json }) => ({ at: '/documents/v1', put: `/${scratch}/c/${scratch}/a`, body: {}, status: 201, then: { at: '/documents/v1', delete: `/${scratch}/c/${scratch}/d`, status: 204, then: { at: '/documents/v1', get: `/${scratch}/c/${scratch}?limit=2&cursor=${json.cursor}`, part: { documents: ([one, ...others]) => one.id === 'f' && others.length === 0 } } } }) } },
  { name: 'a cursor of another order is refused', as: 'anon', get: `/${films}?limit=1`, then: ({ json }) => ({ as: 'anon', get: `/${films}?limit=1&order=title&cursor=${json.cursor}`, status: 400, part: { code: 'invalid_cursor' } }) },
  { name: 'a cursor of another filter is refused', as: 'anon', get: `/${films}?limit=1`, then: ({ json }) => ({ as: 'anon', get: `/${films}?limit=1&year=gt.1&cursor=${json.cursor}`, status: 400, part: { code: 'invalid_cursor' } }) },
  { name: 'a cursor of another collection is refused', as: 'anon', get: `/${films}?limit=1`, then: ({ json }) => ({ as: 'anon', get: `/${reviews}?limit=1&cursor=${json.cursor}`, status: 400, part: { code: 'invalid_cursor' } }) },
  { name: 'a cursor that is changed is refused', as: 'anon', get: `/${films}?limit=1`, then: ({ json }) => ({ as: 'anon', get: `/${films}?limit=1&cursor=${json.cursor.slice(0, -6)}`, status: 400, part: { code: 'invalid_cursor' } }) },
  ...['x', '%00', 'AAAA', "' or 1=1", '{}'].map((cursor) => ({ name: `a cursor that is made up (${cursor}) is refused`, as: 'anon', get: `/${films}?cursor=${cursor}`, status: 400, part: { code: (code) => code === 'invalid_cursor' || code === 'invalid_query' } })),
];
