// The embedded PostgreSQL of a running Basalt, as its superuser.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuSeconds, proportionalMiB } from './processes.js';

export class Postgres {
  constructor(dataDir) {
    const directory = join(dataDir, 'postgres');
    const lines = readFileSync(join(directory, 'pgdata', 'postmaster.pid'), 'utf8').split('\n');
    this.pid = Number(lines[0]);
    this.port = Number(lines[3]);
    this.password = readFileSync(join(directory, 'superuser.password'), 'utf8').trim();
  }

  /** The result of SQL, unaligned and without headings. */
  query(database, sql) {
    return execFileSync(
      'psql',
      ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', this.port, '-U', 'postgres', database],
      { encoding: 'utf8', input: sql, env: { ...process.env, PGPASSWORD: this.password } },
    ).trim();
  }

  /** A login for peers: the same grants as the login of the project's requests. */
  createLogin(database, login, password) {
    this.query(
      database,
      `create role ${login} login noinherit nosuperuser password '${password}';
       grant anon, authenticated, service_role to ${login};
       grant connect on database "${database}" to ${login};
       -- pgbench prepares a script's statements before the script takes its role.
       grant usage on schema auth, documents to ${login};`,
    );
  }

  /** Writes what is dirty now, so that no round pays for the one before it. */
  checkpoint() {
    this.query('postgres', 'checkpoint');
  }

  cpuSeconds() {
    return cpuSeconds(this.pid);
  }

  memoryMiB() {
    return proportionalMiB(this.pid);
  }
}
