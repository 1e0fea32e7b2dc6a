// Rounds of several sides in turn, and what comes of them.

import { loadavg } from 'node:os';
import { rounds, seconds, warmup } from './settings.js';

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Least, median and most. */
export const spread = (values) => ({ min: Math.min(...values), median: median(values), max: Math.max(...values) });

/**
 * Warms every side up, then measures them in turn (A B A B).
 *
 * A side is `{ name, load(seconds), server, memory() }`: `load` answers `{ requests, perSecond, p50, p99 }` in
 * microseconds; `server` has `cpuSeconds()` and may be missing; PostgreSQL is the same for all of them.
 */
export async function alternate(postgres, sides) {
  for (const side of sides) {
    console.error(`  warming up ${side.name}`);
    await side.load(warmup);
  }
  const measured = sides.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, side] of sides.entries()) {
      postgres.checkpoint();
      const server = side.server?.cpuSeconds();
      const database = postgres.cpuSeconds();
      const done = await side.load(seconds);
      const result = {
        perSecond: done.perSecond,
        p50: done.p50,
        p99: done.p99,
        serverMicros: side.server && ((side.server.cpuSeconds() - server) * 1e6) / done.requests,
        databaseMicros: ((postgres.cpuSeconds() - database) * 1e6) / done.requests,
        memoryMiB: side.memory?.(),
        machineLoad: loadavg()[0],
      };
      measured[index].push(result);
      console.error(
        `  round ${round} ${side.name}: ${result.perSecond.toFixed(0)}/s, p50 ${result.p50} µs, p99 ${result.p99} µs, ` +
          `CPU ${result.serverMicros?.toFixed(0) ?? '–'} + ${result.databaseMicros.toFixed(0)} µs`,
      );
    }
  }
  return sides.map((side, index) => summary(side.name, measured[index]));
}

function summary(name, measured) {
  const of = (field) => {
    const values = measured.map((round) => round[field]).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : spread(values);
  };
  return {
    name,
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    serverMicros: of('serverMicros'),
    databaseMicros: of('databaseMicros'),
    memoryMiB: of('memoryMiB'),
    rounds: measured,
  };
}
