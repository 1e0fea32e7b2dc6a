// Limits, ranges and counts.

const six = [1, 2, 3, 4, 5, 6].map((id) => ({ id }));
const page = (name, query, from, to, more = {}) => ({
  name, get: `/films?select=id&order=id${query}`, json: six.slice(from, to),
  answer: { 'content-range': from < to ? `${from}-${Math.min(to, 6) - 1}/*` : '*/*' }, ...more,
});

export default [
  page('every answer tells its range', '', 0, 6),
  page('limit bounds the rows', '&limit=2', 0, 2),
  page('offset skips rows', '&offset=4', 4, 6),
  page('limit and offset go together', '&limit=2&offset=3', 3, 5),
  page('fewer rows than the limit are told as they are', '&limit=15&offset=4', 4, 6),
  page('limit 0 is no row', '&limit=0', 0, 0),
  page('Range asks for rows by number', '', 0, 3, { headers: { 'range-unit': 'items', range: '0-2' } }),
  page('Range may begin later', '', 2, 4, { headers: { 'range-unit': 'items', range: '2-3' } }),
  page('Range may be open at its end', '', 3, 6, { headers: { range: '3-' } }),
  page('Range beyond the end answers fewer rows', '', 4, 6, { headers: { range: '4-99' } }),
  page('Range and limit bound each other', '&limit=3', 1, 3, { headers: { range: '1-9' } }),
  page('a Range that is none is overlooked', '', 0, 6, { headers: { range: 'bytes=a-b' } }),
  { name: 'no row has no range', get: '/films?id=eq.0', json: [], answer: { 'content-range': '*/*' } },

  { name: 'count=exact tells how many there are', get: '/films?select=id&limit=2&order=id', prefer: 'count=exact', status: 206, json: six.slice(0, 2), answer: { 'content-range': '0-1/6', 'preference-applied': /count=exact/ } },
  { name: 'a page that is everything is not partial', get: '/films?select=id&order=id', prefer: 'count=exact', json: six, answer: { 'content-range': '0-5/6' } },
  { name: 'count=exact minds the filters', get: '/films?select=id&year=eq.1981&order=id', prefer: 'count=exact', json: six.slice(2, 4), answer: { 'content-range': '0-1/2' } },
  { name: 'count=exact of nothing is 0', get: '/films?id=eq.0', prefer: 'count=exact', json: [], answer: { 'content-range': '*/0' } },
  { name: 'HEAD answers the count without a body', head: '/films?limit=2', prefer: 'count=exact', status: 206, text: '', answer: { 'content-range': '0-1/6' } },
  { name: 'Range with a count answers 206', get: '/films?select=id&order=id', prefer: 'count=exact', headers: { range: '2-3' }, status: 206, json: six.slice(2, 4), answer: { 'content-range': '2-3/6' } },
  { name: 'an offset at the end is an empty page', get: '/films?offset=6', prefer: 'count=exact', status: 206, json: [], answer: { 'content-range': '*/6' } },
  { name: 'an offset beyond the end is refused when counted', get: '/films?offset=7', prefer: 'count=exact', status: 416, error: { code: 'PGRST103', message: 'Requested range not satisfiable', details: 'An offset of 7 was requested, but there are only 6 rows.', hint: null }, answer: { 'content-range': '*/6' } },
  { name: 'an offset beyond the end is empty when not counted', get: '/films?offset=7', json: [], answer: { 'content-range': '*/*' } },
  { name: 'a Range whose ends are the wrong way round is refused', get: '/films', headers: { range: '5-2' }, status: 416, error: { code: 'PGRST103', details: 'The lower boundary must be lower than or equal to the upper boundary in the Range header.' } },
  { name: 'a negative limit is refused', get: '/films?limit=-1', status: 416, error: { code: 'PGRST103', details: 'Limit should be greater than or equal to zero.' } },
  { name: 'a limit that is no number is refused', get: '/films?limit=abc', status: 400, error: { code: 'PGRST100' } },
  { name: 'count=planned tells what the planner thinks', get: '/films?select=id&limit=2&order=id', prefer: 'count=planned', status: 206, json: six.slice(0, 2), answer: { 'content-range': '0-1/6', 'preference-applied': /count=planned/ } },
  { name: 'count=planned of HEAD', head: '/films', prefer: 'count=planned', text: '', answer: { 'content-range': '0-5/6' } },
  { name: 'count=estimated is exact for small tables', get: '/films?select=id&limit=2&order=id', prefer: 'count=estimated', status: 206, json: six.slice(0, 2), answer: { 'content-range': '0-1/6', 'preference-applied': /count=estimated/ } },
  { name: 'counts work on views', get: '/film_list?select=id&limit=1&order=id', prefer: 'count=exact', status: 206, json: six.slice(0, 1), answer: { 'content-range': '0-0/6' } },
  { name: 'counts work on functions that return tables', get: '/rpc/now_playing?select=id&limit=1&order=id', prefer: 'count=exact', status: 206, json: six.slice(0, 1), answer: { 'content-range': '0-0/4' } },
  { name: 'an embedded resource is not counted', get: '/studios?select=id,films(id)&order=id&limit=1', prefer: 'count=exact', status: 206, json: [{ id: 1, films: [{ id: 2 }] }], answer: { 'content-range': '0-0/4' } },
  { name: 'an inner embed is counted', get: '/studios?select=id,films!inner(id)&films.year=eq.1981', prefer: 'count=exact', json: [{ id: 3, films: [{ id: 3 }, { id: 4 }] }], answer: { 'content-range': '0-0/1' } },
  { name: 'a null filter on an embed is counted', get: '/studios?select=id,films()&films=is.null', prefer: 'count=exact', json: [{ id: 4 }], answer: { 'content-range': '0-0/1' } },
];
