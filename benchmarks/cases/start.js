// From ./basalt up --detach to the first answered request, and the memory of an idle Basalt.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Basalt, freePort } from '../lib/basalt.js';
import { residentMiB } from '../lib/processes.js';
import { report, table } from '../lib/report.js';
import { spread } from '../lib/rounds.js';
import { rounds } from '../lib/settings.js';

const idleSeconds = 10;

/** Milliseconds until a statement was answered. */
async function start(basalt) {
  const begin = performance.now();
  basalt.up();
  await basalt.sql('select 1');
  return performance.now() - begin;
}

const millis = (values) =>
  [values.min, values.median, values.max].map((value) => value.toFixed(0)).join(' / ');
const mebibytes = (values) => [values.min, values.median, values.max].map((value) => value.toFixed(0)).join(' / ');

export async function run() {
  // Builds if need be, and fills the page cache.
  const unmeasured = await Basalt.start();
  unmeasured.stop();
  unmeasured.remove();
  const page = report(
    'start',
    'Start to the first answered request',
    `\`./basalt up --detach\` on a built tree, then \`select 1\` through \`/sql/v1\`; the files are in the page cache. Memory
${idleSeconds} s later, without a request in between: the Java process' resident set, PostgreSQL's proportional set.`,
  );
  const first = [];
  const again = [];
  const java = [];
  const postgres = [];
  for (let round = 1; round <= rounds; round++) {
    const basalt = new Basalt(mkdtempSync(join(tmpdir(), 'basalt-bench-')), await freePort());
    try {
      first.push(await start(basalt));
      basalt.stop();
      again.push(await start(basalt));
      await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
      java.push(residentMiB(basalt.pid));
      postgres.push(basalt.postgres.memoryMiB());
    } finally {
      basalt.stop();
      basalt.remove();
    }
    console.error(`  round ${round}: first ${first.at(-1).toFixed(0)} ms, again ${again.at(-1).toFixed(0)} ms, ${java.at(-1).toFixed(0)} MiB`);
  }
  page.write(
    table(
      ['what', 'min / median / max', 'target'],
      [
        ['very first start, ms', millis(spread(first)), '8,000'],
        ['start with data, ms', millis(spread(again)), '3,000'],
        ['Java, idle, MiB', mebibytes(spread(java)), '300'],
        ['PostgreSQL, idle, MiB', mebibytes(spread(postgres)), '–'],
      ],
    ),
    { first, again, java, postgres },
  );
}
