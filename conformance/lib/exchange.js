// One request over the wire as it is written in a case, and what came back.

import http from 'node:http';
import https from 'node:https';

const agents = new Map();

/** Longer than any case takes; an answer that does not come fails its case alone. */
const patience = 20_000;

const agentOf = (transport) => {
  if (!agents.has(transport)) agents.set(transport, new transport.Agent({ keepAlive: true, maxSockets: 1 }));
  return agents.get(transport);
};

/**
 * Percent-encodes what no URL may hold (spaces, quotes, braces, bars, letters beyond ASCII). Everything else, whatever is
 * already encoded included, goes out as it is written.
 */
export const encoded = (path) =>
  path.replace(/[^\x21-\x7e]|["<>\\^`{|}]/gu, (c) => encodeURIComponent(c));

/** Sends a request; answers `{status, headers, bytes}`. Headers that came several times are arrays. */
export function exchange(base, method, path, headers, body) {
  const { protocol, hostname, port, pathname } = new URL(base);
  const transport = protocol === 'https:' ? https : http;
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return new Promise((resolve, reject) => {
    const request = transport.request(
      {
        hostname,
        port,
        method,
        path: pathname.replace(/\/$/, '') + encoded(path),
        agent: agentOf(transport),
        headers: { ...headers, ...(bytes ? { 'content-length': bytes.length } : {}) },
      },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) }));
      },
    );
    request.on('error', reject);
    request.setTimeout(patience, () => request.destroy(new Error(`no answer within ${patience} ms`)));
    request.end(bytes);
  });
}

export const hangUp = () => agents.forEach((agent) => agent.destroy());
