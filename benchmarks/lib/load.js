// The load generators.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = (name) => fileURLToPath(new URL(`../wrk/${name}.lua`, import.meta.url));

/**
 * Load by wrk: `name` is a script in wrk/, which reads its parameters from the environment. Latencies in microseconds. Fails
 * if any request failed.
 */
export async function wrk({ name, url, connections, threads = 1, seconds, headers = {}, parameters = {}, errors = false }) {
  const args = ['-t', threads, '-c', connections, '-d', `${seconds}s`, '--timeout', '10s', '-s', script(name)];
  for (const [header, value] of Object.entries(headers)) {
    args.push('-H', `${header}: ${value}`);
  }
  const { stdout } = await run('wrk', [...args, url].map(String), {
    env: { ...process.env, ...parameters },
    timeout: (seconds + 120) * 1000,
  });
  const result = JSON.parse(/^RESULT (.*)$/m.exec(stdout)[1]);
  const broken = result.connect + result.read + result.write + result.timeout + (errors ? 0 : result.status);
  if (broken > 0 || result.requests === 0) {
    throw new Error(`load on ${url} failed: ${JSON.stringify(result)}`);
  }
  return { ...result, perSecond: (result.requests * 1e6) / result.microseconds };
}

/** A pgbench script run by a login on prepared statements; the same shape of result as wrk's. */
export async function pgbench({ postgres, database, login, password, sql, connections, seconds }) {
  const directory = mkdtempSync(join(tmpdir(), 'pgbench-'));
  try {
    const file = join(directory, 'script.sql');
    writeFileSync(file, sql);
    const args = ['-n', '-M', 'prepared', '-c', connections, '-j', 1, '-T', seconds, '-f', file];
    args.push('-l', '--log-prefix', join(directory, 'log'), '--sampling-rate', '0.1');
    args.push('-h', '127.0.0.1', '-p', postgres.port, '-U', login, database);
    const { stdout } = await run('pgbench', args.map(String), {
      env: { ...process.env, PGPASSWORD: password },
      timeout: (seconds + 120) * 1000,
    });
    const failed = Number(/number of failed transactions: (\d+)/.exec(stdout)?.[1] ?? 0);
    if (failed > 0) {
      throw new Error(`pgbench failed: ${stdout}`);
    }
    const latencies = readdirSync(directory)
      .filter((name) => name.startsWith('log'))
      .flatMap((name) => readFileSync(join(directory, name), 'utf8').trim().split('\n'))
      .map((line) => Number(line.split(' ')[2]))
      .sort((a, b) => a - b);
    const at = (fraction) => latencies[Math.floor(fraction * (latencies.length - 1))];
    const requests = Number(/transactions actually processed: (\d+)/.exec(stdout)[1]);
    const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)[1]);
    return { requests, perSecond, p50: at(0.5), p99: at(0.99) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
