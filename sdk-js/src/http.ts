import { BasaltError, NetworkError } from './error.js';

/** What every call that sends takes. */
export interface CallOptions {
  /** Ends the call, which fails with the signal's reason; the server cancels what it was doing. */
  signal?: AbortSignal | undefined;
}

/** Tells the user's access token, or null where nobody is signed in; asked anew for each request. */
export type TokenSource = () => string | null | undefined | Promise<string | null | undefined>;

/** What a request is beside its method and path. */
export interface RequestParts extends CallOptions {
  headers?: Record<string, string>;
  /** Anything that JSON can say; a string is sent as it is. */
  body?: unknown;
  contentType?: string;
  /** An answer of this status is no error, and has no body. */
  expected?: number;
}

/** Requests to one Basalt as one caller. */
export class Http {
  readonly #url: string;
  readonly #key: string;
  readonly #token: TokenSource | undefined;
  readonly #fetch: typeof fetch;

  constructor(url: string, key: string, token: TokenSource | undefined, fetcher: typeof fetch | undefined) {
    const parsed = new URL(url);
    if (!/^https?:$/.test(parsed.protocol)) throw new TypeError(`'${parsed.protocol}' is no protocol of Basalt: http: or https:`);
    this.#url = (parsed.origin + parsed.pathname).replace(/\/+$/, '');
    this.#key = credential('key', key);
    this.#token = token;
    this.#fetch = fetcher ?? ((input, init) => fetch(input, init));
  }

  /** Sends a request; fails with a {@link BasaltError} unless the answer's status is 2xx. */
  async send(method: string, path: string, parts: RequestParts = {}): Promise<Response> {
    const { signal, body } = parts;
    const headers: Record<string, string> = { apikey: this.#key, ...parts.headers };
    const token = await this.#token?.();
    if (token) headers['authorization'] = `Bearer ${credential('token', token)}`;
    if (body !== undefined) headers['content-type'] = parts.contentType ?? 'application/json';
    const answer = await received(
      // Another origin must not see the key, which fetch would send along with a redirect.
      this.#fetch(this.#url + path, {
        method,
        headers,
        redirect: 'error',
        credentials: 'omit',
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      }),
      signal,
    );
    if (answer.ok || answer.status === parts.expected) return answer;
    const text = await received(answer.text(), signal);
    const retryAfter = Number(answer.headers.get('retry-after') ?? NaN);
    throw new BasaltError(answer.status, object(text), Number.isNaN(retryAfter) ? undefined : retryAfter);
  }

  /** Sends a request whose answer is JSON, and reads it. */
  async json<R>(method: string, path: string, parts: RequestParts = {}): Promise<R> {
    const answer = await this.send(method, path, parts);
    if (answer.status === parts.expected) return undefined as R;
    const text = await received(answer.text(), parts.signal);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new BasaltError(answer.status, { title: 'The answer is no JSON; is the URL that of a Basalt?' }, undefined, cause);
    }
  }
}

/** A promise of fetch, whose failures are told from the server's. */
export async function received<R>(promise: Promise<R>, signal: AbortSignal | undefined): Promise<R> {
  try {
    return await promise;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new NetworkError('The server was not reached, or the connection broke', cause);
  }
}

/**
 * The lines of a body, read no faster than they are taken. What stands behind the last line break is none. The connection is
 * closed when the reader stops.
 *
 * @param watched is given each promise of the next bytes
 */
export async function* lines(
  answer: Response,
  signal: AbortSignal | undefined,
  watched: <R>(bytes: Promise<R>) => Promise<R> = (bytes) => bytes,
): AsyncGenerator<string, void, undefined> {
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await received(watched(reader.read()), signal);
      if (done) return;
      const text = decoder.decode(value, { stream: true });
      let start = 0;
      for (let end; (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
        yield rest + text.slice(start, end);
        rest = '';
      }
      rest += text.slice(start);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Waits; not longer than until the signal is aborted. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal?.addEventListener('abort', over);
  });
}

/** A part of a URL, percent-encoded. */
export function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw new TypeError('a lone surrogate is no character, and no URL holds it');
  }
}

/** What may stand in a header; the message does not repeat it. */
function credential(what: string, text: string): string {
  if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) throw new TypeError(`the ${what} is no credential of Basalt`);
  return text;
}

function object(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}
