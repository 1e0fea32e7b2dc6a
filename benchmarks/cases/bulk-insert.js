// Many rows in one request, under row-level security.

import { compare } from '../lib/compare.js';
import { report } from '../lib/report.js';
import { ordersTable } from '../lib/tables.js';

const count = 1000;
const body = JSON.stringify(Array.from({ length: count }, (_, n) => ({ name: `item ${n}`, price: n + 0.5 })));

export async function run() {
  const page = report(
    'bulk-insert',
    `Insert ${count.toLocaleString('en')} rows in one request`,
    `\`POST /orders\` with an array of ${count.toLocaleString('en')} objects (${Math.round(body.length / 1024)} KiB) and
\`Prefer: return=minimal\` as a signed-in user whose policy is \`owner = auth.uid()\`. The table is emptied before each round. Both
sides on the same PostgreSQL (fsync on) and database with 10 connections each.`,
  );
  await compare(page, {
    prepare: (basalt) => basalt.sql(ordersTable),
    before: ({ postgres, database }) => postgres.query(database, 'truncate orders'),
    request: { path: 'orders', method: 'POST', body, headers: { prefer: 'return=minimal' } },
    target: 2,
    connections: [8, 1],
  });
}
