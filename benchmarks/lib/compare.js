// The same request to Basalt and to PostgREST, with many connections and with one.

import { wrk } from './load.js';
import { loadTable } from './report.js';
import { alternate } from './rounds.js';
import { rows } from './settings.js';
import { withPeers } from './stage.js';

/**
 * Load on a path below a side's URL, as somebody: `who` is `user` or `anonymous`. `{key}` in the path is a random key of the
 * table that is read.
 */
export const loadOn = (side, { path, who = 'user', method = 'GET', body, headers = {} }, connections) => (seconds) =>
  wrk({
    name: 'load',
    url: side.url,
    connections,
    seconds,
    headers: { ...side[who], ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    parameters: {
      BENCH_METHOD: method,
      BENCH_PATH: `${new URL(side.url).pathname.replace(/\/$/, '')}/${path}`,
      BENCH_ROWS: rows,
      ...(body === undefined ? {} : { BENCH_BODY: body }),
    },
  });

export const connectionsTitle = (connections) => `${connections} connection${connections > 1 ? 's' : ''}`;

/**
 * Measures a request and writes the page. `prepare` makes the tables; `before`, if there is one, runs before each load with
 * the stage, so that every round finds the same.
 */
export async function compare(page, { prepare, request, target, before = () => {}, connections = [32, 1] }) {
  await withPeers(prepare, async (stage) => {
    const parts = [];
    const results = {};
    for (const count of connections) {
      const over = (side) => ({
        ...side,
        load: (seconds) => {
          before(stage);
          return loadOn(side, request, count)(seconds);
        },
      });
      console.error(` ${connectionsTitle(count)}`);
      const sides = await alternate(stage.postgres, [over(stage.basalt), over(stage.postgrest)]);
      const [ours, peer] = sides.map((side) => side.perSecond.median);
      parts.push(
        `## ${connectionsTitle(count)}\n\n${loadTable(sides)}\n\n` +
          `Basalt does **${(ours / peer).toFixed(2)}** times PostgREST's requests (target ${target}).`,
      );
      results[count] = sides;
    }
    page.write(parts.join('\n\n'), results);
  });
}
