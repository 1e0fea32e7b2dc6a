// One row by its key through the whole chain under row-level security.

import { connectionsTitle, loadOn } from '../lib/compare.js';
import { pgbench } from '../lib/load.js';
import { loadTable, report } from '../lib/report.js';
import { alternate } from '../lib/rounds.js';
import { rows } from '../lib/settings.js';
import { withPeers } from '../lib/stage.js';

async function prepare(basalt, owner, database) {
  await basalt.sql(`
    create table items (
      id bigint primary key, owner uuid not null, name text not null, price numeric not null, created_at timestamptz not null);
    insert into items select n, '${owner}', 'item ' || n, n * 0.01, now() from generate_series(1, ${rows}) n;
    alter table items enable row level security;
    create policy own on items for select to authenticated using (owner = auth.uid());
    create policy everyone on items for select to anon using (true);`);
  basalt.postgres.query(database, 'vacuum analyze items');
}

// What PostgreSQL alone does of it: the transaction of a request, pipelined, by a client without HTTP. pgbench takes a
// colon before a letter or digit for a variable, even within a literal.
const literal = (claims) => `'${JSON.stringify(claims).replace(/:(?=\w)/g, ': ')}'`;
const transaction = (role, claims) => `\\set id random(1, ${rows})
\\startpipeline
begin read only;
select set_config('role', '${role}', true), set_config('request.jwt.claims', ${literal(claims)}, true);
select coalesce(json_agg(r)::text, '[]') from (select * from items where id = :id) r;
commit;
\\endpipeline
`;

export async function run() {
  const page = report(
    'read-one',
    'Read one row by key under row-level security',
    `\`GET /items?id=eq.N\` of ${rows.toLocaleString('en')} rows, random keys, as JSON; as a signed-in user whose policy is
\`owner = auth.uid()\`, and as \`anon\`. All sides on the same PostgreSQL and database with 10 connections each (1 for
pgbench at one connection). pgbench sends the same transaction pipelined, without HTTP: the ceiling.`,
  );
  await withPeers(prepare, async (stage) => {
    const parts = [];
    const results = {};
    for (const [who, role] of [['user', 'authenticated'], ['anonymous', 'anon']]) {
      for (const connections of [32, 1]) {
        const over = (side) => ({
          ...side,
          load: loadOn(side, { path: 'items?id=eq.{key}', who }, connections),
        });
        const ceiling = {
          name: 'pgbench, pipelined',
          load: (seconds) =>
            pgbench({
              postgres: stage.postgres,
              database: stage.database,
              login: stage.login.name,
              password: stage.login.password,
              sql: transaction(role, who === 'user' ? stage.claims : { role }),
              connections: Math.min(connections, 10),
              seconds,
            }),
        };
        console.error(` ${role}, ${connectionsTitle(connections)}`);
        const sides = await alternate(stage.postgres, [over(stage.basalt), over(stage.postgrest), ceiling]);
        const [ours, peer, limit] = sides.map((side) => side.perSecond.median);
        parts.push(
          `## ${role}, ${connectionsTitle(connections)}\n\n${loadTable(sides)}\n\n` +
            `Basalt does **${(ours / peer).toFixed(2)}** times PostgREST's requests (target 3) and ` +
            `${(ours / limit).toFixed(2)} of the pipelined transaction's (target 0.45).`,
        );
        results[`${role}-${connections}`] = sides;
      }
    }
    page.write(parts.join('\n\n'), results);
  });
}
