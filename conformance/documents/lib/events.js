// Server-sent events of a live query, one by one.

import { url } from '../../lib/basalt.js';

/** Opens a live query; `next()` waits for its next event, `close()` hangs up. Comments (heartbeats) are passed over. */
export async function listen(path, headers, lastEventId) {
  const hangUp = new AbortController();
  const answer = await fetch(url + path, {
    headers: { ...headers, accept: 'text/event-stream', ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
    signal: hangUp.signal,
  });
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const next = async () => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end < 0) {
        const { value, done } = await reader.read();
        if (done) return undefined;
        text += decoder.decode(value, { stream: true });
        continue;
      }
      const lines = text.slice(0, end).split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line)).filter(Boolean);
      text = text.slice(end + 2);
      const of = (field) => lines.filter(([, name]) => name === field).map(([, , value]) => value).join('\n');
      if (of('event') || of('data')) return { event: of('event'), id: of('id'), data: JSON.parse(of('data')) };
    }
  };
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    next,
    close: async () => {
      hangUp.abort();
      await reader.closed.catch(() => {});
    },
  };
}

/** The documents of a snapshot after changes, as a client keeps them. */
export function applied(documents, changes) {
  const changed = new Set(changes.filter(({ type }) => type !== 'added').map((change) => change.path ?? change.document.path));
  const list = documents.filter(({ path }) => !changed.has(path));
  for (const { type, index, document } of changes) {
    if (type !== 'removed') list.splice(index, 0, document);
  }
  return list;
}
