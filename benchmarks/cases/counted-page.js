// A filtered, ordered page with the exact number of all matching rows, under row-level security.

import { compare } from '../lib/compare.js';
import { report } from '../lib/report.js';
import { rows } from '../lib/settings.js';

async function prepare(basalt, owner, database) {
  await basalt.sql(`
    create table items (
      id bigint primary key, owner uuid not null, category int not null, name text not null, price numeric not null);
    insert into items select n, '${owner}', n % 100, 'item ' || n, (n * 7919) % 100000 * 0.01 from generate_series(1, ${rows}) n;
    create index on items (category, price);
    alter table items enable row level security;
    create policy own on items for select to authenticated using (owner = auth.uid());`);
  basalt.postgres.query(database, 'vacuum analyze items');
}

const path = 'items?select=id,name,price&category=eq.42&price=gte.100&order=price.desc&limit=20';

export async function run() {
  const page = report(
    'counted-page',
    'A page of 20 rows and how many there are',
    `\`GET /${path}\` with \`Prefer: count=exact\` as a signed-in user, of ${rows.toLocaleString('en')} rows with an index on
category and price. Both sides on the same PostgreSQL and database with 10 connections each.`,
  );
  await compare(page, { prepare, request: { path, headers: { prefer: 'count=exact' } }, target: 2 });
}
