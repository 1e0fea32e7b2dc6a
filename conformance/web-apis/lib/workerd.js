// workerd, which runs the program beside Basalt: the oracle.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const config = (files, compatibilityDate) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [${Object.keys(files).map((name) => `(name = "${name}", esModule = embed "${name}")`).join(', ')}],
    compatibilityDate = "${compatibilityDate}"
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`;

async function write(files, compatibilityDate) {
  const directory = await mkdtemp(join(tmpdir(), 'web-apis-'));
  for (const [name, content] of Object.entries({ ...files, 'config.capnp': config(files, compatibilityDate) })) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
  return directory;
}

/**
 * Starts workerd on the files of a program, index.js first.
 *
 * @returns {Promise<{url: string, pid: number, stop: () => Promise<void>} | {missing: string}>} what it lacks where it cannot run here
 */
export async function start(files) {
  let workerd;
  try {
    workerd = createRequire(import.meta.url)('workerd');
  } catch (error) {
    return { missing: error.message };
  }
  const directory = await write(files, workerd.compatibilityDate);
  const child = spawn(workerd.default, ['serve', join(directory, 'config.capnp'), '--control-fd=3'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => { said += chunk; });
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('close', resolve);
  });
  const stop = async () => {
    child.kill();
    await ended;
    await rm(directory, { recursive: true });
  };
  const listening = new Promise((resolve) => {
    createInterface({ input: child.stdio[3] }).on('line', (line) => {
      const { event, port } = JSON.parse(line);
      if (event === 'listen') resolve(port);
    });
  });
  const port = await Promise.race([listening, ended.then(() => undefined)]);
  if (port === undefined) {
    await stop();
    return { missing: `workerd did not start: ${said}` };
  }
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop };
}
