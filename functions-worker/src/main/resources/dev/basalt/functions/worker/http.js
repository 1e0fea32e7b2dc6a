// Headers, Request and Response of https://fetch.spec.whatwg.org/.
(function (host, kit) {
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

  const slice = Function.prototype.call.bind(String.prototype.slice);
  const indexOf = Function.prototype.call.bind(String.prototype.indexOf);

  // What a constructor is told by that this file calls with parts that need no check.
  const internal = Symbol('internal');
  let headerPairs; // The pairs as they are sent, whatever a function made of the methods; with true nobody changes them any more.
  let givenHeaders; // Headers of pairs that the host has checked.
  let typed; // Names the content type where nobody has.
  const dictionary = (init) => {
    if (init !== null && typeof init !== 'object' && typeof init !== 'function') throw new TypeError('the init is not an object');
    return init ?? {};
  };
  class Headers {
    #map = new Map();
    #fixed = false;
    constructor(init) {
      if (init === undefined) return;
      if (typeof init !== 'object' || init === null) throw new TypeError('headers need an object or pairs');
      if (#map in init) {
        for (const [name, values] of init.#map) this.#map.set(name, [...values]);
      } else if (typeof init[Symbol.iterator] === 'function') {
        for (const pair of init) {
          const entry = [...pair];
          if (entry.length !== 2) throw new TypeError('each header needs a name and a value');
          this.append(entry[0], entry[1]);
        }
      } else for (const name of Object.keys(init)) this.append(name, init[name]);
    }
    #change() { if (this.#fixed) throw new TypeError('these headers cannot be changed: copy the Response first'); }
    append(name, value) {
      kit.need(arguments, 2);
      const key = headerName(name);
      const text = headerValue(value);
      this.#change();
      const values = this.#map.get(key);
      if (values) values.push(text);
      else this.#map.set(key, [text]);
    }
    set(name, value) {
      kit.need(arguments, 2);
      const key = headerName(name);
      const text = headerValue(value);
      this.#change();
      this.#map.set(key, [text]);
    }
    get(name) {
      kit.need(arguments, 1);
      return this.#map.get(headerName(name))?.join(', ') ?? null;
    }
    has(name) {
      kit.need(arguments, 1);
      return this.#map.has(headerName(name));
    }
    delete(name) {
      kit.need(arguments, 1);
      const key = headerName(name);
      this.#change();
      this.#map.delete(key);
    }
    getSetCookie() { return [...(this.#map.get('set-cookie') ?? [])]; }
    forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
    *entries() { yield* headerPairs(this); }
    *keys() { for (const [name] of this.entries()) yield name; }
    *values() { for (const [, value] of this.entries()) yield value; }
    [Symbol.iterator]() { return this.entries(); }
    static {
      headerPairs = (headers, fix) => {
        if (fix) headers.#fixed = true;
        const pairs = [];
        for (const name of [...headers.#map.keys()].sort()) {
          if (name === 'set-cookie') for (const value of headers.#map.get(name)) pairs.push([name, value]);
          else pairs.push([name, headers.#map.get(name).join(', ')]);
        }
        return pairs;
      };
      givenHeaders = (pairs) => {
        const headers = new Headers();
        for (const [name, value] of pairs) {
          const key = name.toLowerCase();
          const values = headers.#map.get(key);
          if (values) values.push(value);
          else headers.#map.set(key, [value]);
        }
        return headers;
      };
      typed = (headers, type) => {
        if (!headers.#map.has('content-type')) headers.#map.set('content-type', [type]);
      };
    }
  }

  // ---- bodies ------------------------------------------------------------------------------------------------------

  let streams;
  const webStreams = () => (streams ??= host.load('streams.js')(host, kit));
  kit.lazily(
    ['ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamBYOBReader', 'ReadableStreamDefaultController',
      'ReadableByteStreamController', 'ReadableStreamBYOBRequest', 'WritableStream', 'WritableStreamDefaultWriter',
      'WritableStreamDefaultController', 'TransformStream', 'TransformStreamDefaultController', 'ByteLengthQueuingStrategy',
      'CountQueuingStrategy', 'TextEncoderStream', 'TextDecoderStream'],
    () => webStreams().globals,
  );
  let compression;
  kit.lazily(['CompressionStream', 'DecompressionStream'], () => {
    webStreams();
    return (compression ??= host.load('compression.js')(host, kit)).globals;
  });
  let forms;
  const formParts = () => (forms ??= host.load('forms.js')(host, kit));
  kit.lazily(['Blob', 'File', 'FormData'], () => formParts().globals);
  kit.isBlob = (value) => forms !== undefined && value instanceof forms.globals.Blob;
  kit.webStreams = webStreams;
  const isStream = (value) => streams !== undefined && value instanceof streams.globals.ReadableStream;

  // What a body is before somebody reads it: null, a string, a Uint8Array, an Inlet of the driver's, or a ReadableStream.
  // Answers [body, content type].
  const takeBody = (body) => {
    if (body === null || body === undefined) return [null, null];
    if (typeof body === 'string') return [body.toWellFormed(), 'text/plain;charset=UTF-8'];
    if (isStream(body)) {
      if (body.locked || body._disturbed) throw new TypeError('the body is a stream that somebody reads already, or has');
      return [body, null];
    }
    if (body instanceof URLSearchParams) return [body.toString(), 'application/x-www-form-urlencoded;charset=UTF-8'];
    if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return [kit.bytesOf(body).slice(), null];
    if (kit.isBlob(body)) return [forms.bytesOf(body), headerValue(body.type) || null];
    if (forms !== undefined && body instanceof forms.globals.FormData) return forms.multipart(body);
    return [String(body).toWellFormed(), 'text/plain;charset=UTF-8'];
  };

  let hold; // gives a Request or a Response its body
  let heldBy; // { body, used } of either
  const use = (owner) => {
    const held = heldBy(owner);
    if (held.used || (isStream(held.body) && held.body.locked)) throw new TypeError('Body is unusable: it has been read already');
    if (held.body !== null) held.used = true;
    return held.body;
  };
  const join = (chunks, size) => {
    if (chunks.length === 1) return chunks[0];
    const all = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  };
  // How to read a body piece by piece: { read(), cancel(reason) }, where read answers { done, value: Uint8Array }.
  const reader = (body) => {
    if (isStream(body)) {
      const from = body.getReader();
      return {
        async read() {
          const next = await from.read();
          if (!next.done && !(next.value instanceof Uint8Array)) throw new TypeError('a body stream gives Uint8Arrays only');
          return next;
        },
        cancel: (reason) => from.cancel(reason),
      };
    }
    return body;
  };
  const whole = async (body) => {
    if (body === null) return new Uint8Array(0);
    if (typeof body === 'string') return kit.encoder.encode(body);
    if (body instanceof Uint8Array) return body;
    const from = reader(body);
    const chunks = [];
    let size = 0;
    for (;;) {
      const { done, value } = await from.read();
      if (done) return join(chunks, size);
      chunks.push(value);
      size += value.length;
    }
  };
  const asStream = (held) => {
    if (held.body === null || isStream(held.body)) return held.body;
    const { ReadableStream } = webStreams().globals;
    if (held.used) return new ReadableStream({ start: (to) => to.close() });
    const body = held.body;
    const source = typeof body === 'string' || body instanceof Uint8Array ? undefined : body;
    held.body = new ReadableStream({
      type: 'bytes',
      async pull(to) {
        held.used = true;
        if (source) {
          const { done, value } = await source.read();
          if (!done) return to.enqueue(value);
        } else if (body.length) to.enqueue(typeof body === 'string' ? kit.encoder.encode(body) : body.slice());
        to.close();
        to.byobRequest?.respond(0);
      },
      cancel(reason) {
        held.used = true;
        return source?.cancel(reason);
      },
    }, { highWaterMark: 0 });
    return held.body;
  };
  const split = (owner) => {
    const held = heldBy(owner);
    if (held.used || (isStream(held.body) && held.body.locked)) throw new TypeError('a body that has been read cannot be cloned');
    if (held.body === null || typeof held.body === 'string' || held.body instanceof Uint8Array) return held.body;
    const [mine, other] = asStream(held).tee();
    held.body = mine;
    held.used = false;
    return other;
  };

  class Body {
    #held;
    static {
      hold = (owner, body) => { owner.#held = { body, used: false }; };
      heldBy = (owner) => owner.#held;
    }
    get body() { return asStream(this.#held); }
    get bodyUsed() { return this.#held.used; }
    async text() {
      const body = use(this);
      if (typeof body === 'string') return body.charCodeAt(0) === 0xfeff ? body.slice(1) : body;
      return body === null ? '' : new TextDecoder().decode(await whole(body));
    }
    async json() { return JSON.parse(await this.text()); }
    async bytes() {
      const body = use(this);
      const bytes = await whole(body);
      return bytes === body ? bytes.slice() : bytes;
    }
    async arrayBuffer() { return (await Body.prototype.bytes.call(this)).slice().buffer; }
    async blob() {
      const type = this.headers.get('content-type') ?? '';
      return formParts().blob(await whole(use(this)), type);
    }
    async formData() {
      const type = this.headers.get('content-type') ?? '';
      const { parse } = formParts();
      return parse(type, await whole(use(this)));
    }
  }

  const methodName = (method) => {
    const text = String(method);
    if (!token.test(text)) throw new TypeError(`Invalid method: '${text}'`);
    const upper = text.toUpperCase();
    if (['CONNECT', 'TRACE', 'TRACK'].includes(upper)) throw new TypeError(`Method ${upper} is not allowed`);
    return ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'].includes(upper) ? upper : text;
  };
  const oneOf = (value, allowed, name) => {
    const text = String(value);
    if (!allowed.includes(text)) throw new TypeError(`'${text}' is not a ${name}`);
    return text;
  };

  // The pairs of 'name:value', each behind a line break.
  const pairs = (lines) => {
    const found = [];
    for (let at = 0; at < lines.length; ) {
      const colon = indexOf(lines, ':', at);
      const end = indexOf(lines, '\n', colon);
      const stop = end < 0 ? lines.length : end;
      found.push([slice(lines, at, colon), slice(lines, colon + 1, stop)]);
      at = stop + 1;
    }
    return found;
  };

  let signalOf; // the signal of a request if it has one yet
  let abortRequest;
  class Request extends Body {
    #method;
    #url;
    #headers;
    #signal;
    #redirect;
    #aborted;
    static {
      signalOf = (request) => request.#signal;
      abortRequest = (request, reason) => {
        request.#aborted = reason;
        if (request.#signal) kit.abort(request.#signal, reason);
      };
    }
    constructor(input, init = {}) {
      super();
      if (input === internal) {
        this.#method = init.method;
        this.#url = init.url;
        this.#headers = init.headers;
        this.#redirect = 'follow';
        hold(this, init.body);
        return;
      }
      kit.need(arguments, 1);
      init = dictionary(init);
      const from = typeof input === 'object' && input !== null && #method in input ? input : undefined;
      this.#method = methodName(init.method ?? from?.method ?? 'GET');
      if (from) this.#url = from.#url;
      else {
        const url = new URL(String(input));
        if (url.username || url.password) throw new TypeError('a Request takes no URL with credentials');
        this.#url = url.href;
      }
      this.#headers = new Headers(init.headers ?? from?.#read());
      this.#redirect = oneOf(init.redirect ?? from?.redirect ?? 'follow', ['follow', 'error', 'manual'], 'redirect mode');
      const signal = init.signal === undefined ? from?.signal : init.signal;
      if (signal !== undefined && signal !== null) {
        if (!(signal instanceof AbortSignal)) throw new TypeError('the signal must be an AbortSignal');
        this.#signal = AbortSignal.any([signal]);
      }
      const inherits = init.body === undefined && from !== undefined && heldBy(from).body !== null;
      if ((inherits || (init.body ?? null) !== null) && (this.#method === 'GET' || this.#method === 'HEAD')) {
        throw new TypeError('Request with GET/HEAD method cannot have a body');
      }
      let [body, type] = takeBody(init.body);
      if (isStream(body) && init.duplex !== 'half') throw new TypeError("a Request with a stream as its body needs duplex: 'half'");
      if (inherits) body = use(from);
      if (type) typed(this.#headers, type);
      hold(this, body);
    }
    // Of what came in, headers are parsed where somebody looks at them: a token alone is longer than most answers.
    #read() {
      if (typeof this.#headers === 'string') this.#headers = givenHeaders(pairs(this.#headers));
      return this.#headers;
    }
    get method() { return this.#method; }
    get url() { return this.#url; }
    get headers() { return this.#read(); }
    get redirect() { return this.#redirect; }
    // Made when somebody asks: most requests are never aborted and most handlers never look.
    get signal() {
      if (!this.#signal) {
        this.#signal = kit.newSignal();
        if (this.#aborted) kit.abort(this.#signal, this.#aborted);
      }
      return this.#signal;
    }
    get credentials() { return 'same-origin'; }
    get mode() { return 'cors'; }
    get cache() { return 'default'; }
    get destination() { return ''; }
    get integrity() { return ''; }
    get keepalive() { return false; }
    get referrer() { return 'about:client'; }
    get referrerPolicy() { return ''; }
    get duplex() { return 'half'; }
    clone() {
      const body = split(this);
      const copy = new Request(internal, { method: this.#method, url: this.#url, headers: new Headers(this.#read()), body });
      copy.#redirect = this.#redirect;
      copy.#signal = AbortSignal.any([this.signal]);
      return copy;
    }
  }

  let headOf; // of a response: its status and, each behind a line break, 'name:value'
  class Response extends Body {
    #status;
    #statusText;
    #headers;
    #url = '';
    #redirected = false;
    #type = 'default';
    static {
      // What goes out: nothing of it can be faked by overwriting a method.
      headOf = (response) => {
        if (typeof response !== 'object' || response === null || !(#status in response) || response.#type === 'error') return undefined;
        let head = `${response.#status}`;
        for (const [name, value] of headerPairs(response.#headers)) {
          const line = `${name}:${value}`;
          // Whatever a function has made of the methods that checked it.
          if (indexOf(line, '\n') >= 0) throw new TypeError('Invalid header value');
          head += `\n${line}`;
        }
        return head;
      };
    }
    constructor(body = null, init = {}) {
      super();
      if (body === internal) {
        if (init === null) return;
        this.#status = init.status;
        this.#statusText = init.statusText;
        this.#headers = init.headers;
        this.#url = init.url;
        this.#redirected = init.redirected;
        this.#type = init.type;
        hold(this, init.body);
        return;
      }
      this.#fill(dictionary(init), takeBody(body));
    }
    #fill(init, [held, type]) {
      const status = init.status === undefined ? 200 : Math.trunc(Number(init.status));
      if (!( status >= 200 && status <= 599)) throw new RangeError(`Invalid response status: ${init.status}`);
      const text = String(init.statusText ?? '');
      if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw new TypeError('Invalid status text');
      if (held !== null && [204, 205, 304].includes(status)) throw new TypeError(`a response of status ${status} cannot have a body`);
      this.#status = status;
      this.#statusText = text;
      this.#headers = new Headers(init.headers);
      if (type) typed(this.#headers, type);
      hold(this, held);
    }
    get status() { return this.#status; }
    get statusText() { return this.#statusText; }
    get headers() { return this.#headers; }
    get url() { return this.#url; }
    get redirected() { return this.#redirected; }
    get type() { return this.#type; }
    get ok() { return this.#status >= 200 && this.#status <= 299; }
    clone() {
      const body = split(this);
      return new Response(internal, {
        status: this.#status, statusText: this.#statusText, headers: new Headers(this.#headers), url: this.#url, redirected: this.#redirected,
        type: this.#type, body,
      });
    }
    static json(value, init = {}) {
      const text = JSON.stringify(value);
      if (text === undefined) throw new TypeError('the value is not JSON');
      const response = new Response(internal, null);
      response.#fill(dictionary(init), [text, 'application/json']);
      return response;
    }
    static redirect(url, status = 302) {
      if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError('Invalid redirect status');
      const response = new Response(null, { status, headers: { location: new URL(url).href } });
      headerPairs(response.#headers, true);
      return response;
    }
    static error() {
      return new Response(internal, {
        status: 0, statusText: '', headers: new Headers(), url: '', redirected: false, type: 'error', body: null,
      });
    }
  }

  kit.expose(kit.webIdl({ Headers, Request, Response }));
  return Object.assign(kit, {
    use, reader, whole, headerPairs, headOf, signalOf, abortRequest,
    // The headers are text, each behind a line break.
    incoming: (method, url, headers, body) => new Request(internal, { method, url, headers, body }),
    received: (head, body) => {
      const headers = givenHeaders(head.headers);
      headerPairs(headers, true);
      return new Response(internal, {
        status: head.status, statusText: head.statusText, headers, url: head.url, redirected: head.redirected, type: 'basic', body,
      });
    },
  });
});
