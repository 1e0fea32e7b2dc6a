// A server that answers as a test tells it to, and remembers what it was asked.

import { createServer } from 'node:http';

/** Starts one; `handle(request, response)` gets the body as `request.text`. */
export async function serve(t, handle) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    request.text = Buffer.concat(parts).toString();
    requests.push(request);
    handle(request, response, requests.length);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, requests };
}

/** Answers JSON. */
export const answer = (response, status, body, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** A client of a server that answers every request with the same JSON, and the requests that it got. */
export async function asking(t, createClient, body = {}) {
  const { url, requests } = await serve(t, (_, response) => answer(response, 200, body));
  return { basalt: createClient(url, 'key'), requests };
}

/** A promise that is settled from outside. */
export function signal() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
