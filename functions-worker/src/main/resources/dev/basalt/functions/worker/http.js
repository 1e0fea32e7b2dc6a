// Headers, Request and Response of https://fetch.spec.whatwg.org/ with buffered bodies, and the driver of handlers.
(function (host, kit, settings) {
  'use strict';

  const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
  const headerName = (name) => {
    const text = String(name);
    if (!token.test(text)) throw new TypeError(`Invalid header name: '${text}'`);
    return text.toLowerCase();
  };
  const headerValue = (value) => {
    const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    if (/[\0\r\n]|[^\x00-\xff]/.test(text)) throw new TypeError('Invalid header value');
    return text;
  };

  class Headers {
    #map = new Map();
    constructor(init) {
      if (init === undefined || init === null) return;
      if (typeof init !== 'object') throw new TypeError('headers need an object or pairs');
      if (typeof init[Symbol.iterator] === 'function') {
        for (const pair of init) {
          const entry = [...pair];
          if (entry.length !== 2) throw new TypeError('each header needs a name and a value');
          this.append(entry[0], entry[1]);
        }
      } else for (const name of Object.keys(init)) this.append(name, init[name]);
    }
    append(name, value) {
      const key = headerName(name);
      const text = headerValue(value);
      const values = this.#map.get(key);
      if (values) values.push(text);
      else this.#map.set(key, [text]);
    }
    set(name, value) { this.#map.set(headerName(name), [headerValue(value)]); }
    get(name) { return this.#map.get(headerName(name))?.join(', ') ?? null; }
    has(name) { return this.#map.has(headerName(name)); }
    delete(name) { this.#map.delete(headerName(name)); }
    getSetCookie() { return [...(this.#map.get('set-cookie') ?? [])]; }
    forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
    *entries() {
      for (const name of [...this.#map.keys()].sort()) {
        if (name === 'set-cookie') for (const value of this.#map.get(name)) yield [name, value];
        else yield [name, this.#map.get(name).join(', ')];
      }
    }
    *keys() { for (const [name] of this.entries()) yield name; }
    *values() { for (const [, value] of this.entries()) yield value; }
    [Symbol.iterator]() { return this.entries(); }
  }

  class Blob {
    #bytes;
    constructor(parts = [], options = {}) {
      const pieces = [];
      let size = 0;
      for (const part of parts) {
        const piece = part instanceof Blob ? part.#bytes : typeof part === 'object' && part !== null && (part instanceof ArrayBuffer || ArrayBuffer.isView(part))
          ? kit.bytesOf(part) : kit.encoder.encode(String(part));
        pieces.push(piece);
        size += piece.length;
      }
      this.#bytes = new Uint8Array(size);
      let at = 0;
      for (const piece of pieces) {
        this.#bytes.set(piece, at);
        at += piece.length;
      }
      this.type = String(options.type ?? '').toLowerCase();
    }
    get size() { return this.#bytes.length; }
    slice(start, end, type = '') { return new Blob([this.#bytes.slice(start, end)], { type }); }
    async arrayBuffer() { return this.#bytes.slice().buffer; }
    async bytes() { return this.#bytes.slice(); }
    async text() { return new TextDecoder().decode(this.#bytes); }
    static raw(blob) { return blob.#bytes; }
  }
  const rawBlob = Blob.raw;
  delete Blob.raw;

  class FormData {
    #pairs = [];
    append(name, value) { this.#pairs.push([String(name), value instanceof Blob ? value : String(value)]); }
    set(name, value) {
      this.delete(name);
      this.append(name, value);
    }
    get(name) { return this.#pairs.find((pair) => pair[0] === String(name))?.[1] ?? null; }
    getAll(name) { return this.#pairs.filter((pair) => pair[0] === String(name)).map((pair) => pair[1]); }
    has(name) { return this.#pairs.some((pair) => pair[0] === String(name)); }
    delete(name) { this.#pairs = this.#pairs.filter((pair) => pair[0] !== String(name)); }
    *entries() { for (const pair of this.#pairs) yield [...pair]; }
    *keys() { for (const [name] of this.#pairs) yield name; }
    *values() { for (const [, value] of this.#pairs) yield value; }
    forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
    [Symbol.iterator]() { return this.entries(); }
  }

  // A body is held as a string or as a Uint8Array; answers [body, content type].
  const takeBody = (body) => {
    if (body === null || body === undefined) return [null, null];
    if (typeof body === 'string') return [body.toWellFormed(), 'text/plain;charset=UTF-8'];
    if (body instanceof URLSearchParams) return [body.toString(), 'application/x-www-form-urlencoded;charset=UTF-8'];
    if (body instanceof Blob) return [rawBlob(body), body.type || null];
    if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return [kit.bytesOf(body).slice(), null];
    if (body instanceof FormData) {
      const form = new URLSearchParams();
      for (const [name, value] of body) {
        if (typeof value !== 'string') throw new TypeError('files in a FormData body are not supported');
        form.append(name, value);
      }
      return [form.toString(), 'application/x-www-form-urlencoded;charset=UTF-8'];
    }
    return [String(body).toWellFormed(), 'text/plain;charset=UTF-8'];
  };

  const bodies = new WeakMap();
  class Body {
    get bodyUsed() { return !!bodies.get(this)?.used; }
    async text() {
      const body = use(this);
      if (body === null) return '';
      if (typeof body === 'string') return body.charCodeAt(0) === 0xfeff ? body.slice(1) : body;
      return new TextDecoder().decode(body);
    }
    async json() { return JSON.parse(await this.text()); }
    async bytes() {
      const body = use(this);
      return body === null ? new Uint8Array(0) : typeof body === 'string' ? kit.encoder.encode(body) : body.slice();
    }
    async arrayBuffer() { return (await this.bytes()).buffer; }
    async blob() { return new Blob([await this.bytes()], { type: this.headers.get('content-type') ?? '' }); }
    async formData() {
      const type = this.headers.get('content-type') ?? '';
      if (!type.startsWith('application/x-www-form-urlencoded')) throw new TypeError('formData() reads only urlencoded bodies');
      const form = new FormData();
      for (const [name, value] of new URLSearchParams(await this.text())) form.append(name, value);
      return form;
    }
  }
  const use = (owner) => {
    const held = bodies.get(owner);
    if (held.used) throw new TypeError('Body is unusable: it has been read already');
    if (held.body !== null) held.used = true;
    return held.body;
  };

  const methodName = (method) => {
    const text = String(method);
    if (!token.test(text)) throw new TypeError(`Invalid method: '${text}'`);
    const upper = text.toUpperCase();
    return ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'].includes(upper) ? upper : text;
  };

  class Request extends Body {
    constructor(input, init = {}) {
      super();
      const from = input instanceof Request ? input : undefined;
      this.method = methodName(init.method ?? from?.method ?? 'GET');
      this.url = from ? from.url : new URL(String(input)).href;
      this.headers = new Headers(init.headers ?? from?.headers);
      this.signal = init.signal ?? from?.signal ?? new AbortController().signal;
      let [body, type] = takeBody(init.body);
      if (init.body === undefined && from) body = use(from);
      if (body !== null && (this.method === 'GET' || this.method === 'HEAD')) {
        throw new TypeError('Request with GET/HEAD method cannot have a body');
      }
      if (type && !this.headers.has('content-type')) this.headers.set('content-type', type);
      bodies.set(this, { body, used: false });
    }
    clone() {
      const held = bodies.get(this);
      if (held.used) throw new TypeError('a body that has been read cannot be cloned');
      const copy = new Request(this.url, { method: this.method, headers: this.headers, signal: this.signal });
      bodies.set(copy, { body: held.body, used: false });
      return copy;
    }
  }

  class Response extends Body {
    constructor(body = null, init = {}) {
      super();
      const status = init.status === undefined ? 200 : Number(init.status);
      if (!(Number.isInteger(status) && status >= 200 && status <= 599)) throw new RangeError(`Invalid response status: ${init.status}`);
      const [held, type] = takeBody(body);
      if (held !== null && [204, 205, 304].includes(status)) throw new TypeError(`a response of status ${status} cannot have a body`);
      this.status = status;
      this.statusText = String(init.statusText ?? '');
      this.headers = new Headers(init.headers);
      this.type = 'default';
      this.url = '';
      this.redirected = false;
      if (type && !this.headers.has('content-type')) this.headers.set('content-type', type);
      bodies.set(this, { body: held, used: false });
    }
    get ok() { return this.status >= 200 && this.status <= 299; }
    clone() {
      const held = bodies.get(this);
      if (held.used) throw new TypeError('a body that has been read cannot be cloned');
      const copy = new Response(null, this);
      bodies.set(copy, { body: held.body, used: false });
      return copy;
    }
    static json(value, init = {}) {
      const text = JSON.stringify(value);
      if (text === undefined) throw new TypeError('the value is not JSON');
      const response = new Response(text, init);
      if (!new Headers(init.headers).has('content-type')) response.headers.set('content-type', 'application/json');
      return response;
    }
    static redirect(url, status = 302) {
      if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError('Invalid redirect status');
      return new Response(null, { status, headers: { location: new URL(url).href } });
    }
    static error() { throw new TypeError('a function cannot answer with a network error'); }
  }

  // ---- Deno.serve and the environment ------------------------------------------------------------------------------

  let served;
  const env = Object.freeze({ ...settings.env });
  const Deno = {
    serve(first, second) {
      const handler = typeof first === 'function' ? first : typeof second === 'function' ? second : first && first.handler;
      if (typeof handler !== 'function') throw new TypeError('Deno.serve needs a handler');
      served = handler;
      return { finished: new Promise(() => {}), shutdown: async () => {}, ref() {}, unref() {} };
    },
    env: Object.freeze({
      get: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
      has: (name) => Object.hasOwn(env, name),
      toObject: () => ({ ...env }),
    }),
  };

  const fetch = async () => {
    throw new TypeError('fetch is not available: functions run without a network');
  };
  kit.expose({ Headers, Blob, FormData, Request, Response, Deno, fetch });

  // ---- driver ------------------------------------------------------------------------------------------------------

  let fetchHandler;
  let eventHandler;
  const bind = (namespace) => {
    const main = namespace.default;
    if (main !== null && typeof main === 'object' && typeof main.fetch === 'function') fetchHandler = main.fetch.bind(main);
    else if (typeof main === 'function') fetchHandler = main;
    else if (typeof namespace.fetch === 'function') fetchHandler = namespace.fetch;
    else if (served) fetchHandler = served;
    if (typeof namespace.onEvent === 'function') eventHandler = namespace.onEvent;
    else if (main !== null && typeof main === 'object' && typeof main.onEvent === 'function') eventHandler = main.onEvent.bind(main);
    return [fetchHandler && 'fetch', eventHandler && 'onEvent'].filter(Boolean).join(',');
  };

  const describe = (error) => {
    if (error instanceof Error) {
      return JSON.stringify({ kind: 'exception', name: String(error.name), message: String(error.message), stack: String(error.stack ?? '') });
    }
    let message;
    try {
      message = typeof error === 'string' ? error : JSON.stringify(error) ?? String(error);
    } catch (ignored) {
      message = 'a value that could not be shown';
    }
    return JSON.stringify({ kind: 'exception', name: 'Thrown', message, stack: '' });
  };
  const failure = (kind, message) => JSON.stringify({ kind, name: 'Error', message, stack: '' });

  // The one invocation in flight: out is what poll answers with once it is settled.
  let current;
  const settle = (run, error, value) => {
    if (run.out !== undefined) return;
    try {
      if (error !== undefined) run.out = 'E' + describe(error.value);
      else run.out = run.kind === 0 ? respond(run, value) : answer(value);
    } catch (thrown) {
      run.out = 'E' + describe(thrown);
    }
  };
  const tooLarge = () => 'E' + failure('too_large', `the answer is larger than ${settings.maxResponseBytes} bytes`);
  const respond = (run, response) => {
    if (!(response instanceof Response)) return 'E' + failure('bad_answer', 'the handler did not return a Response');
    const body = use(response);
    if (body !== null && body.length > settings.maxResponseBytes) return tooLarge();
    const meta = JSON.stringify({ status: response.status, headers: [...response.headers] });
    if (body !== null && typeof body !== 'string') {
      run.bytes = body;
      return 'B' + meta;
    }
    return 'R' + meta + '\n' + (body ?? '');
  };
  const answer = (value) => {
    const text = JSON.stringify(value);
    if (text === undefined) return 'Rnull';
    return text.length > settings.maxResponseBytes ? tooLarge() : 'R' + text;
  };

  const begin = (kind, text, body) => {
    const meta = JSON.parse(text);
    const run = { kind, out: undefined, bytes: undefined, pending: 0, idle: false };
    current = run;
    const ctx = {
      ...meta.ctx,
      waitUntil(promise) {
        run.pending++;
        Promise.resolve(promise)
          .catch((error) => kit.log(3, ['Uncaught (in waitUntil)', error]))
          .finally(() => { run.pending--; });
      },
    };
    const handler = kind === 0 ? fetchHandler : eventHandler;
    if (!handler) {
      run.out = 'E' + failure('no_handler', kind === 0 ? 'the function has no fetch handler' : 'the function has no onEvent handler');
      return;
    }
    try {
      let result;
      if (kind === 0) {
        const request = new Request(meta.url, { method: meta.method, headers: meta.headers });
        bodies.set(request, { body: body ?? null, used: false });
        result = served === handler ? handler(request, { remoteAddr: { transport: 'tcp', hostname: '0.0.0.0', port: 0 } }) : handler(request, env, ctx);
      } else result = handler(meta.event, ctx);
      if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
        Promise.resolve(result).then((value) => settle(run, undefined, value), (error) => settle(run, { value: error }));
      } else settle(run, undefined, result);
    } catch (error) {
      settle(run, { value: error });
    }
  };

  const finish = () => {
    kit.clearTimers();
    current = undefined;
  };

  // Answers a string once (the result: its kind, whether work goes on behind it, its text), then numbers: -2 all done,
  // -1 nothing can ever happen, else milliseconds to wait.
  const poll = () => {
    const run = current;
    if (run.out !== undefined && !run.idle) {
      run.idle = true;
      last = run.bytes;
      const kind = run.out[0];
      if (run.pending > 0) return kind + '1' + run.out.slice(1);
      finish();
      return kind + '0' + run.out.slice(1);
    }
    if (run.idle && run.pending === 0) {
      finish();
      return -2;
    }
    return kit.fireTimer();
  };
  let last;
  const bytes = () => {
    const held = last;
    last = undefined;
    return held;
  };

  return { bind, begin, poll, bytes, tick: kit.fireTimer };
});
