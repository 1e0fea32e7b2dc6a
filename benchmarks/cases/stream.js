// A million rows as JSON and CSV, beside COPY, and the heap meanwhile.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { idleHeap, withHeap } from '../lib/heap.js';
import { report, table } from '../lib/report.js';
import { median, spread } from '../lib/rounds.js';
import { rounds, warmup } from '../lib/settings.js';
import { withBasalt } from '../lib/stage.js';

const rows = 1_000_000;
const shell = promisify(execFile);

/** Runs a command and counts what it prints; answers rows a second, and the most heap meanwhile. */
async function transfer(basalt, command) {
  const begin = performance.now();
  const { result, most } = await withHeap(basalt, () =>
    shell('sh', ['-c', `${command} | wc -c`], { env: { ...process.env, PGPASSWORD: basalt.postgres.password } }),
  );
  const seconds = (performance.now() - begin) / 1000;
  return { bytes: Number(result.stdout), seconds, perSecond: rows / seconds, heap: most };
}

export async function run() {
  const page = report(
    'stream',
    'A million rows',
    `${rows.toLocaleString('en')} rows of five columns read over \`/rest/v1\` without a bound on rows, with the secret key, as JSON and as CSV by curl, and by
\`psql\` with \`COPY … TO STDOUT\`. The heap is what the JVM's metrics say every 100 ms, garbage included, against the most of it while idle.`,
  );
  await withBasalt(async (basalt) => {
    const database = basalt.database();
    basalt.postgres.query(
      database,
      `create table many (id bigint primary key, owner uuid not null, name text not null, price numeric not null, created_at timestamptz not null);
       insert into many select n, gen_random_uuid(), 'item ' || n, n * 0.01, now() from generate_series(1, ${rows}) n;
       grant all on many to service_role; vacuum analyze many; notify pgrst`,
    );
    const curl = (accept) =>
      `curl -sf '${basalt.url}/rest/v1/many' -H 'apikey: ${basalt.secretKey}' -H 'accept: ${accept}'`;
    const sides = [
      { name: 'COPY', command: `psql -X -q -h 127.0.0.1 -p ${basalt.postgres.port} -U postgres ${database} -c 'copy many to stdout'` },
      { name: 'JSON', command: curl('application/json') },
      { name: 'CSV', command: curl('text/csv') },
    ];
    const idle = await idleHeap(basalt);
    for (const side of sides) {
      const begin = performance.now();
      while (performance.now() - begin < warmup * 1000) {
        await transfer(basalt, side.command);
      }
      side.rounds = [];
    }
    for (let round = 1; round <= rounds; round++) {
      for (const side of sides) {
        const done = await transfer(basalt, side.command);
        side.rounds.push(done);
        console.error(`  round ${round} ${side.name}: ${done.seconds.toFixed(1)} s, ${done.bytes} bytes, heap ${done.heap.toFixed(0)} MiB`);
      }
    }
    const rate = (side) => median(side.rounds.map((round) => round.perSecond));
    const line = (values) => [values.min, values.median, values.max].map((value) => Math.round(value).toLocaleString('en')).join(' / ');
    page.write(
      table(
        ['side', 'rows/s (min / median / max)', "of COPY's", 'target', 'MiB', 'most heap above idle, MiB', 'target'],
        sides.map((side) => [
          side.name,
          line(spread(side.rounds.map((round) => round.perSecond))),
          (rate(side) / rate(sides[0])).toFixed(2),
          side.name === 'COPY' ? '–' : '0.5',
          (side.rounds[0].bytes / 2 ** 20).toFixed(0),
          side.name === 'COPY' ? '–' : Math.max(...side.rounds.map((round) => round.heap - idle)).toFixed(0),
          side.name === 'COPY' ? '–' : '64',
        ]),
      ),
      { idle, sides: sides.map(({ name, rounds: measured }) => ({ name, rounds: measured })) },
    );
  }, { BASALT_DATA_REST_MAX_ROWS: '0' });
}
