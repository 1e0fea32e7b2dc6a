// What a flood of calls in one project does to the calls of another.

import { setTimeout as sleep } from 'node:timers/promises';
import { wrk } from '../lib/load.js';
import { loadTable, report } from '../lib/report.js';
import { alternate } from '../lib/rounds.js';
import { residentMiB } from '../lib/processes.js';
import { withBasalt } from '../lib/stage.js';

const answer = 'export default { fetch: () => new Response("ok") };';
const floods = {
  computes: 'export default { fetch() { let n = 1; for (let i = 0; i < 2e6; i++) n = (n * 31 + i) % 1000003; return new Response(String(n)); } };',
  waits: 'export default { async fetch() { await new Promise((done) => setTimeout(done, 200)); return new Response("ok"); } };',
};
const floodConnections = 64;

export async function run() {
  const page = report(
    'fair-share',
    'The calls of one project beside the flood of another',
    `\`GET /functions/v1/answer\` in one project over one connection, alone and while ${floodConnections} connections call a function of
another project as fast as it answers: one that computes for some milliseconds, and one that waits 200 ms. Each function has
four instances.`,
  );
  await withBasalt(async (basalt) => {
    const calm = await basalt.request('POST', '/platform/v1/projects', { ref: 'calm' }, { apikey: basalt.platformKey });
    await basalt.deploy('answer', answer, { runtime: 'js' }, { ref: 'calm', secretKey: calm.secretKey });
    for (const [name, source] of Object.entries(floods)) {
      await basalt.deploy(name, source, { runtime: 'js', maxInstances: 4 });
    }
    const load = (apikey, path, connections, seconds) =>
      wrk({
        name: 'load',
        url: basalt.url,
        connections,
        seconds,
        headers: { apikey },
        parameters: { BENCH_METHOD: 'GET', BENCH_PATH: `/functions/v1/${path}` },
      });
    const side = (name, flood) => ({
      name,
      server: basalt,
      memory: () => residentMiB(basalt.pid),
      load: async (seconds) => {
        const flooding = flood && load(basalt.publishableKey, flood, floodConnections, seconds + 2);
        if (flooding) {
          await sleep(1000);
        }
        const done = await load(calm.publishableKey, 'answer', 1, seconds);
        await flooding;
        return done;
      },
    });
    const sides = await alternate(basalt.postgres, [
      side('alone'),
      side('beside one that computes', 'computes'),
      side('beside one that waits', 'waits'),
    ]);
    const times = (index) => (sides[index].p99.median / sides[0].p99.median).toFixed(1);
    page.write(
      `${loadTable(sides)}\n\nIts p99 is **${times(1)}** times as long beside a flood that computes, **${times(2)}** times beside one ` +
        'that waits (target 2). CPU is that of all calls by one of these.',
      sides,
    );
  });
}
