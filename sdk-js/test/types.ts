// What the types promise, checked by tsc: a line below @ts-expect-error has to be refused. Nothing here is run.

import { createClient, arrayUnion, increment, serverTimestamp, type Document, type FieldPath, type Page, type SqlResult } from '@basalt/sdk';

interface Article {
  title: string;
  stars?: number;
  author: { name: string; born: string | null };
  tags: string[];
  parts: { heading: string }[];
}

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};

const basalt = createClient('http://localhost', 'key', { accessToken: async () => null });
const articles = basalt.documents.collection<Article>('articles');
const anything = basalt.documents.collection('anything');

holds<Same<FieldPath<Article>, 'title' | 'stars' | 'author' | 'author.name' | 'author.born' | 'tags' | `tags.${number}` | 'parts' | `parts.${number}` | `parts.${number}.heading`>>();

// Queries name the fields that there are, with values of their types.
articles.eq('title', 'Hello').gt('stars', 3).in('author.name', ['Ann']).order('$createdAt', 'desc').eq('author.born', null);
articles.gt('$createdAt', new Date()).contains('tags', 'news').contains('tags', ['a', 'b']).contains('author', { name: 'Ann' });
articles.or((is) => [is.eq('title', 'Hello'), is.not((is) => [is.lt('stars', 2)])]);
articles.eq('parts.0.heading', 'One');
anything.eq('whatever.there.is', 3).order('anything');
// @ts-expect-error
articles.eq('titel', 'Hello');
// @ts-expect-error
articles.eq('title', 3);
// @ts-expect-error
articles.gt('stars', '3');
// @ts-expect-error
articles.in('author.name', [1]);
// @ts-expect-error
articles.or((is) => [is.eq('author.nam', 'Ann')]);
// @ts-expect-error
articles.order('author.nam');
// @ts-expect-error
articles.contains('tags', 3);

// What is read has the type of the documents, or of what was selected.
holds<Same<Awaited<ReturnType<typeof articles.list>>, readonly Document<Article>[]>>();
const chosen = await articles.select('title', 'author.name', 'stars').list();
const title: string = chosen[0]!.data.title;
const name: string = chosen[0]!.data.author.name;
const stars: number | undefined = chosen[0]!.data.stars;
// @ts-expect-error
chosen[0]!.data.tags;
// @ts-expect-error
chosen[0]!.data.author.born;
for await (const { data } of articles) holds<Same<typeof data, Article>>();
for await (const page of articles.pages()) holds<Same<typeof page, Page<Article>>>();
for await (const { documents, changes } of articles.live()) {
  const first: string | undefined = documents[0]?.data.title;
  for (const change of changes) if (change.type !== 'removed') change.document.data.tags.at(change.index ?? first);
}
const one = await articles.doc('intro').get();
// @ts-expect-error
one.data;
holds<Same<typeof one, Document<Article> | null>>();

const [group] = await articles.aggregate({ count: true, sum: ['stars'], max: ['title'], groupBy: ['author.name'] });
const counted: number = group!.count;
const sum: number = group!.sum.stars;
const greatest: string | null = group!.max.title;
const key: string | null = group!.key['author.name'];
// @ts-expect-error
group!.avg;
// @ts-expect-error
group!.sum.title;
// @ts-expect-error
articles.aggregate({ sum: ['star'] });

// Writes.
const intro = articles.doc('intro');
await intro.set({ title: 'Hello', author: { name: 'Ann', born: null }, tags: [], parts: [] }, one!);
await intro.merge({ stars: null, author: { name: 'Bob' } }, { exists: true });
await intro.transform({ stars: increment(1), tags: arrayUnion('new'), 'author.born': serverTimestamp() });
await intro.patch([{ op: 'move', from: '/a', path: '/b' }]);
await intro.delete({ version: 3 });
await anything.create({ whatever: ['there', { is: 1 }] });
await intro.update((data) => ({ ...data, title: data.title + '!' }), { initial: { title: '', author: { name: '', born: null }, tags: [], parts: [] } });
// @ts-expect-error
await intro.update((data) => ({ ...data, title: 3 }));
// @ts-expect-error
await intro.set({ title: 'Hello' });
// @ts-expect-error
await intro.merge({ title: 3 });
// @ts-expect-error
await intro.transform({ title: increment(1) });
// @ts-expect-error
await intro.transform({ tags: arrayUnion(3) });
// @ts-expect-error
await intro.set({ title: '', author: { name: '', born: null }, tags: [], parts: [] }, { version: 3, exists: true });
// @ts-expect-error
await intro.patch([{ op: 'remove' }]);
const comments = intro.collection<{ text: string }>('comments');
const [a, b] = await basalt.documents.batchGet([intro, comments.doc('c1')]);
holds<Same<typeof a, Document<Article> | null>>();
holds<Same<typeof b, Document<{ text: string }> | null>>();
await basalt.documents.commit((commit) =>
  commit
    .merge(intro, { title: 'Hi' }, { transforms: { stars: increment(1) } })
    .create(comments, { text: 'Nice' })
    // @ts-expect-error
    .create(comments, { txt: 'Nice' }),
);

// SQL.
const result = await basalt.sql.query<{ n: number }>('select 1 as n');
holds<Same<typeof result, SqlResult<{ n: number }>>>();
const both = await basalt.sql.transaction<[{ n: number }, { t: string }]>(['select 1 as n', { query: 'select $1 as t', params: ['x'] }]);
const n: number = both[0].rows[0]!.n;
const t: string = both[1].rows[0]!.t;
for await (const row of basalt.sql.stream<{ n: number }>('select 1 as n')) holds<Same<typeof row, { n: number }>>();
// @ts-expect-error
await basalt.sql.query('select 1', [], { isolation: 'none' });

// A batch.
interface Author {
  id: number;
  name: string;
}
interface Book {
  id: number;
  title: string;
  author_id: number;
  sold?: boolean | null;
}
const made = await basalt.batch((batch) => {
  const author = batch.insert<Author>('authors', { name: 'Mann' });
  const book = batch.insert<Book>('books', { title: 'Zauberberg', author_id: author.ref((row) => row.id) });
  // @ts-expect-error
  batch.insert<Book>('books', { title: author.ref((row) => row.id) });
  // @ts-expect-error
  author.ref((row) => row.nam);
  batch.update<Book>('books', { sold: true }, (is) => [is.eq('author_id', author.ref((row) => row.id)), is.gt('id', 3)]);
  // @ts-expect-error
  batch.delete<Book>('books', (is) => [is.eq('titel', 'x')]);
  return { author, book, all: batch.select<Book>('books') };
});
holds<Same<typeof made.author, Author>>();
holds<Same<typeof made.all, Book[]>>();

export { title, name, stars, counted, sum, greatest, key, n, t };
