// A Basalt started for a run, and what its operator does.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuSeconds } from './processes.js';
import { Postgres } from './postgres.js';

export const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A port that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Runs ./basalt with arguments; answers what it printed. */
function command(environment, ...args) {
  const done = spawnSync(join(home, 'basalt'), args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 1_200_000,
  });
  if (done.status !== 0) {
    throw new Error(`./basalt ${args.join(' ')} exited with ${done.status}: ${done.stderr}${done.stdout}`);
  }
  return done.stdout;
}

export class Basalt {
  #environment;

  constructor(dataDir, port, settings = {}) {
    this.dataDir = dataDir;
    this.#environment = { ...settings, BASALT_DATA: dataDir, BASALT_PORT: String(port) };
  }

  /** One on a data directory of its own, started. */
  static async start(settings) {
    const basalt = new Basalt(mkdtempSync(join(tmpdir(), 'basalt-bench-')), await freePort(), settings);
    basalt.up();
    return basalt;
  }

  up() {
    command(this.#environment, 'up', '--detach');
    const status = JSON.parse(command(this.#environment, 'status', '--json'));
    const [project] = status.projects;
    this.pid = status.pid;
    this.url = status.url;
    this.platformKey = status.platformKey;
    this.publishableKey = project.publishableKey;
    this.secretKey = project.secretKey;
    this.postgres = new Postgres(this.dataDir);
  }

  stop() {
    command(this.#environment, 'stop');
  }

  remove() {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** CPU of the Java process and its workers, without PostgreSQL, in seconds. */
  cpuSeconds() {
    return cpuSeconds(this.pid, [this.postgres.pid]);
  }

  /** A request that must succeed; answers its parsed body. */
  async request(method, path, body, headers = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { apikey: this.secretKey, 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }

  sql(query) {
    return this.request('POST', '/sql/v1', { query });
  }

  /** Signs a user up; answers the access token and its claims. */
  async signUp(email) {
    const session = await this.request(
      'POST',
      '/auth/v1/signup',
      { email, password: 'correct horse battery staple 7!' },
      { apikey: this.publishableKey },
    );
    const claims = JSON.parse(Buffer.from(session.access_token.split('.')[1], 'base64url').toString());
    return { token: session.access_token, claims };
  }

  /** The name of the database of project `default`. */
  database() {
    return this.postgres.query(
      'basalt',
      "select d.name from project_databases d join projects p on p.id = d.project_id where p.ref = 'default'",
    );
  }

  /** Deploys a JavaScript function of one file. */
  deploy(name, source, manifest, { ref = 'default', secretKey = this.secretKey } = {}) {
    const body = { files: { 'index.js': source }, manifest };
    return this.request('PUT', `/platform/v1/projects/${ref}/functions/${name}`, body, { apikey: secretKey });
  }

  log() {
    return readFileSync(join(this.dataDir, 'basalt.log'), 'utf8');
  }
}
