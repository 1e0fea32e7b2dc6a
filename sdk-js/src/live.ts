import type { Document } from './document.js';
import { BasaltError, NetworkError } from './error.js';
import { type CallOptions, lines, sleep } from './http.js';

export interface LiveOptions extends CallOptions {
  /** How often in a row a connection is tried again that brought nothing; 10 unless said otherwise. */
  retries?: number;
  /** After so many milliseconds without a byte a connection counts as lost; 45,000, three heartbeats of the server. */
  silence?: number;
  /** Hears of each lost connection, and in how many milliseconds it is tried again. */
  onRetry?: (failure: BasaltError | undefined, milliseconds: number) => void;
}

/** What became of one document since the snapshot before. */
export type Change<T> =
  | { readonly type: 'removed'; readonly path: string }
  | { readonly type: 'added' | 'modified'; readonly index: number; readonly document: Document<T> };

/** What a query finds at one moment. */
export interface LiveSnapshot<T> {
  /** All of it, in order. */
  readonly documents: readonly Document<T>[];
  /** What leads here from the snapshot before. */
  readonly changes: readonly Change<T>[];
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** Opens a stream of events that goes on from what the headers say. */
type Open = (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

/** The snapshots that a stream of events leads through; see {@link Query.live}. */
export async function* live<T>(open: Open, options: LiveOptions): AsyncGenerator<LiveSnapshot<T>, void, undefined> {
  const { signal, retries = 10, silence = 45_000, onRetry } = options;
  let documents: readonly Document<T>[] = [];
  let seen: string | undefined;
  let pause = FIRST_PAUSE;
  let failures = 0;
  while (!signal?.aborted) {
    const connection = new AbortController();
    const leave = () => connection.abort(signal?.reason);
    signal?.addEventListener('abort', leave);
    let failure: unknown = new NetworkError('The stream of changes ended');
    try {
      const watched = watch(connection, silence);
      const headers = { accept: 'text/event-stream', ...(seen === undefined ? {} : { 'last-event-id': seen }) };
      const answer = await watched(open(headers, connection.signal));
      for await (const event of events(answer, connection.signal, watched)) {
        failures = 0;
        pause = event.retry ?? pause;
        if (event.data === undefined) continue;
        const told = JSON.parse(event.data) as { documents?: Document<T>[]; changes?: Change<T>[] };
        const changes = told.changes ?? difference(documents, told.documents ?? []);
        documents = told.documents ?? applied(documents, changes);
        seen = event.id ?? seen;
        yield { documents, changes };
        if (signal?.aborted) return;
      }
    } catch (cause) {
      failure = cause;
    } finally {
      signal?.removeEventListener('abort', leave);
      connection.abort();
    }
    if (signal?.aborted) return;
    if (!isPassing(failure) || ++failures > retries) throw failure;
    const backoff = Math.min(LONGEST_PAUSE, pause * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
    const wait = Math.max(backoff, Math.min(LONGEST_PAUSE, (failure.retryAfter ?? 0) * 1000));
    onRetry?.(failure, wait);
    await sleep(wait, signal);
  }
}

/** Whether it makes sense to connect again: the server was away or busy. */
function isPassing(failure: unknown): failure is BasaltError {
  return failure instanceof NetworkError || (failure instanceof BasaltError && (failure.status >= 500 || failure.status === 429 || failure.status === 408));
}

/** Gives a connection up when bytes that are waited for do not come. */
function watch(connection: AbortController, silence: number): <R>(bytes: Promise<R>) => Promise<R> {
  return async (bytes) => {
    const timer = setTimeout(() => connection.abort(new NetworkError(`Nothing was heard for ${silence} ms`)), silence);
    try {
      return await bytes;
    } finally {
      clearTimeout(timer);
    }
  };
}

interface Event {
  readonly id: string | undefined;
  readonly retry: number | undefined;
  readonly data: string | undefined;
}

/** A stream of events (HTML, section 9.2.6), those without data included, since they show that the connection is alive. */
async function* events(answer: Response, signal: AbortSignal, watched: ReturnType<typeof watch>): AsyncGenerator<Event, void, undefined> {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    throw new BasaltError(answer.status, { title: 'The answer is no stream of changes; is the URL that of a Basalt?' });
  }
  let fields: Record<string, string> = {};
  for await (const line of lines(answer, signal, watched)) {
    const [, name, value] = /^([^:\r]*):? ?(.*?)\r?$/s.exec(line)!;
    if (name) fields[name] = name === 'data' && 'data' in fields ? `${fields['data']}\n${value}` : value!;
    if (name || line[0] === ':') continue;
    yield { id: fields['id'], retry: /^\d+$/.test(fields['retry'] ?? '') ? Number(fields['retry']) : undefined, data: fields['data'] };
    fields = {};
  }
}

/** A list after changes: what is removed or modified goes out, then what is added or modified comes in at its index. */
function applied<T>(before: readonly Document<T>[], changes: readonly Change<T>[]): readonly Document<T>[] {
  const outdated = new Set(changes.map((change) => (change.type === 'removed' ? change.path : change.document.path)));
  const after = before.filter(({ path }) => !outdated.has(path));
  for (const change of changes) {
    if (change.type !== 'removed') after.splice(change.index, 0, change.document);
  }
  return after;
}

/** The changes that lead from one list to another. */
function difference<T>(before: readonly Document<T>[], after: readonly Document<T>[]): Change<T>[] {
  const old = new Map(before.map(({ path, version }) => [path, version]));
  const paths = new Set(after.map(({ path }) => path));
  return [
    ...before.filter(({ path }) => !paths.has(path)).map(({ path }): Change<T> => ({ type: 'removed', path })),
    ...after.flatMap((document, index): Change<T>[] => {
      const version = old.get(document.path);
      if (version === document.version) return [];
      return [{ type: version === undefined ? 'added' : 'modified', index, document }];
    }),
  ];
}
