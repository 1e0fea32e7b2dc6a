// A query on an indexed field of few and of many documents.

import { connectionsTitle } from '../lib/compare.js';
import { wrk } from '../lib/load.js';
import { residentMiB } from '../lib/processes.js';
import { loadTable, report } from '../lib/report.js';
import { alternate } from '../lib/rounds.js';
import { withBasalt } from '../lib/stage.js';

const sizes = { small: 10_000, large: 1_000_000 };

export async function run() {
  const page = report(
    'indexed-documents',
    'A query on an indexed field of few and of many documents',
    `\`GET /documents/v1/{small,large}?number=eq.N\`, which finds one document of ${sizes.small.toLocaleString('en')} and of
${sizes.large.toLocaleString('en')}, by an index on \`number\`; as a signed-in user whose policy is \`owner = auth.uid()\`.`,
  );
  await withBasalt(async (basalt) => {
    const { token, claims } = await basalt.signUp('ann@example.com');
    const database = basalt.database();
    for (const [name, count] of Object.entries(sizes)) {
      await basalt.request('PUT', `/platform/v1/projects/default/collections/${name}`, { indexes: [{ fields: ['number'] }] });
      basalt.postgres.query(
        database,
        `create policy own on documents.${name} for select to authenticated using (owner = auth.uid());
         insert into documents.${name} (parent, id, data, owner)
           select '', n::text, jsonb_build_object('number', n, 'name', 'document ' || n), '${claims.sub}'
           from generate_series(1, ${count}) n;
         vacuum analyze documents.${name}`,
      );
    }
    const parts = [];
    const results = {};
    for (const connections of [32, 1]) {
      console.error(` ${connectionsTitle(connections)}`);
      const side = ([name, count]) => ({
        name: count.toLocaleString('en'),
        server: basalt,
        memory: () => residentMiB(basalt.pid),
        load: (seconds) =>
          wrk({
            name: 'load',
            url: basalt.url,
            connections,
            seconds,
            headers: { apikey: basalt.publishableKey, authorization: `Bearer ${token}` },
            parameters: { BENCH_PATH: `/documents/v1/${name}?number=eq.{key}`, BENCH_ROWS: count },
          }),
      });
      const sides = await alternate(basalt.postgres, Object.entries(sizes).map(side));
      const ratio = sides[1].perSecond.median / sides[0].perSecond.median;
      parts.push(
        `## ${connectionsTitle(connections)}\n\n${loadTable(sides)}\n\n` +
          `Of many it is **${ratio.toFixed(2)}** times as fast as of few (target 0.8 to 1.2).`,
      );
      results[connections] = sides;
    }
    page.write(parts.join('\n\n'), results);
  });
}
