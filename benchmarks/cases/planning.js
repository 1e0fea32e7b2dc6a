// What planning a request costs, by JMH, without a server or a database.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { home } from '../lib/basalt.js';
import { report, table } from '../lib/report.js';
import { rounds, seconds, warmup } from '../lib/settings.js';

const module = join(home, 'benchmarks', 'planning');
const targets = { cachedByKey: 15, cachedThreeEmbeds: 15, uncachedThreeEmbeds: 150 };

function must(command, args) {
  const done = spawnSync(command, args, { cwd: home, stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} exited with ${done.status}`);
  }
}

export async function run() {
  const page = report(
    'planning',
    'Plan a request',
    `From a query string to a statement and its parameters, without running it: a shape whose plan is kept, and one that is planned
anew, with three embedded resources, filters and orders.`,
  );
  must('./basalt', ['maven', '-q', '-Pbenchmarks', '-pl', 'benchmarks/planning', '-am', '-DskipTests', 'package']);
  const scratch = mkdtempSync(join(tmpdir(), 'planning-'));
  try {
    const result = join(scratch, 'result.json');
    const classPath = [join(module, 'target', 'classes'), readFileSync(join(module, 'target', 'class-path'), 'utf8').trim()];
    const java = join(readFileSync(join(module, 'target', 'classes', 'java-home'), 'utf8').trim(), 'bin', 'java');
    must(java, [
      '-cp', classPath.join(delimiter), 'org.openjdk.jmh.Main', 'PlanningBenchmark',
      '-wi', '1', '-w', `${warmup}s`, '-i', String(rounds), '-r', `${seconds}s`, '-foe', 'true', '-rf', 'json', '-rff', result,
    ]);
    const measured = JSON.parse(readFileSync(result, 'utf8')).map(({ benchmark, primaryMetric }) => ({
      name: benchmark.split('.').at(-1),
      microseconds: primaryMetric.score,
      error: primaryMetric.scoreError,
      rounds: primaryMetric.rawData.flat(),
    }));
    page.write(
      table(
        ['request', 'µs (mean ± 99.9 %)', 'target'],
        measured.map(({ name, microseconds, error }) => [
          name, `${microseconds.toFixed(2)} ± ${Number(error).toFixed(2)}`, `≤ ${targets[name]}`,
        ]),
      ),
      measured,
    );
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
