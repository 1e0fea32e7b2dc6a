// Vertical filtering: columns, aliases, casts, JSON paths, computed fields, domain representations.

const film = (name, select, json, more = '') => ({ name, get: `/films?select=${select}&id=eq.1${more}`, json: [json] });

export default [
  film('select names the columns wanted', 'title,year', { title: 'Winter Ferry', year: 1968 }),
  film('a column is renamed by an alias', 'name:title,from:year', { name: 'Winter Ferry', from: 1968 }),
  film('a column is cast', 'year::text,rating::int', { year: '1968', rating: 8 }),
  film('a column is cast and renamed', 'y:year::text', { y: '1968' }),
  film('a cast to a type with a precision keeps its digits', 'budget', { budget: 120000.5 }),
  film('blanks after commas are allowed', 'id, title', { id: 1, title: 'Winter Ferry' }),
  film('an alias may be quoted', '"the name":title', { 'the name': 'Winter Ferry' }),
  film('a star stands for all the columns', '*,again:id', {
    id: 1, title: 'Winter Ferry', year: 1968, rating: 7.9, minutes: 98, studio_id: 2, director_id: 1, writer_id: 2, sequel_of: null,
    genres: ['drama', 'sea'], mood: 'somber', released: '1968-03-01', budget: 120000.5, restored: true, audience: '[12,99)',
    on_show: '[1968-03-01,1968-06-01)',
    facts: { reel: { stock: '35mm' }, shots: 412, awards: [{ name: 'Golden Reel', year: 1969 }], country: 'NO' },
    synopsis: 'A ferry captain crosses the frozen fjord for the last time.',
    words: /'captain':/, again: 1,
  }),
  { name: 'without select there are all the columns', get: '/studios?id=eq.2', json: [{ id: 2, name: 'Harbour', city: 'Oslo', founded: 1951, parent_id: 1 }] },
  { name: 'an empty select is all the columns', get: '/studios?select=&id=eq.2', json: [{ id: 2, name: 'Harbour', city: 'Oslo', founded: 1951, parent_id: 1 }] },
  { name: 'columns come in the order of select', get: '/films?select=year,id&id=eq.1', text: '[{"year":1968,"id":1}]' },
  { name: 'a column of the first select counts', get: '/films?select=id&id=eq.1&select=id', json: [{ id: 1 }] },

  film('-> takes a JSON value, named after its key', 'facts->reel', { reel: { stock: '35mm' } }),
  film('->> takes a JSON value as a text', 'facts->>shots', { shots: '412' }),
  film('a JSON path goes deeper', 'facts->reel->>stock', { stock: '35mm' }),
  film('a JSON path goes into an array', 'facts->awards->0->>name', { name: 'Golden Reel' }),
  film('a JSON path to an index is named after the key before it', 'facts->awards->0', { awards: { name: 'Golden Reel', year: 1969 } }),
  film('a JSON path takes an alias', 'won:facts->awards->0->year', { won: 1969 }),
  film('a JSON path takes a cast', 'facts->>shots::int', { shots: 412 }),
  film('a JSON path that leads nowhere is null', 'facts->nothing->>here', { here: null }),
  film('an array element is taken by its index', 'genres->0', { genres: 'drama' }),
  film('an array element takes an alias', 'first:genres->>0', { first: 'drama' }),
  { name: 'a composite field is taken by its name', get: '/cinemas?select=id,location->>lat,location->long&id=eq.1', json: [{ id: 1, lat: '46.94798', long: 7.44744 }] },

  film('a computed column is selected by name', 'title,label', { title: 'Winter Ferry', label: 'Winter Ferry (1968)' }),
  film('a computed column takes an alias and a cast', 'shown:label::varchar', { shown: 'Winter Ferry (1968)' }),
  { name: 'a computed column is not part of the star', get: '/people?select=*&id=eq.5', json: [{ id: 5, name: 'Edda Lind', born: null, died: null, country: 'NO', aliases: null, contact: { fans: 9 }, mentor_id: null }] },
  { name: 'a computed column filters', get: '/films?select=id&label=like.*(1981)', rows: [{ id: 3 }, { id: 4 }] },
  { name: 'a computed column filters by full-text search', get: '/films?select=id&label=fts.orchard', rows: [{ id: 2 }] },
  { name: 'a computed column orders', get: '/people?select=id&born=not.is.null&order=age_in_2000.desc', json: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] },
  { name: 'a computed column filters within or', get: '/people?select=id&or=(age_in_2000.gt.60,id.eq.5)', rows: [{ id: 1 }, { id: 5 }] },

  { name: 'a domain is shown by its cast to json', get: '/trailers?select=id,length&order=id', json: [{ id: 1, length: '1:35' }, { id: 2, length: '2:10' }, { id: 3, length: null }] },
  { name: 'a domain is shown by its cast to json in the star too', get: '/trailers?id=eq.1', json: [{ id: 1, film_id: 1, length: '1:35' }] },
  { name: 'a domain is filtered by its cast from text', get: '/trailers?select=id&length=eq.2:10', rows: [{ id: 2 }] },
  { name: 'a domain is filtered by its cast from text in a list', get: '/trailers?select=id&length=in.(2:10,1:35)', rows: [{ id: 1 }, { id: 2 }] },
  {
    name: 'a domain is inserted by its cast from json', post: '/trailers', as: 'service', prefer: 'return=representation,tx=rollback', body: { id: 9, length: '10:05' },
    status: 201, json: [{ id: 9, film_id: null, length: '10:05' }], then: { get: '/trailers?select=id&id=eq.9', rows: [] },
  },
  { name: 'a domain is updated by its cast from json', patch: '/trailers?id=eq.1&select=length', as: 'service', prefer: 'return=representation,tx=rollback', body: { length: '0:59' }, json: [{ length: '0:59' }] },
];
