// Resource embedding: every kind of relation, hints, joins, filters within and by embedded resources, spreads, errors.

const get = (name, path, json, more = {}) => ({ name, get: path, json, ...more });
const refused = (name, path, status, error) => ({ name, get: path, status, error });

const ada = 'Ada Quist';

export default [
  // Kinds of relations
  get('a foreign key embeds the one it points to as an object', '/films?select=title,studios(id,name)&id=eq.1', [{ title: 'Winter Ferry', studios: { id: 2, name: 'Harbour' } }]),
  get('a foreign key that is null embeds null', '/films?select=id,studios(name)&id=eq.5', [{ id: 5, studios: null }]),
  get('the other end of a foreign key embeds an array', '/studios?select=name,films(title)&id=eq.2&films.order=id', [{ name: 'Harbour', films: [{ title: 'Winter Ferry' }, { title: 'Ferry to Nowhere (Redux)' }] }]),
  get('nothing on the other end is an empty array', '/studios?select=name,films(title)&id=eq.4', [{ name: 'Empty Lot', films: [] }]),
  get('a join table embeds many from many', '/festivals?select=name,films(title)&id=eq.1&films.order=title', [{ name: 'Fjord Days', films: [{ title: 'The Glass Orchard' }, { title: 'Winter Ferry' }] }]),
  get('a join table embeds many from its other side', '/films?select=id,festivals(name,year)&id=eq.2&festivals.order=id', [{ id: 2, festivals: [{ name: 'Fjord Days', year: 1969 }, { name: 'Lakeside', year: 1975 }] }]),
  get('a foreign key that is the primary key is one to one', '/films?select=id,posters(artist)&id=in.(1,3)&order=id', [{ id: 1, posters: { artist: 'Ines' } }, { id: 3, posters: null }]),
  get('a foreign key that is unique is one to one', '/films?select=id,screenplays(pages)&id=in.(1,2)&order=id', [{ id: 1, screenplays: { pages: 120 } }, { id: 2, screenplays: null }]),
  get('one to one goes the other way too', '/posters?select=artist,films(title)&film_id=eq.2', [{ artist: 'Jon', films: { title: 'The Glass Orchard' } }]),
  get('a foreign key of two columns joins by both', '/screenings?select=id,screens(number,seats)&id=eq.2', [{ id: 2, screens: { number: 2, seats: 80 } }]),
  get('a foreign key of two columns joins the other way', '/screens?select=number,screenings(id)&cinema_id=eq.1&number=eq.1&screenings.order=id', [{ number: 1, screenings: [{ id: 1 }, { id: 4 }] }]),
  get('a partitioned table embeds what it points to', '/tickets?select=id,screenings(price)&id=eq.5', [{ id: 5, screenings: { price: 15 } }]),
  get('a partitioned table is embedded', '/screenings?select=id,tickets(seat)&id=eq.1&tickets.order=id', [{ id: 1, tickets: [{ seat: 'A1' }, { seat: 'A2' }] }]),

  // Names
  get('an embedded resource is renamed by an alias', '/films?select=title,studio:studios(name)&id=eq.3', [{ title: 'Mango Season', studio: { name: 'Paper Moon' } }]),
  get('an embedded resource is found by its column', '/films?select=id,studio_id(name)&id=eq.3', [{ id: 3, studio_id: { name: 'Paper Moon' } }]),
  get('an alias may name the column', '/films?select=id,studio:studio_id(name)&id=eq.3', [{ id: 3, studio: { name: 'Paper Moon' } }]),
  get('an embedded resource is found by its constraint', '/films?select=id,films_director_fkey(name)&id=eq.3', [{ id: 3, films_director_fkey: { name: 'Cleo Arndt' } }]),
  get('the same resource is embedded twice under two names', '/films?select=id,director:people!films_director_fkey(name),writer:people!films_writer_fkey(name)&id=eq.1', [{ id: 1, director: { name: ada }, writer: { name: 'Bruno Vell' } }]),
  get('a hint may be the column', '/films?select=id,people!writer_id(name)&id=eq.1', [{ id: 1, people: { name: 'Bruno Vell' } }]),
  get('a hint may be the join table', '/films?select=id,people!castings(name)&id=eq.1&people.order=name', [{ id: 1, people: [{ name: 'Bruno Vell' }, { name: 'Edda Lind' }] }]),
  get('a hint works from the other end', '/people?select=name,directed:films!films_director_fkey(title),written:films!films_writer_fkey(title)&id=eq.2', [{ name: 'Bruno Vell', directed: [{ title: 'The Glass Orchard' }], written: [{ title: 'Winter Ferry' }, { title: 'Ferry to Nowhere (Redux)' }] }]),
  get('a constraint with a name of its own hints', '/cinemas?select=name,out:shipments!shipped_from(label),in:shipments!shipped_to(label)&id=eq.1&out.order=id', [{ name: 'Rex', out: [{ label: 'reels' }, { label: 'lost' }], in: [{ label: 'posters' }] }]),
  get('a table embeds itself by its column, upwards', '/studios?select=name,parent:parent_id(name)&id=eq.2', [{ name: 'Harbour', parent: { name: 'Northlight' } }]),
  get('a table embeds itself by a hint, downwards', '/studios?select=name,children:studios!parent_id(name)&id=eq.1&children.order=name', [{ name: 'Northlight', children: [{ name: 'Harbour' }, { name: 'Paper Moon' }] }]),

  // Computed relationships
  get('a function that returns rows 1 embeds an object', '/films?select=id,original(title)&id=in.(1,6)&order=id', [{ id: 1, original: null }, { id: 6, original: { title: 'Winter Ferry' } }]),
  get('a function that returns many rows embeds an array', '/films?select=id,sequels(title)&id=in.(1,2)&order=id', [{ id: 1, sequels: [{ title: 'Ferry to Nowhere (Redux)' }] }, { id: 2, sequels: [] }]),
  get('recursion goes one way by a function', '/people?select=name,mentor(name)&id=eq.4', [{ name: 'Dov Hale', mentor: { name: 'Cleo Arndt' } }]),
  get('recursion goes the other way by a function', '/people?select=name,pupils(name)&id=eq.1&pupils.order=name', [{ name: ada, pupils: [{ name: 'Bruno Vell' }, { name: 'Cleo Arndt' }] }]),
  get('recursion nests', '/people?select=name,mentor(name,mentor(name,mentor(name)))&id=eq.4', [{ name: 'Dov Hale', mentor: { name: 'Cleo Arndt', mentor: { name: ada, mentor: null } } }]),
  get('a function relates a view without keys', '/all_names?select=name,films_named(title)&name=eq.Cleo Arndt&films_named.order=id', [{ name: 'Cleo Arndt', films_named: [{ title: 'Mango Season' }, { title: 'Ferry to Nowhere (Redux)' }] }]),
  get('a function stands in for a foreign key', '/jurors?select=name,festivals(name)&id=eq.2', [{ name: 'Lou', festivals: { name: 'LAKESIDE' } }]),
  get('a computed relationship takes filters', '/people?select=name,pupils(name)&id=eq.1&pupils.name=like.C*', [{ name: ada, pupils: [{ name: 'Cleo Arndt' }] }]),
  get('a computed relationship takes !inner', '/films?select=id,sequels!inner(id)', [{ id: 1, sequels: [{ id: 6 }] }]),
  get('a computed relationship embeds further', '/people?select=name,mentor(name,films!films_director_fkey(title))&id=eq.4&mentor.films.order=id', [{ name: 'Dov Hale', mentor: { name: 'Cleo Arndt', films: [{ title: 'Mango Season' }, { title: 'Ferry to Nowhere (Redux)' }] } }]),
  get('a computed column is selected in an embedded resource', '/studios?select=name,films(label)&id=eq.1', [{ name: 'Northlight', films: [{ label: 'The Glass Orchard (1974)' }] }]),

  // Views
  get('a view has the foreign keys of its table', '/film_list?select=title,studios(name)&id=eq.1', [{ title: 'Winter Ferry', studios: { name: 'Harbour' } }]),
  get('a view is embedded by the foreign keys of its table', '/studios?select=name,film_list(title)&id=eq.3&film_list.order=id', [{ name: 'Paper Moon', film_list: [{ title: 'Mango Season' }, { title: 'Night Tram' }] }]),
  get('a view of a view has them too', '/recent_films?select=title,studios(name)&id=eq.3', [{ title: 'Mango Season', studios: { name: 'Paper Moon' } }]),
  get('a view of several tables has the keys of each', '/film_credits?select=title,prize,studios(name),festivals!awards_festival_id_fkey(name)&film_id=eq.6', [{ title: 'Ferry to Nowhere (Redux)', prize: 'Audience', studios: { name: 'Harbour' }, festivals: { name: 'Lakeside' } }]),
  get('a materialised view has them too', '/film_years?select=title,studios(name)&id=eq.2', [{ title: 'The Glass Orchard', studios: { name: 'Northlight' } }]),
  get('a view embeds what points to its table', '/film_list?select=title,screenings(id)&id=eq.1&screenings.order=id', [{ title: 'Winter Ferry', screenings: [{ id: 1 }, { id: 3 }] }]),
  get('a view embeds through a join table', '/film_list?select=title,festivals(name)&id=eq.1', [{ title: 'Winter Ferry', festivals: [{ name: 'Fjord Days' }] }]),

  // Nesting
  get('embedding nests', '/cinemas?select=name,screens(number,screenings(id,films(title)))&id=eq.2', [{ name: 'Kino', screens: [{ number: 1, screenings: [{ id: 3, films: { title: 'Winter Ferry' } }] }] }]),
  get('the join table itself is embedded to reach its columns', '/films?select=title,castings(part,people(name))&id=eq.1&castings.order=billing', [{ title: 'Winter Ferry', castings: [{ part: 'Captain', people: { name: 'Bruno Vell' } }, { part: 'Cook', people: { name: 'Edda Lind' } }] }]),
  get('several resources are embedded side by side', '/films?select=id,studios(name),posters(artist),screenings(id)&id=eq.2', [{ id: 2, studios: { name: 'Northlight' }, posters: { artist: 'Jon' }, screenings: [{ id: 2 }] }]),
  get('a star embeds all the columns', '/films?select=id,posters(*)&id=eq.6', [{ id: 6, posters: { film_id: 6, artist: null, image: null, wide: false } }]),
  get('an embedded column is cast, renamed and reached by a path', '/screenings?select=id,film:films(y:year::text,facts->>country,first:genres->>0)&id=eq.1', [{ id: 1, film: { y: '1968', country: 'NO', first: 'drama' } }]),

  // Filters within
  get('a filter on an embedded resource leaves the rows above alone', '/studios?select=id,films(id)&films.year=eq.1981&films.mood=eq.tense&order=id', [{ id: 1, films: [] }, { id: 2, films: [] }, { id: 3, films: [{ id: 4 }] }, { id: 4, films: [] }]),
  get('a filter on an embedded one makes it null', '/films?select=id,studios(name)&studios.city=eq.Bern&id=in.(1,2)&order=id', [{ id: 1, studios: null }, { id: 2, studios: { name: 'Northlight' } }]),
  get('an or filter within an embedded resource', '/films?select=id,castings(part)&castings.or=(part.eq.Cook,part.eq.Eldest)&id=in.(1,3)&order=id', [{ id: 1, castings: [{ part: 'Cook' }] }, { id: 3, castings: [{ part: 'Eldest' }] }]),
  get('a not.and filter within an embedded resource', '/films?select=id,castings(part)&castings.not.and=(part.eq.Cook,billing.eq.2)&id=eq.1', [{ id: 1, castings: [{ part: 'Captain' }] }]),
  get('embedded rows are ordered', '/films?select=id,castings(part)&castings.order=billing.desc&id=eq.2', [{ id: 2, castings: [{ part: 'Thief' }, { part: 'Thief' }, { part: 'Gardener' }] }]),
  get('embedded rows are limited and skipped', '/films?select=id,castings(billing)&castings.order=billing&castings.limit=1&castings.offset=1&id=eq.2', [{ id: 2, castings: [{ billing: 2 }] }]),
  get('a limit on an embedded resource bounds each of them', '/festivals?select=id,films(id)&films.order=id.desc&films.limit=1&order=id', [{ id: 1, films: [{ id: 2 }] }, { id: 2, films: [{ id: 2 }] }, { id: 3, films: [{ id: 6 }] }]),
  get('a filter is meant for an alias', '/festivals?select=id,old:films(id),new:films(id)&old.year=lt.1970&new.year=gte.1970&id=eq.1', [{ id: 1, old: [{ id: 1 }], new: [{ id: 2 }] }]),
  get('a filter goes to nested resources', '/cinemas?select=id,screens(number,screenings(id))&screens.number=eq.1&screens.screenings.id=gt.1&id=eq.1', [{ id: 1, screens: [{ number: 1, screenings: [{ id: 4 }] }] }]),
  get('a filter takes a JSON path in an embedded resource', '/studios?select=id,films(id)&films.facts->>country=eq.CH&id=eq.1', [{ id: 1, films: [{ id: 2 }] }]),
  get('an embedded resource is ordered by what it embeds', '/cinemas?select=id,screenings:screens(number,films:screenings(id))&screenings.order=number.desc&id=eq.1&screenings.films.order=id', [{ id: 1, screenings: [{ number: 2, films: [{ id: 2 }] }, { number: 1, films: [{ id: 1 }, { id: 4 }] }] }]),

  // Joins
  get('!inner keeps the rows that have what is embedded', '/studios?select=id,films!inner(id)&films.mood=eq.tense&order=id', [{ id: 1, films: [{ id: 2 }] }, { id: 3, films: [{ id: 4 }] }]),
  get('!inner on one keeps the rows whose one passes', '/films?select=id,studios!inner(name)&studios.city=eq.Lima&order=id', [{ id: 3, studios: { name: 'Paper Moon' } }, { id: 4, studios: { name: 'Paper Moon' } }]),
  get('!inner on many to many', '/festivals?select=id,films!inner(id)&films.id=eq.1', [{ id: 1, films: [{ id: 1 }] }]),
  get('!inner nests', '/cinemas?select=id,screens!inner(number,screenings!inner(id))&screens.screenings.film_id=eq.2', [{ id: 1, screens: [{ number: 2, screenings: [{ id: 2 }] }] }]),
  get('!inner below !left filters only there', '/cinemas?select=id,screens(number,screenings!inner(id))&screens.screenings.film_id=eq.2&order=id', [{ id: 1, screens: [{ number: 2, screenings: [{ id: 2 }] }] }, { id: 2, screens: [] }, { id: 3, screens: [] }]),
  get('!left is what there is without it', '/studios?select=id,films!left(id)&id=eq.4', [{ id: 4, films: [] }]),
  get('a hint and !inner go together', '/people?select=id,films!films_writer_fkey!inner(id)&order=id&films.id=eq.5', [{ id: 4, films: [{ id: 5 }] }]),
  get('a limit counts rows after !inner', '/studios?select=id,films!inner(id)&films.year=eq.1981&limit=5&order=id', [{ id: 3, films: [{ id: 3 }, { id: 4 }] }]),

  // Null filters
  get('not.is.null on an embed keeps the rows that have it', '/films?select=id,posters(artist)&posters=not.is.null&order=id', [{ id: 1, posters: { artist: 'Ines' } }, { id: 2, posters: { artist: 'Jon' } }, { id: 6, posters: { artist: null } }]),
  get('is.null on an embed keeps the rows that have none', '/films?select=id,posters()&posters=is.null&order=id', [{ id: 3 }, { id: 4 }, { id: 5 }]),
  get('is.null on an array keeps the rows whose array is empty', '/films?select=id,awards()&awards=is.null&order=id', [{ id: 3 }, { id: 4 }, { id: 5 }]),
  get('a null filter minds the filter of the embed', '/films?select=id,castings()&castings.part=eq.Thief&castings=not.is.null', [{ id: 2 }]),
  get('null filters work within or', '/films?select=id,posters(),awards()&or=(posters.is.null,awards.is.null)&order=id', [{ id: 3 }, { id: 4 }, { id: 5 }]),
  get('or goes across embedded resources', '/films?select=id,d:people!films_director_fkey(),w:people!films_writer_fkey()&d.name=like.Ada*&w.name=like.Dov*&or=(d.not.is.null,w.not.is.null)&order=id', [{ id: 1 }, { id: 4 }, { id: 5 }]),
  get('a null filter goes together with a column in or', '/films?select=id,posters()&or=(posters.not.is.null,year.eq.1999)&order=id', [{ id: 1 }, { id: 2 }, { id: 5 }, { id: 6 }]),
  get('an empty embed is for filtering alone', '/films?select=title,castings()&castings.part=eq.Eldest&castings=not.is.null', [{ title: 'Mango Season' }]),
  get('a null filter works on an embed within an embed', '/studios?select=id,films(id,posters())&films.posters=not.is.null&id=eq.3', [{ id: 3, films: [] }]),
  get('an alias is filtered for null', '/films?select=id,paper:posters()&paper=is.null&order=id&limit=1', [{ id: 3 }]),

  // Order by related
  get('rows are ordered by a column of the one embedded', '/films?select=id,studios(name)&order=studios(name).desc,id&studio_id=not.is.null', [{ id: 3, studios: { name: 'Paper Moon' } }, { id: 4, studios: { name: 'Paper Moon' } }, { id: 2, studios: { name: 'Northlight' } }, { id: 1, studios: { name: 'Harbour' } }, { id: 6, studios: { name: 'Harbour' } }]),
  get('rows are ordered by a related column with nulls first', '/films?select=id,studios()&order=studios(founded).asc.nullsfirst,id', [{ id: 5 }, { id: 2 }, { id: 1 }, { id: 6 }, { id: 3 }, { id: 4 }]),
  get('rows are ordered by an alias of the one embedded', '/films?select=id,s:studios()&order=s(founded).desc.nullslast,id.desc', [{ id: 4 }, { id: 3 }, { id: 6 }, { id: 1 }, { id: 2 }, { id: 5 }]),
  get('rows are ordered by a related JSON path', '/screenings?select=id,films()&order=films(facts->>country),id&id=lt.5', [{ id: 2 }, { id: 1 }, { id: 3 }, { id: 4 }]),
  get('embedded rows are ordered by what they embed', '/cinemas?select=id,screens(number,screenings(id,films(year)))&screens.screenings.order=films(year).desc&screens.order=number&id=eq.1', [{ id: 1, screens: [{ number: 1, screenings: [{ id: 4, films: { year: 1981 } }, { id: 1, films: { year: 1968 } }] }, { number: 2, screenings: [{ id: 2, films: { year: 1974 } }] }] }]),

  // Spreads
  get('a spread puts the columns of one beside those above', '/films?select=title,...studios(studio:name,city)&id=eq.1', [{ title: 'Winter Ferry', studio: 'Harbour', city: 'Oslo' }]),
  get('a spread of nothing is nulls', '/films?select=id,...studios(name)&id=eq.5', [{ id: 5, name: null }]),
  get('a spread takes a hint', '/films?select=id,...people!films_director_fkey(director:name)&id=eq.1', [{ id: 1, director: ada }]),
  get('a spread takes all the columns', '/screenplays?select=pages,...films(*)&id=eq.12', [(row) => row.pages === 88 && row.title === 'Mango Season' && !('films' in row)]),
  get('a spread nests', '/screenings?select=id,...films(title,...studios(studio:name))&id=eq.1', [{ id: 1, title: 'Winter Ferry', studio: 'Harbour' }]),
  get('a spread brings the columns of a join table', '/films?select=title,cast:castings(part,...people(name))&cast.order=billing&id=eq.1', [{ title: 'Winter Ferry', cast: [{ part: 'Captain', name: 'Bruno Vell' }, { part: 'Cook', name: 'Edda Lind' }] }]),
  get('a spread brings what is embedded in it', '/screenings?select=id,...films(title,studios(name))&id=eq.1', [{ id: 1, title: 'Winter Ferry', studios: { name: 'Harbour' } }]),
  get('a spread takes filters', '/films?select=id,...studios(name)&studios.city=eq.Bern&id=in.(1,2)&order=id', [{ id: 1, name: null }, { id: 2, name: 'Northlight' }]),
  get('a spread takes !inner', '/films?select=id,...studios!inner(name)&studios.city=eq.Bern', [{ id: 2, name: 'Northlight' }]),
  get('a spread of a computed relationship', '/films?select=id,...original(of:title)&id=eq.6', [{ id: 6, of: 'Winter Ferry' }]),
  get('a spread of many is an array a column', '/studios?select=name,...films(title,year)&films.order=id&id=eq.3', [{ name: 'Paper Moon', title: ['Mango Season', 'Night Tram'], year: [1981, 1981] }]),
  get('a spread of many to many is an array a column', '/festivals?select=id,...films(titles:title)&films.order=title&id=eq.1', [{ id: 1, titles: ['The Glass Orchard', 'Winter Ferry'] }]),
  get('a spread of none of many is an empty array', '/studios?select=id,...films(title)&id=eq.4', [{ id: 4, title: [] }]),
  get('a spread of many keeps nulls', '/studios?select=id,...films(rating)&films.order=id&id=eq.3', [{ id: 3, rating: [6.2, null] }]),
  get('a spread of one within a spread of many', '/films?select=id,...castings(part,...people(name))&castings.order=billing&id=eq.1', [{ id: 1, part: ['Captain', 'Cook'], name: ['Bruno Vell', 'Edda Lind'] }]),

  // Refusals
  refused('a relation that is not there is refused with a hint', '/films?select=id,studoi(name)', 400, {
    code: 'PGRST200', message: "Could not find a relationship between 'films' and 'studoi' in the schema cache",
    details: "Searched for a foreign key relationship between 'films' and 'studoi' in the schema 'public', but no matches were found.", hint: /Perhaps you meant 'studios' instead of 'studoi'\./,
  }),
  refused('a table without a relation is refused', '/cinemas?select=id,studios(name)', 400, { code: 'PGRST200', message: "Could not find a relationship between 'cinemas' and 'studios' in the schema cache", details: "Searched for a foreign key relationship between 'cinemas' and 'studios' in the schema 'public', but no matches were found." }),
  refused('a hint that fits nothing is refused', '/films?select=id,studios!wrong(name)', 400, { code: 'PGRST200', details: "Searched for a foreign key relationship between 'films' and 'studios' using the hint 'wrong' in the schema 'public', but no matches were found." }),
  refused('a union has no relations', '/all_names?select=name,films(id)', 400, { code: 'PGRST200' }),
  refused('partitions have no relations of their own', '/tickets_2024?select=id,screenings(id)', (status) => [400, 404].includes(status), { code: /^PGRST20[05]$/ }),
  refused('an embedding that could be meant in two ways lists both', '/shipments?select=id,cinemas(name)', 300, {
    code: 'PGRST201', message: "Could not embed because more than one relationship was found for 'shipments' and 'cinemas'",
    details: [
      { cardinality: 'many-to-one', embedding: 'shipments with cinemas', relationship: 'shipped_from using shipments(from_cinema) and cinemas(id)' },
      { cardinality: 'many-to-one', embedding: 'shipments with cinemas', relationship: 'shipped_to using shipments(to_cinema) and cinemas(id)' },
    ],
    hint: "Try changing 'cinemas' to one of the following: 'cinemas!shipped_from', 'cinemas!shipped_to'. Find the desired relationship in the 'details' key.",
  }),
  refused('an ambiguous embedding lists one to many and many to many', '/people?select=id,films(title)', 300, {
    code: 'PGRST201',
    details: (details) => details.length === 3 && details.some((one) => one.cardinality === 'many-to-many' && one.relationship === 'castings using castings_person_id_fkey(person_id) and castings_film_id_fkey(film_id)')
      && details.filter((one) => one.cardinality === 'one-to-many' && one.embedding === 'people with films').length === 2,
    hint: (hint) => ["'films!castings'", "'films!films_director_fkey'", "'films!films_writer_fkey'"].every((one) => hint.includes(one)),
  }),
  refused('a filter on what is not embedded is refused', '/films?select=id&studios.name=eq.Harbour', 400, { code: 'PGRST108', message: "'studios' is not an embedded resource in this request", hint: "Verify that 'studios' is included in the 'select' query parameter." }),
  refused('an order on what is not embedded is refused', '/films?select=id&studios.order=name', 400, { code: 'PGRST108' }),
  refused('a limit on what is not embedded is refused', '/films?select=id&studios.limit=1', 400, { code: 'PGRST108' }),
  refused('a related order on what is not embedded is refused', '/films?select=id&order=studios(name)', 400, { code: 'PGRST108' }),
  refused('a related order on many is refused', '/studios?select=id,films(id)&order=films(year)', 400, { code: 'PGRST118', message: "A related order on 'films' is not possible", details: "'studios' and 'films' do not form a many-to-one or one-to-one relationship" }),
  refused('an embed filters by null alone', '/films?select=id,studios(id)&studios=eq.1', 400, { code: 'PGRST120', message: "Bad operator on the 'studios' embedded resource", details: 'Only is null or not is null filters are allowed on embedded resources' }),
  refused('an unknown column of an embedded resource is refused', '/films?select=id,studios(nme)', 400, { code: '42703', message: /column studios(_1)?\.nme does not exist/ }),
  refused('a filter on an unknown column of an embedded resource is refused', '/films?select=id,studios(name)&studios.nme=eq.1', 400, { code: '42703' }),
];
