// A page of rows with a row and rows related to each, under row-level security.

import { compare } from '../lib/compare.js';
import { report } from '../lib/report.js';
import { rows } from '../lib/settings.js';

async function prepare(basalt, owner, database) {
  await basalt.sql(`
    create table authors (id bigint primary key, name text not null, country text);
    create table books (
      id bigint primary key, owner uuid not null, title text not null, price numeric not null, author_id bigint references authors);
    create table reviews (id bigint primary key, book_id bigint not null references books, stars int not null, body text);
    insert into authors select n, 'author ' || n, 'country ' || n % 50 from generate_series(1, ${rows} / 20) n;
    insert into books select n, '${owner}', 'title ' || n, n * 0.01, 1 + n % (${rows} / 20) from generate_series(1, ${rows}) n;
    insert into reviews select n, 1 + n % ${rows}, n % 5, 'review ' || n from generate_series(1, ${rows} * 2) n;
    create index on books (author_id);
    create index on reviews (book_id);
    alter table authors enable row level security;
    alter table books enable row level security;
    alter table reviews enable row level security;
    create policy everyone on authors for select to authenticated using (true);
    create policy own on books for select to authenticated using (owner = auth.uid());
    create policy everyone on reviews for select to authenticated using (true);`);
  for (const table of ['authors', 'books', 'reviews']) basalt.postgres.query(database, `vacuum analyze ${table}`);
}

const page20 = 'books?select=id,title,price,authors(id,name),reviews(stars,body)&order=id&limit=20&id=gte.{key}';

export async function run() {
  const page = report(
    'list-embeds',
    'List 20 rows with two embedded resources',
    `\`GET /${page20}\` with random keys among ${rows.toLocaleString('en')} books, each with one author and two reviews, as a
signed-in user. Both on the same PostgreSQL and database with 10 connections each.`,
  );
  await compare(page, { prepare, request: { path: page20 }, target: 2 });
}
