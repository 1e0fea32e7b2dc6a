// One row inserted and returned, under row-level security.

import { compare } from '../lib/compare.js';
import { report } from '../lib/report.js';
import { ordersTable } from '../lib/tables.js';

const prepare = (basalt) => basalt.sql(ordersTable);

export async function run() {
  const page = report(
    'insert',
    'Insert one row and return it',
    `\`POST /orders\` with \`Prefer: return=representation\` as a signed-in user whose policy is \`owner = auth.uid()\`. Both sides on
the same PostgreSQL (fsync on) and database with 10 connections each.`,
  );
  await compare(page, {
    prepare,
    request: {
      path: 'orders',
      method: 'POST',
      body: '{"name":"a book","price":12.5}',
      headers: { prefer: 'return=representation' },
    },
    target: 2,
  });
}
