// A warm function by HTTP beside workerd.

import { start } from '../../conformance/web-apis/lib/workerd.js';
import { connectionsTitle, loadOn } from '../lib/compare.js';
import { cpuSeconds, residentMiB } from '../lib/processes.js';
import { loadTable, report } from '../lib/report.js';
import { alternate } from '../lib/rounds.js';
import { withBasalt } from '../lib/stage.js';

const program = 'export default { fetch: () => Response.json({ message: "Hello, world" }) };\n';

/** Runs `work` with a workerd that serves the program. */
async function withWorkerd(work) {
  const workerd = await start({ 'index.js': program });
  if (workerd.missing) {
    throw new Error(`workerd: ${workerd.missing}`);
  }
  try {
    return await work({
      name: 'workerd',
      url: workerd.url,
      server: { cpuSeconds: () => cpuSeconds(workerd.pid) },
      memory: () => residentMiB(workerd.pid),
      user: {},
    });
  } finally {
    await workerd.stop();
  }
}

export async function run() {
  const page = report(
    'functions',
    'A function that answers with some JSON',
    `\`GET /functions/v1/hello\` of somebody who is signed in, warm, from an isolate in a sandboxed worker process; workerd serves the
same program in an isolate of its own process, and checks nobody.`,
  );
  await withBasalt(async (basalt) => {
    const { token } = await basalt.signUp('ann@example.com');
    await basalt.deploy('hello', program, { runtime: 'js' });
    const ours = {
      name: 'Basalt',
      url: `${basalt.url}/functions/v1`,
      server: basalt,
      memory: () => residentMiB(basalt.pid),
      user: { apikey: basalt.publishableKey, authorization: `Bearer ${token}` },
    };
    await withWorkerd(async (workerd) => {
      const parts = [];
      const results = {};
      for (const connections of [32, 1]) {
        const over = (side) => ({ ...side, load: loadOn(side, { path: 'hello' }, connections) });
        console.error(` ${connectionsTitle(connections)}`);
        const sides = await alternate(basalt.postgres, [over(ours), over(workerd)]);
        const [rate, peer] = sides.map((side) => side.perSecond.median);
        parts.push(
          `## ${connectionsTitle(connections)}\n\n${loadTable(sides)}\n\n` +
            `Basalt does **${(rate / peer).toFixed(2)}** times workerd's requests (target 1).`,
        );
        results[connections] = sides;
      }
      page.write(parts.join('\n\n'), results);
    });
  });
}
