// Whether the usage that Basalt reports is what the load generator counted, to the request.

import { wrk } from '../lib/load.js';
import { report, table, whole } from '../lib/report.js';
import { seconds } from '../lib/settings.js';
import { withBasalt } from '../lib/stage.js';

const threads = 8;

/** Requests and errors of the data service so far, by operation. */
async function usage(basalt) {
  const { series } = await basalt.request('GET', '/platform/v1/projects/default/usage?granularity=minute', undefined, {
    apikey: basalt.platformKey,
  });
  const sums = {};
  for (const { service, operation, requests, errors } of series) {
    const name = `${service} ${operation}`;
    const sum = (sums[name] ??= { requests: 0, errors: 0 });
    sum.requests += requests;
    sum.errors += errors;
  }
  return sums;
}

export async function run() {
  const page = report(
    'metering',
    'Metering against the load generator',
    `Each of ${threads} connections reads a row, asks for a table that is not there, and inserts a row, in turn; wrk stops each after
an exact count, so that no request is cut off. \`GET /platform/v1/projects/default/usage\` must say the same.`,
  );
  return withBasalt(async (basalt) => {
    await basalt.sql(
      `create table counted (id bigint generated always as identity primary key, name text not null);
       grant all on counted to anon`,
    );
    const before = await usage(basalt);
    const count = 3 * 50 * seconds;
    const load = await wrk({
      name: 'exact',
      url: basalt.url,
      connections: threads,
      threads,
      // wrk waits for its whole time, so it gets what a slow machine needs and no more.
      seconds: 10 + 2 * seconds,
      headers: { apikey: basalt.publishableKey, 'content-type': 'application/json' },
      parameters: { BENCH_COUNT: count },
      errors: true,
    });
    if (load.requests !== threads * count) {
      throw new Error(`wrk was cut off after ${load.requests} of ${threads * count} requests`);
    }
    const after = await usage(basalt);
    const third = (threads * count) / 3;
    const expected = [
      ['data rest.read', 'requests', 2 * third],
      ['data rest.read', 'errors', third],
      ['data rest.insert', 'requests', third],
      ['data rest.insert', 'errors', 0],
    ].map(([name, field, sent]) => ({
      name: `${name}: ${field}`,
      sent,
      counted: (after[name]?.[field] ?? 0) - (before[name]?.[field] ?? 0),
    }));
    const rows = Number(basalt.postgres.query(basalt.database(), 'select count(*) from counted'));
    expected.push({ name: 'rows in the table', sent: third, counted: rows });
    const equal = expected.every(({ sent, counted }) => sent === counted);
    page.write(
      table(['what', 'sent', 'counted'], expected.map(({ name, sent, counted }) => [name, whole(sent), whole(counted)])) +
        `\n\n${equal ? 'Equal.' : '**Not equal.**'}`,
      expected,
    );
    return equal;
  });
}
