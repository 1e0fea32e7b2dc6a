// A page in headless Chromium, on an origin of its own. CHROMIUM names one that is not in a usual place.

import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Why there can be no page, or false; said loudly where it is so. */
export function withoutChromium(suite) {
  if (executablePath) return false;
  const reason = 'NOT TESTED: there is no Chromium (name one by CHROMIUM)';
  console.error(`${suite}: SKIPPED, ${reason}`);
  return reason;
}

/**
 * Opens a browser with one empty page, and serves files to it.
 *
 * @param launcher the `chromium` of playwright-core
 * @param files `[media type, file URL]` by path
 * @returns the `page`, the `origin` of the files, the `profile`'s directory, what went wrong in the page (`failures`), `newPage()`
 *     and `close()`
 */
export async function open(launcher, files) {
  const server = createServer((request, response) => {
    const file = files[new URL(request.url, 'http://page').pathname];
    if (!file) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': file[0] }).end(readFileSync(file[1]));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const profile = mkdtempSync(join(tmpdir(), 'basalt-browser-'));
  // The sandbox of Chromium does not start for root; the page is ours.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await launcher.launchPersistentContext(profile, {
    executablePath, headless: true, args, viewport: { width: 800, height: 700 },
  });
  const failures = [];
  const newPage = async () => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => failures.push(`error in the page: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') failures.push(`on the console: ${message.text()}`);
    });
    return page;
  };
  return {
    page: await newPage(),
    newPage,
    origin: `http://127.0.0.1:${server.address().port}`,
    profile,
    failures,
    close: async () => {
      await browser.close();
      server.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
