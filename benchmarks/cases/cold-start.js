// The first answer of a function: in a worker that runs, in a new one, in a process.

import { execFileSync } from 'node:child_process';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { wrk } from '../lib/load.js';
import { report, table } from '../lib/report.js';
import { spread } from '../lib/rounds.js';
import { warmup } from '../lib/settings.js';
import { withBasalt } from '../lib/stage.js';

const functions = 50;
const projects = 10;
const processes = 15;
/** Seconds in which a blank worker is made and its host rests. */
const pause = 2;
/** Milliseconds between the first calls of functions, in which the next one's thread is made. */
const gap = 50;

/** Python itself: what is on the path may be a script that looks for it. */
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const isolate = (number) => `export default { fetch: () => Response.json({ message: "Hello, world", number: ${number} }) };\n`;
/** A client of the Lambda Runtime API that needs no more than a bare system has. */
const perlClient = (number) => `#!/usr/bin/perl
use IO::Socket::INET;
sub ask {
  my ($method, $path, $body) = @_;
  my $socket = IO::Socket::INET->new(PeerAddr => $ENV{AWS_LAMBDA_RUNTIME_API}) or die $!;
  print $socket "$method /2018-06-01/runtime/invocation/$path HTTP/1.1\\r\\nHost: runtime\\r\\nConnection: close\\r\\nContent-Length: ",
    length($body), "\\r\\n\\r\\n$body";
  local $/;
  return <$socket>;
}
while (ask('GET', 'next', '') =~ /^lambda-runtime-aws-request-id: (\\S+)/im) {
  ask('POST', "$1/response", '{"statusCode": 200, "body": "hello ${number}"}');
}
`;
const lanes = [
  {
    runtime: 'nodejs',
    file: 'index.js',
    manifest: { runtime: 'nodejs', signature: 'lambda', handler: 'index.handler' },
    source: (number) => `exports.handler = async () => ({ statusCode: 200, body: 'hello ${number}' });\n`,
    alone: () => execFileSync('node', ['-e', '0']),
  },
  {
    runtime: 'python',
    file: 'main.py',
    manifest: { runtime: 'python', signature: 'lambda', handler: 'main.handler' },
    source: (number) => `def handler(event, context):\n    return {"statusCode": 200, "body": "hello ${number}"}\n`,
    alone: () => execFileSync(python, ['-c', 'pass']),
  },
  {
    runtime: 'provided',
    file: 'bootstrap',
    manifest: { runtime: 'provided' },
    source: perlClient,
    alone: () => execFileSync('perl', ['-e', '0']),
  },
];

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds of a call of a function; it must succeed. */
function call(basalt, name, key = basalt.publishableKey) {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const sent = request(`${basalt.url}/functions/v1/${name}`, { agent, headers: { apikey: key } }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text) => (body += text));
      answer.on('end', () => {
        const millis = performance.now() - begin;
        return answer.statusCode === 200 ? resolve(millis) : reject(new Error(`${name} answered ${answer.statusCode}: ${body}`));
      });
    });
    sent.on('error', reject).end();
  });
}

/** The first calls of functions and the ones after it. */
async function firsts(basalt, calls) {
  const first = [];
  const second = [];
  for (const one of calls) {
    await one.before?.();
    first.push(await call(basalt, one.name, one.key));
    second.push(await call(basalt, one.name, one.key));
  }
  return { first, second };
}

async function inWarmWorker(basalt) {
  const deployed = async (prefix) => {
    const names = Array.from({ length: functions }, (_, number) => `${prefix}-${number}`);
    for (const [number, name] of names.entries()) {
      await basalt.deploy(name, isolate(number), { runtime: 'js' });
    }
    return names.map((name) => ({ name }));
  };
  // Warms the host: a first round of other functions, and load on one of them.
  await firsts(basalt, await deployed('before'));
  await wrk({
    name: 'load',
    url: basalt.url,
    connections: 1,
    seconds: warmup,
    headers: { apikey: basalt.publishableKey },
    parameters: { BENCH_METHOD: 'GET', BENCH_PATH: '/functions/v1/before-0' },
  });
  const fresh = await deployed('fresh');
  const apart = await firsts(basalt, fresh.map((one) => ({ ...one, before: () => sleep(gap) })));
  return { apart, burst: await firsts(basalt, await deployed('burst')) };
}

async function inNewWorkers(basalt, prefix, before) {
  const calls = [];
  for (let number = 0; number < projects; number++) {
    const ref = `${prefix}${number}`;
    const keys = await basalt.request('POST', '/platform/v1/projects', { ref }, { apikey: basalt.platformKey });
    await basalt.deploy('first', isolate(number), { runtime: 'js' }, { ref, secretKey: keys.secretKey });
    calls.push({ name: 'first', key: keys.publishableKey, before });
  }
  await sleep(pause * 1000);
  return firsts(basalt, calls);
}

async function inProcesses(basalt, lane) {
  const calls = [];
  const alone = [];
  for (let number = 0; number < processes; number++) {
    const name = `${lane.runtime}-${number}`;
    await basalt.request('PUT', `/platform/v1/projects/default/functions/${name}`, {
      files: { [lane.file]: lane.source(number) },
      manifest: lane.manifest,
    });
    const before = () => {
      const begin = performance.now();
      lane.alone();
      alone.push(performance.now() - begin);
    };
    calls.push({ name, before });
  }
  return { ...(await firsts(basalt, calls)), alone };
}

const tenth = (values, format) => {
  const sorted = [...values].sort((a, b) => a - b);
  return format(sorted[Math.ceil(0.9 * sorted.length) - 1]);
};
const millis = (value) => value.toFixed(1);
const line = (what, values, target = '–') => {
  const { min, median, max } = spread(values);
  return [what, `${millis(min)} / **${millis(median)}** / ${millis(max)}`, tenth(values, millis), target];
};

export async function run() {
  const page = report(
    'cold-start',
    'The first answer of a function',
    `Milliseconds of one request over an open connection. ${functions} functions that were just deployed in a project whose worker runs, with
${gap} ms between them, and ${functions} one right after the other; the first function of ${projects} projects with ${pause} s between
them, in which a blank worker is made, and of ${projects} without a pause;
${processes} functions a process, beside a start of the interpreter alone (an empty program). The second call of each is what a warm one
costs, by this client.`,
  );
  await withBasalt(async (basalt) => {
    const { apart, burst } = await inWarmWorker(basalt);
    const stocked = await inNewWorkers(basalt, 'stocked', () => sleep(pause * 1000));
    const bare = await inNewWorkers(basalt, 'bare');
    const lines = [
      line('new function, warm worker', apart.first, '5'),
      line('its second call', apart.second),
      line('one right after the other', burst.first),
      line('new worker, a blank one in stock', stocked.first, '200'),
      line('new worker, none in stock', bare.first, '200'),
    ];
    const results = { apart, burst, stocked, bare };
    for (const lane of lanes) {
      const one = await inProcesses(basalt, lane);
      results[lane.runtime] = one;
      const added = one.first.map((first, index) => first - one.alone[index]);
      lines.push(
        line(`new process, ${lane.runtime}`, one.first),
        line(`the interpreter alone, ${lane.runtime}`, one.alone),
        line(`above the interpreter, ${lane.runtime}`, added, '100'),
      );
    }
    page.write(table(['what', 'ms (min / median / max)', '90th percentile', 'target'], lines), results);
  });
}
