// One row inserted and returned, under row-level security.

import { wrk } from '../lib/load.js';
import { loadTable, report } from '../lib/report.js';
import { alternate } from '../lib/rounds.js';
import { withPeers } from '../lib/stage.js';

const prepare = (basalt) =>
  basalt.sql(`
    create table orders (
      id bigint generated always as identity primary key, owner uuid not null default auth.uid(), name text not null,
      price numeric not null, created_at timestamptz not null default now());
    alter table orders enable row level security;
    create policy own on orders for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());`);

export async function run() {
  const page = report(
    'insert',
    'Insert one row and return it',
    `\`POST /orders\` with \`Prefer: return=representation\` as a signed-in user whose policy is \`owner = auth.uid()\`. Both sides on
the same PostgreSQL (fsync on) and database with 10 connections each.`,
  );
  await withPeers(prepare, async (stage) => {
    const parts = [];
    const results = {};
    for (const connections of [32, 1]) {
      const over = (side) => ({
        ...side,
        load: (seconds) =>
          wrk({
            name: 'load',
            url: side.url,
            connections,
            seconds,
            headers: { ...side.user, 'content-type': 'application/json', prefer: 'return=representation' },
            parameters: {
              BENCH_METHOD: 'POST',
              BENCH_PATH: `${new URL(side.url).pathname.replace(/\/$/, '')}/orders`,
              BENCH_BODY: '{"name":"a book","price":12.5}',
            },
          }),
      });
      console.error(` ${connections} connections`);
      const sides = await alternate(stage.postgres, [over(stage.basalt), over(stage.postgrest)]);
      const [ours, peer] = sides.map((side) => side.perSecond.median);
      parts.push(
        `## ${connections} connection${connections > 1 ? 's' : ''}\n\n${loadTable(sides)}\n\n` +
          `Basalt does **${(ours / peer).toFixed(2)}** times PostgREST's requests (target 2).`,
      );
      results[connections] = sides;
    }
    page.write(parts.join('\n\n'), results);
  });
}
