// A dump and a restore of a large project, beside COPY, and the heap meanwhile.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { idleHeap, withHeap } from '../lib/heap.js';
import { report, table } from '../lib/report.js';
import { withBasalt } from '../lib/stage.js';

const rows = 5_000_000;
const shell = promisify(execFile);

export async function run() {
  const page = report(
    'dump',
    'A dump and a restore of a gigabyte',
    `A table of ${rows.toLocaleString('en')} rows: \`GET …/dump\` and \`POST …/restore\` into a blank project by curl, and \`COPY … TO STDOUT\` and
\`COPY … FROM STDIN\` of the same rows by psql, each to and from a file. The heap is what the JVM's metrics say every 100 ms, garbage included.`,
  );
  const directory = mkdtempSync(join(tmpdir(), 'basalt-bench-dump-'));
  try {
    await withBasalt(async (basalt) => {
      const database = basalt.database();
      const definition = 'id bigint primary key, owner uuid not null, text text not null, price numeric not null';
      await basalt.sql(`create table many (${definition})`);
      basalt.postgres.query(
        database,
        `insert into many select n, gen_random_uuid(), repeat(md5(n::text), 5), n * 0.01 from generate_series(1, ${rows}) n;
         vacuum analyze many; create table copied (${definition})`,
      );
      await basalt.request('POST', '/platform/v1/projects', { ref: 'restored' }, { apikey: basalt.platformKey });
      const idle = await idleHeap(basalt);
      const psql = `psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p ${basalt.postgres.port} -U postgres ${database} -c`;
      const curl = `curl -sSf -H 'apikey: ${basalt.platformKey}'`;
      const projects = `${basalt.url}/platform/v1/projects`;
      const commands = [
        ['COPY to a file', `${psql} '\\copy (select * from many) to ${directory}/copy'`],
        ['dump', `${curl} '${projects}/default/dump' -o ${directory}/dump`],
        ['COPY from a file', `${psql} '\\copy copied from ${directory}/copy'`],
        ['restore', `${curl} -X POST '${projects}/restored/restore' -H 'content-type: application/sql' -T ${directory}/dump`],
      ];
      const measured = [];
      for (const [name, command] of commands) {
        basalt.postgres.checkpoint();
        const begin = performance.now();
        const { most } = await withHeap(basalt, () =>
          shell('sh', ['-c', command], { env: { ...process.env, PGPASSWORD: basalt.postgres.password } }),
        );
        const seconds = (performance.now() - begin) / 1000;
        measured.push({ name, seconds, heap: most });
        console.error(`  ${name}: ${seconds.toFixed(1)} s, heap ${most.toFixed(0)} MiB`);
      }
      const bytes = statSync(join(directory, 'copy')).size;
      page.write(
        table(
          ['what', 's', 'MiB/s', "of COPY's", 'target', 'most heap above idle, MiB'],
          measured.map(({ name, seconds, heap }, index) => {
            const ours = index % 2 === 1;
            return [
              name,
              seconds.toFixed(1),
              (bytes / 2 ** 20 / seconds).toFixed(0),
              ours ? (measured[index - 1].seconds / seconds).toFixed(2) : '–',
              ours ? '0.5' : '–',
              ours ? (heap - idle).toFixed(0) : '–',
            ];
          }),
        ),
        { bytes, idle, measured },
      );
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
