// Aggregate functions: over all the rows, by groups, within and across embedded resources.

const get = (name, path, json, more = {}) => ({ name, get: path, json, ...more });
const any = (name, path, rows) => ({ name, get: path, rows });

export default [
  get('sum adds up all the rows', '/tickets?select=price.sum()', [{ sum: 67.4 }]),
  get('avg is the mean', '/tickets?select=price.avg()&screening_id=eq.1', [{ avg: 12.5 }]),
  get('max is the greatest', '/tickets?select=price.max()', [{ max: 15 }]),
  get('min is the least', '/tickets?select=sold.min()', [{ min: '2024-05-01' }]),
  get('count() counts rows', '/tickets?select=count()', [{ count: 6 }]),
  get('a column counts its values that are not null', '/tickets?select=seat.count()', [{ count: 5 }]),
  get('count without parentheses still counts', '/tickets?select=count', [{ count: 6 }]),
  get('several aggregates take names of their own', '/tickets?select=total:price.sum(),dearest:price.max(),n:count()', [{ total: 67.4, dearest: 15, n: 6 }]),
  get('aggregates go together with filters', '/tickets?select=price.sum()&sold=lt.2025-01-01', [{ sum: 35 }]),
  get('an aggregate of no row is null', '/tickets?select=price.sum(),count()&id=eq.0', [{ sum: null, count: 0 }]),
  any('a column beside an aggregate groups', '/tickets?select=screening_id,price.sum()', [
    { screening_id: 1, sum: 25 }, { screening_id: 2, sum: 10 }, { screening_id: 3, sum: 22.5 }, { screening_id: 4, sum: 9.9 },
  ]),
  get('groups are ordered by their column', '/films?select=year,count()&order=year.desc&year=gt.1970', [{ year: 2003, count: 1 }, { year: 1999, count: 1 }, { year: 1981, count: 2 }, { year: 1974, count: 1 }]),
  get('groups are limited', '/films?select=year,count()&order=year&limit=1', [{ year: 1968, count: 1 }]),
  any('two columns group by both', '/films?select=year,mood,count()&year=eq.1981', [{ year: 1981, mood: 'bright', count: 1 }, { year: 1981, mood: 'tense', count: 1 }]),
  any('count() and a column\'s count differ by nulls', '/films?select=year,count(),rated:rating.count()&year=eq.1981', [{ year: 1981, count: 2, rated: 1 }]),
  any('an alias of a group column', '/films?select=from:year,count()&year=eq.1981', [{ from: 1981, count: 2 }]),
  any('a JSON path groups', '/films?select=facts->>country,count()&id=in.(1,2,6)', [{ country: 'NO', count: 2 }, { country: 'CH', count: 1 }]),
  get('the column of an aggregate is cast before', '/screenings?select=extras->>fee::numeric.sum()', [{ sum: 4 }]),
  get('the aggregate is cast after', '/tickets?select=price.avg()::int', [{ avg: 11 }]),
  get('both are cast', '/screenings?select=extras->>fee::numeric.avg()::text', [{ avg: /^1\.333/ }]),
  get('count() is cast', '/tickets?select=count()::text', [{ count: '6' }]),

  any('an embedded one groups', '/screenings?select=count(),films(title)&film_id=in.(1,2)', [{ count: 2, films: { title: 'Winter Ferry' } }, { count: 1, films: { title: 'The Glass Orchard' } }]),
  get('aggregates work within an embedded resource', '/cinemas?select=name,screens(seats.sum())&id=eq.1', [{ name: 'Rex', screens: [{ sum: 280 }] }]),
  get('count() works within an embedded resource', '/studios?select=name,films(count())&order=id', [{ name: 'Northlight', films: [{ count: 1 }] }, { name: 'Harbour', films: [{ count: 2 }] }, { name: 'Paper Moon', films: [{ count: 2 }] }, { name: 'Empty Lot', films: [{ count: 0 }] }]),
  get('count without parentheses works within an embedded resource', '/studios?select=name,films(count)&id=eq.2', [{ name: 'Harbour', films: [{ count: 2 }] }]),
  get('groups work within an embedded resource', '/films?select=id,screenings(cinema_id,price.max())&id=eq.1&screenings.order=cinema_id', [{ id: 1, screenings: [{ cinema_id: 1, max: 12.5 }, { cinema_id: 2, max: 15 }] }]),
  get('aggregates of an embedded resource mind its filters', '/cinemas?select=id,screens(count())&screens.seats=gt.100&id=eq.1', [{ id: 1, screens: [{ count: 1 }] }]),
  any('the columns of a spread group', '/screenings?select=price.sum(),...films(title)&film_id=not.is.null', [{ sum: 27.5, title: 'Winter Ferry' }, { sum: 10, title: 'The Glass Orchard' }, { sum: 9.9, title: 'Mango Season' }]),
  any('aggregates of a spread belong to the rows above', '/screenings?select=cinema_id,...films(minutes.max(),shortest:minutes.min())&cinema_id=not.is.null', [{ cinema_id: 1, max: 121, shortest: 87 }, { cinema_id: 2, max: 98, shortest: 98 }]),
  get('a spread with nothing but an aggregate', '/screenings?select=...films(minutes.sum())&film_id=not.is.null', [{ sum: 404 }]),
  any('a nested spread groups', '/tickets?select=price.sum(),...screenings(...films(title))', [{ sum: 47.5, title: 'Winter Ferry' }, { sum: 10, title: 'The Glass Orchard' }, { sum: 9.9, title: 'Mango Season' }]),
  get('aggregates work on functions that return tables', '/rpc/now_playing?select=count(),minutes.max()', [{ count: 4, max: 143 }]),
  { name: 'aggregates come as CSV', get: '/films?select=year,count()&order=year&limit=1', accept: 'text/csv', text: 'year,count\n1968,1' },
  { name: 'an aggregate of a spread of many is refused', get: '/studios?select=name,...films(year.max())', status: 400, error: { code: 'PGRST127', message: 'Feature not implemented', details: 'Aggregates are not implemented for one-to-many or many-to-many spreads.' } },
  { name: 'an aggregate that there is not is refused', get: '/tickets?select=price.median()', status: 400, error: { code: 'PGRST100' } },
  { name: 'a sum of texts is refused by PostgreSQL', get: '/films?select=title.sum()', status: 404, error: { code: '42883', message: 'function sum(text) does not exist' } },
];
