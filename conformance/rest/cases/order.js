// Ordering of rows.

const order = (name, by, ...ids) => ({ name, get: `/films?select=id&order=${by}`, json: ids.map((id) => ({ id })) });

export default [
  order('order sorts upwards unless told', 'title', 6, 3, 4, 2, 5, 1),
  order('asc sorts upwards', 'year.asc,id', 1, 2, 3, 4, 5, 6),
  order('desc sorts downwards', 'year.desc,id.asc', 6, 5, 3, 4, 2, 1),
  order('several columns sort one after the other', 'year.asc,title.desc', 1, 2, 4, 3, 5, 6),
  order('nulls come last when sorted upwards', 'rating', 5, 3, 6, 1, 2, 4),
  order('nulls come first when sorted downwards', 'rating.desc', 4, 2, 1, 6, 3, 5),
  order('nullsfirst puts nulls first', 'rating.nullsfirst', 4, 5, 3, 6, 1, 2),
  order('nullslast puts nulls last', 'rating.desc.nullslast', 2, 1, 6, 3, 5, 4),
  order('asc.nullsfirst takes both', 'rating.asc.nullsfirst', 4, 5, 3, 6, 1, 2),
  order('a JSON path orders', 'facts->shots.desc.nullslast,id', 6, 2, 3, 1, 4, 5),
  order('a JSON text orders as a text', 'facts->>shots.nullslast,id', 6, 1, 3, 2, 4, 5),
  order('blanks after commas are allowed', 'year, id', 1, 2, 3, 4, 5, 6),
  order('what is not selected orders too', 'minutes.desc', 6, 2, 4, 1, 3, 5),
  { name: 'a composite field orders', get: '/cinemas?select=id&order=location->lat.desc.nullslast', json: [{ id: 2 }, { id: 1 }, { id: 3 }] },
  { name: 'a column with a blank in its name orders', get: '/Film%20Reels?select="Reel No"&order=Reel%20No.desc', json: [{ 'Reel No': 2 }, { 'Reel No': 1 }] },
  { name: 'a column that is named like a direction in quotes', get: '/Film%20Reels?select="Reel No"&order=%22a.b%22.desc', json: [{ 'Reel No': 2 }, { 'Reel No': 1 }] },
];
