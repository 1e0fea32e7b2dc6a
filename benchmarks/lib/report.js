// Results as Markdown and JSON, in results/.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { home } from './basalt.js';
import { rounds, seconds, warmup } from './settings.js';

const directory = join(home, 'benchmarks', 'results');

export const whole = (value) => (value === undefined ? '–' : Math.round(value).toLocaleString('en'));
const three = (values, format) =>
  values === undefined ? '–' : `${format(values.min)} / **${format(values.median)}** / ${format(values.max)}`;
const millis = (micros) => (micros / 1000).toFixed(2);
const one = (values) => (values === undefined ? '–' : whole(values.median));

export const table = (headings, lines) =>
  [headings, headings.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The table of what rounds.js measured. */
export function loadTable(sides) {
  return table(
    ['side', 'requests/s (min / median / max)', 'p50 ms', 'p99 ms', 'CPU server µs', 'CPU PostgreSQL µs', 'RSS MiB'],
    sides.map((side) => [
      side.name,
      three(side.perSecond, whole),
      three(side.p50, millis),
      three(side.p99, millis),
      one(side.serverMicros),
      one(side.databaseMicros),
      one(side.memoryMiB),
    ]),
  );
}

function git(...args) {
  return execFileSync('git', ['-C', home, ...args], { encoding: 'utf8' }).trim();
}

function environment() {
  const dirty = git('status', '--porcelain', '--', '.', ':!benchmarks/results') === '' ? '' : ' (with changes)';
  return {
    at: new Date().toISOString(),
    commit: git('rev-parse', '--short', 'HEAD') + dirty,
    cpu: `${cpus().length} x ${cpus()[0].model}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: loadavg()[0],
    rounds,
    seconds,
    warmup,
  };
}

/** Begins a report; `write` ends it. The load of the machine is taken at the beginning. */
export function report(name, title, text) {
  const at = environment();
  return {
    write(markdown, results) {
      mkdirSync(directory, { recursive: true });
      const content = `# ${title}

${text}

${markdown}

Taken ${at.at} at ${at.commit} on ${at.cpu}, ${at.memoryGiB} GiB, Linux ${at.kernel}, load ${at.loadBefore.toFixed(1)} before
the run; rounds as the harness was told: ${at.rounds} of ${at.seconds} s after ${at.warmup} s of warm-up. Load generator and
all sides on the same machine: read the ratios, not the absolute figures.
`;
      writeFileSync(join(directory, `${name}.md`), content);
      writeFileSync(join(directory, `${name}.json`), `${JSON.stringify({ ...at, results }, null, 2)}\n`);
      console.log(content);
    },
  };
}

export const readVersion = (file) => JSON.parse(readFileSync(file, 'utf8')).version;
