// Documents beside the same done on a table, and a commit of many beside one statement by hand.

import { connectionsTitle } from '../lib/compare.js';
import { pgbench, wrk } from '../lib/load.js';
import { residentMiB } from '../lib/processes.js';
import { loadTable, report } from '../lib/report.js';
import { alternate } from '../lib/rounds.js';
import { withBasalt } from '../lib/stage.js';

const writes = 100;
// Keys of five digits, which a load can put into a body.
const rows = 99_999;
const data = { name: 'a book', price: 12.5, tags: ['new', 'paper'] };

async function prepare(basalt, owner) {
  await basalt.request('PUT', '/platform/v1/projects/default/collections/books', {});
  await basalt.sql(`
    create policy own on documents.books for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
    insert into documents.books (parent, id, data, owner)
      select '', lpad(n::text, 5, '0'), '${JSON.stringify(data)}', '${owner}' from generate_series(1, ${rows}) n;
    create table books (id text primary key, data jsonb not null, owner uuid not null default auth.uid());
    alter table books enable row level security;
    create policy own on books for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());
    insert into books select lpad(n::text, 5, '0'), '${JSON.stringify(data)}', '${owner}' from generate_series(1, ${rows}) n;`);
  basalt.postgres.query(basalt.database(), 'vacuum analyze books; vacuum analyze documents.books');
}

export async function run() {
  const page = report(
    'documents',
    'Documents beside a table',
    `A document of ${rows.toLocaleString('en')} got and set by its id, beside a row with the same JSON in a table under the same
policy over \`/rest/v1\`; and a commit of ${writes} documents beside one hand-written statement that upserts the same ${writes},
in a transaction of the same user by pgbench.`,
  );
  await withBasalt(async (basalt) => {
    const { token, claims } = await basalt.signUp('ann@example.com');
    await prepare(basalt, claims.sub);
    const over = (name, connections, parameters, prefer = {}) => ({
      name,
      server: basalt,
      memory: () => residentMiB(basalt.pid),
      load: (seconds) =>
        wrk({
          name: 'load',
          url: basalt.url,
          connections,
          seconds,
          headers: {
            apikey: basalt.publishableKey,
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            ...prefer,
          },
          parameters: { BENCH_ROWS: rows, BENCH_KEY_FORMAT: '%05d', ...parameters },
        }),
    });
    const minimal = { prefer: 'return=minimal' };
    const upsert = { prefer: 'return=minimal,resolution=merge-duplicates' };
    const pairs = [
      ['get', 'a row', { BENCH_PATH: '/rest/v1/books?id=eq.{key}' }, {}, 'a document', { BENCH_PATH: '/documents/v1/books/{key}' }, {}],
      [
        'set',
        'a row',
        { BENCH_METHOD: 'POST', BENCH_PATH: '/rest/v1/books', BENCH_BODY: JSON.stringify({ id: '{key}', data }) },
        upsert,
        'a document',
        { BENCH_METHOD: 'PUT', BENCH_PATH: '/documents/v1/books/{key}', BENCH_BODY: JSON.stringify(data) },
        minimal,
      ],
    ];
    const parts = [];
    const results = {};
    for (const [what, rowName, row, rowPrefer, documentName, document, prefer] of pairs) {
      for (const connections of [32, 1]) {
        console.error(` ${what}, ${connectionsTitle(connections)}`);
        const sides = await alternate(basalt.postgres, [
          over(rowName, connections, row, rowPrefer),
          over(documentName, connections, document, prefer),
        ]);
        const kept = sides[1].perSecond.median / sides[0].perSecond.median;
        parts.push(
          `## ${what}, ${connectionsTitle(connections)}\n\n${loadTable(sides)}\n\n` +
            `Documents do **${kept.toFixed(2)}** of the table's requests (target 0.85).`,
        );
        results[`${what}-${connections}`] = sides;
      }
    }
    parts.push(await commits(basalt, over, claims, results));
    page.write(parts.join('\n\n'), results);
  });
}

async function commits(basalt, over, claims, results) {
  const password = 'peer';
  basalt.postgres.createLogin(basalt.database(), 'bench_peer', password);
  const ids = Array.from({ length: writes }, (_, index) => `w${index}`);
  const body = JSON.stringify({ writes: ids.map((id) => ({ op: 'set', path: `books/${id}`, data })) });
  const literal = (value) => `'${JSON.stringify(value).replace(/:(?=\w)/g, ': ')}'`;
  const values = ids.map((id) => `('', '${id}', ${literal(data)}, auth.uid())`).join(', ');
  console.error(` commit of ${writes}`);
  const sides = await alternate(basalt.postgres, [
    {
      name: 'one statement by hand',
      load: (seconds) =>
        pgbench({
          postgres: basalt.postgres,
          database: basalt.database(),
          login: 'bench_peer',
          password,
          sql: `\\startpipeline
begin;
select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${literal(claims)}, true), set_config('request.jwt.claim.sub', '${claims.sub}', true);
insert into documents.books (parent, id, data, owner) values ${values} on conflict (parent, id) do update set data = excluded.data;
commit;
\\endpipeline
`,
          connections: 1,
          seconds,
        }),
    },
    over('a commit', 1, { BENCH_METHOD: 'POST', BENCH_PATH: '/documents/v1:commit', BENCH_BODY: body }),
  ]);
  results.commit = sides;
  const kept = sides[1].perSecond.median / sides[0].perSecond.median;
  return `## commit of ${writes}, 1 connection\n\n${loadTable(sides)}\n\nA commit does **${kept.toFixed(2)}** of the statement's rate (target 0.5).`;
}
