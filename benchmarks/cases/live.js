// How long a commit takes to reach many live queries, and what they cost while nothing happens.

import { request } from 'node:http';
import { heap } from '../lib/heap.js';
import { residentMiB, until } from '../lib/processes.js';
import { report, table } from '../lib/report.js';
import { median, spread } from '../lib/rounds.js';
import { rounds } from '../lib/settings.js';
import { withBasalt } from '../lib/stage.js';

const listeners = 1000;
const idleSeconds = 10;

/** A live query; `events` counts what came, `heard` is when the last of it did. */
function listen(basalt) {
  const live = { events: 0, heard: 0 };
  live.request = request(`${basalt.url}/documents/v1/posts?order=title`, {
    agent: false,
    headers: { apikey: basalt.secretKey, accept: 'text/event-stream' },
  });
  live.request.on('response', (answer) => {
    let rest = '';
    answer.setEncoding('utf8').on('data', (text) => {
      const parts = (rest + text).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        if (part.startsWith('event:')) {
          live.events++;
          live.heard = performance.now();
        }
      }
    });
    answer.on('error', () => {});
  });
  live.request.on('error', () => {});
  live.request.end();
  return live;
}

export async function run() {
  const page = report(
    'live',
    'A commit and a thousand live queries',
    `${listeners.toLocaleString('en')} live queries on one collection, each on a connection of its own. The time from sending a commit of
one document until the change has reached a listener, at the median and the last of all listeners; and the memory of the Java
process after ${idleSeconds} s in which nothing happened, against the same before they came.`,
  );
  await withBasalt(async (basalt) => {
    await basalt.request('PUT', '/platform/v1/projects/default/collections/posts', {});
    const write = (title) => basalt.request('PUT', '/documents/v1/posts/one', { title });
    for (let warm = 0; warm < 200; warm++) {
      await write(`warm ${warm}`);
    }
    const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await pause(idleSeconds);
    const before = { resident: residentMiB(basalt.pid), heap: await heap(basalt) };
    const lives = Array.from({ length: listeners }, () => listen(basalt));
    await until(() => lives.every((live) => live.events >= 1), 'every live query has its snapshot');
    await pause(idleSeconds);
    const idle = { resident: residentMiB(basalt.pid), heap: await heap(basalt) };
    const medians = [];
    const lasts = [];
    for (let round = 0; round < rounds + 5; round++) {
      const seen = lives.map((live) => live.events);
      const begin = performance.now();
      await write(`round ${round}`);
      await until(() => lives.every((live, index) => live.events > seen[index]), 'every live query heard', 30_000);
      // The first ones warm the way.
      if (round >= 5) {
        const times = lives.map((live) => live.heard - begin);
        medians.push(median(times));
        lasts.push(Math.max(...times));
        console.error(`  round ${round - 4}: median ${medians.at(-1).toFixed(0)} ms, last ${lasts.at(-1).toFixed(0)} ms`);
      }
      await pause(0.5);
    }
    lives.forEach((live) => live.request.destroy());
    const line = (values) => [values.min, values.median, values.max].map((value) => value.toFixed(0)).join(' / ');
    page.write(
      table(
        ['what', 'min / median / max', 'target'],
        [
          ['commit to a listener at the median, ms', line(spread(medians)), '100'],
          ['commit to the last listener, ms', line(spread(lasts)), '–'],
          ['resident more than before, MiB', (idle.resident - before.resident).toFixed(0), '20'],
          ['heap in use more than before, garbage included, MiB', (idle.heap - before.heap).toFixed(0), '–'],
        ],
      ),
      { before, idle, medians, lasts },
    );
  });
}
