// What functions cost that nobody calls, and what many warm ones do.

import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { heap } from '../lib/heap.js';
import { residentMiB, tree, until } from '../lib/processes.js';
import { report, table } from '../lib/report.js';
import { withBasalt } from '../lib/stage.js';

const idle = 1000;
const warm = 100;
const idleSeconds = 10;

const source = (number) => `export default { fetch: () => Response.json({ message: "Hello, world", number: ${number} }) };\n`;

/** The processes of a Basalt beside Java and PostgreSQL: those of functions. */
const processes = (basalt) => tree(basalt.pid, [basalt.postgres.pid]).filter((pid) => pid !== basalt.pid);

/** MiB when nothing has happened for a while: what is reachable on the heap, and the Java process' resident set. */
async function rest(basalt) {
  await sleep(idleSeconds * 1000);
  const resident = residentMiB(basalt.pid);
  // Beside the Java that runs it.
  execFileSync(join(dirname(readlinkSync(`/proc/${basalt.pid}/exe`)), 'jcmd'), [String(basalt.pid), 'GC.run']);
  return { resident, heap: await heap(basalt), processes: processes(basalt).length };
}

async function restart(basalt) {
  basalt.stop();
  basalt.up();
  await basalt.sql('select 1');
}

async function deployAll(basalt, prefix, count) {
  const queue = Array.from({ length: count }, (_, number) => number);
  const deployer = async () => {
    for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
      await basalt.deploy(`${prefix}-${number}`, source(number), { runtime: 'js' });
    }
  };
  await Promise.all(Array.from({ length: 4 }, deployer));
}

/** Calls so many functions; answers MiB of the process that runs them. */
async function warmUp(basalt, count) {
  for (let number = 0; number < count; number++) {
    const answer = await basalt.request('GET', `/functions/v1/idle-${number}`);
    if (answer.number !== number) {
      throw new Error(`idle-${number} answered ${JSON.stringify(answer)}`);
    }
  }
  await sleep(1000);
  return Math.max(...processes(basalt).map(residentMiB));
}

export async function run() {
  const page = report(
    'density',
    'Functions that idle',
    `${idle.toLocaleString('en')} functions of one project that nobody calls: what they add to the Java process of a Basalt that idles for ${idleSeconds} s, right
after they were deployed and after a restart. Then ${warm} of them are called once: the memory of their worker, beside the same with one.`,
  );
  await withBasalt(
    async (basalt) => {
      await restart(basalt);
      const none = await rest(basalt);
      await deployAll(basalt, 'idle', idle);
      // What checked them goes when it has idled.
      await until(() => processes(basalt).length === 0, 'no process is left', 120_000);
      const deployed = await rest(basalt);
      await restart(basalt);
      const again = await rest(basalt);
      const one = await warmUp(basalt, 1);
      const all = await warmUp(basalt, warm);
      const difference = (field) => (value) => `${value[field].toFixed(0)} (${(value[field] - none[field]).toFixed(1)} more)`;
      const cells = [difference('heap'), difference('resident'), (value) => String(value.processes)];
      page.write(
        `${table(
          ['', 'heap MiB', 'RSS MiB', 'processes of functions'],
          [
            ['no function', none.heap.toFixed(0), none.resident.toFixed(0), none.processes],
            [`${idle} deployed`, ...cells.map((cell) => cell(deployed))],
            [`${idle} deployed, restarted`, ...cells.map((cell) => cell(again))],
          ],
        )}\n\nTarget: 20 MiB more and no process.\n\n${table(
          ['isolates in a worker', 'RSS MiB of it'],
          [
            ['1', one.toFixed(0)],
            [String(warm), all.toFixed(0)],
          ],
        )}\n\nTarget: 400 MiB. One isolate more costs ${((all - one) / (warm - 1)).toFixed(1)} MiB.`,
        { none, deployed, again, one, all },
      );
    },
    { BASALT_FUNCTIONS_JS_WORKER_IDLE: 'PT20S' },
  );
}
