// What a warm before hook adds to an insert.

import { wrk } from '../lib/load.js';
import { loadTable, report } from '../lib/report.js';
import { alternate, median } from '../lib/rounds.js';
import { residentMiB } from '../lib/processes.js';
import { withBasalt } from '../lib/stage.js';

const hook = `export async function onEvent(event, ctx) {
  const title = event.record.title.trim();
  if (title === '') return { reject: { status: 422, code: 'empty_title', message: 'A title is needed' } };
  return { record: { ...event.record, title } };
}
`;
const manifest = {
  runtime: 'js',
  entrypoint: 'index.js',
  triggers: [{ on: 'table', table: 'public.hooked', when: 'before', events: ['insert'] }],
};

async function prepare(basalt) {
  for (const table of ['plain', 'hooked']) {
    await basalt.sql(`
      create table ${table} (
        id bigint generated always as identity primary key, owner uuid not null default auth.uid(), title text not null,
        created_at timestamptz not null default now());
      alter table ${table} enable row level security;
      create policy own on ${table} for all to authenticated using (owner = auth.uid()) with check (owner = auth.uid());`);
  }
  await basalt.deploy('stamp', hook, manifest);
}

export async function run() {
  const page = report(
    'hook',
    'A warm JavaScript hook before an insert',
    `\`POST /rest/v1/{plain,hooked}\` with \`Prefer: return=representation\`; a hook on \`hooked\` trims the title in an isolate of a
worker process. The same user, policy and columns on both tables.`,
  );
  await withBasalt(async (basalt) => {
    const { token } = await basalt.signUp('ann@example.com');
    await prepare(basalt);
    const headers = {
      apikey: basalt.publishableKey,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      prefer: 'return=representation',
    };
    const [row] = await basalt.request('POST', '/rest/v1/hooked', { title: '  spaces  ' }, headers);
    if (row.title !== 'spaces') {
      throw new Error(`the hook did not run: ${JSON.stringify(row)}`);
    }
    const parts = [];
    const results = {};
    for (const connections of [1, 16]) {
      const side = (name, table) => ({
        name,
        server: basalt,
        memory: () => residentMiB(basalt.pid),
        load: (seconds) =>
          wrk({
            name: 'load',
            url: basalt.url,
            connections,
            seconds,
            headers,
            parameters: { BENCH_METHOD: 'POST', BENCH_PATH: `/rest/v1/${table}`, BENCH_BODY: '{"title":"  a book "}' },
          }),
      });
      console.error(` ${connections} connections`);
      const sides = await alternate(basalt.postgres, [side('without', 'plain'), side('with the hook', 'hooked')]);
      const added = sides[1].rounds.map((round, index) => round.p50 - sides[0].rounds[index].p50);
      const kept = sides[1].perSecond.median / sides[0].perSecond.median;
      parts.push(
        `## ${connections} connection${connections > 1 ? 's' : ''}\n\n${loadTable(sides)}\n\n` +
          `The hook adds **${median(added).toFixed(0)} µs** at the median (rounds: ${added.join(', ')}` +
          `${connections === 1 ? '; target 150' : ''}) and keeps ${kept.toFixed(2)} of the throughput.`,
      );
      results[connections] = sides;
    }
    page.write(parts.join('\n\n'), results);
  });
}
