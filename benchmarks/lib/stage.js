// The stage of a comparison: a Basalt, a user, and PostgREST on the same database.

import { randomBytes } from 'node:crypto';
import { Basalt } from './basalt.js';
import { login, PostgREST } from './postgrest.js';
import { residentMiB } from './processes.js';

/** Runs `work` with a fresh Basalt, which is stopped and removed whatever happens. */
export async function withBasalt(work, settings) {
  const basalt = await Basalt.start(settings);
  const end = () => {
    basalt.stop();
    basalt.remove();
  };
  const interrupted = () => {
    end();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await work(basalt);
  } catch (failure) {
    console.error(basalt.log().split('\n').slice(-30).join('\n'));
    throw failure;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    end();
  }
}

/**
 * Runs `work` with both servers. `prepare` makes the tables; PostgREST starts after it. Each side comes with the headers of
 * somebody who is not signed in (`anonymous`) and of the same user (`user`).
 */
export function withPeers(prepare, work) {
  return withBasalt(async (basalt) => {
    const { token, claims } = await basalt.signUp('ann@example.com');
    const database = basalt.database();
    const password = randomBytes(16).toString('hex');
    basalt.postgres.createLogin(database, login, password);
    await prepare(basalt, claims.sub, database);
    const peer = await PostgREST.start(basalt, database, password);
    const kill = () => peer.process.kill('SIGKILL');
    process.once('exit', kill);
    try {
      return await work({
        postgres: basalt.postgres,
        database,
        login: { name: login, password },
        claims,
        basalt: {
          name: 'Basalt',
          url: `${basalt.url}/rest/v1`,
          server: basalt,
          memory: () => residentMiB(basalt.pid),
          anonymous: { apikey: basalt.publishableKey },
          user: { apikey: basalt.publishableKey, authorization: `Bearer ${token}` },
        },
        postgrest: {
          name: 'PostgREST 12.0.2',
          url: peer.url,
          server: peer,
          memory: () => peer.residentMiB(),
          anonymous: {},
          user: { authorization: `Bearer ${peer.token(claims)}` },
        },
      });
    } finally {
      process.off('exit', kill);
      await peer.stop();
    }
  });
}
