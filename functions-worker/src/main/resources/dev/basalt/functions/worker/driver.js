// Runs handlers of the one function that comes with its settings: starts invocations, takes what comes for them from the host,
// gives the host what they answer and ask for.
(host, kit) => (settings) => {
  'use strict';

  // The frames of Op that concern an invocation's streams.
  const DATA = 32;
  const END = 33;
  const CREDIT = 34;
  const CANCEL = 35;
  const CALL = 36;
  const HEAD = 37;
  const WINDOW = 262144;
  const CHUNK = 65536;

  // How much a word to the host may hold beside a body, in characters: the host holds it whole.
  const MAX_META = 131072;
  const MAX_NAME = 200;
  const MAX_MESSAGE = 8192;
  const MAX_STACK = 32768;
  const MAX_FAILURE = 262144;
  const slice = Function.prototype.call.bind(String.prototype.slice);
  const indexOf = Function.prototype.call.bind(String.prototype.indexOf);
  const clip = (text, most) => (text.length > most ? slice(text, 0, most) + '...' : text);

  const runs = new Map(); // number -> run
  const ready = []; // runs whose next word to the host is there
  let waits = 0; // promises that only a frame of the host's can settle
  const waiting = (run) => {
    waits++;
    run.waits++;
  };
  const waited = (run) => {
    if (run.waits > 0) {
      waits--;
      run.waits--;
    }
  };

  // ---- bytes in and out --------------------------------------------------------------------------------------------

  // What comes in by frames, for one reader. It asks for more as it is read, so that no more than a window waits here.
  class Inlet {
    #run;
    #id;
    #chunks = [];
    #taken = 0;
    #state = 'open';
    #error;
    #reader;
    constructor(run, id) {
      this.#run = run;
      this.#id = id;
    }
    push(bytes) {
      if (this.#state !== 'open' || bytes.length === 0) return;
      this.#chunks.push(bytes);
      this.#serve();
    }
    end(error) {
      if (this.#state !== 'open') return;
      this.#state = error === undefined ? 'ended' : 'failed';
      this.#error = error;
      if (error !== undefined) this.#chunks.length = 0;
      this.#serve();
    }
    #serve() {
      const reader = this.#reader;
      if (!reader) return;
      if (this.#chunks.length) {
        const value = this.#chunks.shift();
        this.#taken += value.length;
        if (this.#taken >= WINDOW / 2 && this.#state === 'open') {
          host.send(CREDIT, this.#run.number, this.#id, this.#taken);
          this.#taken = 0;
        }
        reader.resolve({ done: false, value });
      } else if (this.#state === 'failed') reader.reject(this.#error);
      else if (this.#state === 'ended') reader.resolve({ done: true, value: undefined });
      else return;
      this.#reader = undefined;
      waited(this.#run);
    }
    read() {
      if (this.#reader) return Promise.reject(new TypeError('the body is being read already'));
      waiting(this.#run);
      const reading = new Promise((resolve, reject) => { this.#reader = { resolve, reject }; });
      this.#serve();
      return reading;
    }
    async cancel() {
      if (this.#state !== 'open') return;
      this.end(new DOMException('The body was cancelled.', 'AbortError'));
      if (runs.has(this.#run.number)) host.send(CANCEL, this.#run.number, this.#id);
      this.#run.streams.get(this.#id)?.closed();
    }
  }

  // What goes out by frames: waits where the host has not asked for more.
  class Outlet {
    #run;
    #id;
    #credit = WINDOW;
    #more;
    #error;
    constructor(run, id) {
      this.#run = run;
      this.#id = id;
    }
    credit(bytes) {
      this.#credit += bytes;
      if (this.#more && this.#credit > 0) this.#wake();
    }
    stop(error) {
      this.#error ??= error;
      this.#wake();
    }
    #wake() {
      if (!this.#more) return;
      this.#more();
      this.#more = undefined;
      waited(this.#run);
    }
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (this.#error) throw this.#error;
        if (this.#credit <= 0) {
          waiting(this.#run);
          await new Promise((resolve) => { this.#more = resolve; });
          continue;
        }
        const piece = kit.exactly(bytes.subarray(at, at + Math.min(CHUNK, this.#credit)));
        at += piece.length;
        this.#credit -= piece.length;
        host.send(DATA, this.#run.number, this.#id, piece);
      }
    }
    async take(body) {
      const from = kit.reader(body);
      try {
        for (;;) {
          if (this.#error) throw this.#error;
          const { done, value } = await from.read();
          if (done) break;
          await this.write(value);
        }
      } catch (error) {
        Promise.resolve(from.cancel(error)).catch(() => {});
        if (!this.#error) host.send(END, this.#run.number, this.#id, shown(error).message);
        throw error;
      }
      if (!this.#error) host.send(END, this.#run.number, this.#id);
    }
  }

  // ---- calls of the host -------------------------------------------------------------------------------------------

  const networkError = (message) => new TypeError(`fetch failed: ${message}`);
  const open = (run, meta, body, signal) => new Promise((resolve, reject) => {
    const id = ++run.lastStream;
    const whole = body === null ? new Uint8Array(0) : typeof body === 'string' ? kit.encoder.encode(body) : body instanceof Uint8Array ? body : undefined;
    const flows = whole === undefined || whole.length > CHUNK;
    const said = JSON.stringify({ ...meta, flows });
    if (said.length > MAX_META) throw networkError(`the URL and the headers are longer than ${MAX_META} characters`);
    const inlet = new Inlet(run, id);
    const outlet = flows ? new Outlet(run, id) : undefined;
    let answered = false;
    let over = false;
    const closed = () => {
      if (over) return;
      over = true;
      run.open--;
      run.streams.delete(id);
      outlet?.stop(networkError('the call is over'));
      signal?.removeEventListener('abort', abort);
      run.slots.shift()?.();
    };
    const fail = (error) => {
      if (!answered) waited(run);
      answered = true;
      reject(error);
      inlet.end(error);
      closed();
    };
    const abort = () => {
      if (over) return;
      if (runs.has(run.number)) host.send(CANCEL, run.number, id);
      fail(signal.reason);
    };
    run.open++;
    run.calls++;
    run.streams.set(id, {
      closed,
      frame(op, value) {
        if (op === HEAD) {
          if (answered) return;
          answered = true;
          waited(run);
          const head = JSON.parse(value);
          if (!head.body) {
            inlet.end();
            closed();
          }
          resolve(kit.received(head, head.body ? inlet : null));
        } else if (op === DATA) inlet.push(value);
        else if (op === CREDIT) outlet?.credit(value);
        else if (op === CANCEL) outlet?.stop(networkError('the rest of the body is not wanted'));
        else if (value !== '') fail(networkError(value));
        else {
          inlet.end();
          closed();
        }
      },
    });
    waiting(run);
    signal?.addEventListener('abort', abort);
    host.send(CALL, run.number, id, said, flows ? new Uint8Array(0) : kit.exactly(whole));
    if (flows) {
      const sending = whole === undefined ? outlet.take(body) : outlet.write(whole).then(() => host.send(END, run.number, id));
      sending.catch(() => {});
    }
  });
  const call = async (run, meta, body, signal) => {
    signal?.throwIfAborted();
    if (!run) throw networkError('there is no invocation to make the call for');
    if (run.calls >= settings.maxCalls) throw networkError(`more than ${settings.maxCalls} calls in one invocation`);
    if (run.open >= settings.maxOpenCalls) {
      if (run.slots.length >= settings.maxCalls) throw networkError('too many calls wait');
      waiting(run);
      await new Promise((resolve) => { run.slots.push(resolve); });
      waited(run);
      signal?.throwIfAborted();
    }
    if (!runs.has(run.number)) throw networkError('the invocation is over');
    return open(run, meta, body, signal);
  };
  const fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = kit.use(request);
    return call(
      runs.get(kit.run),
      { to: 'web', method: request.method, url: request.url, headers: kit.headerPairs(request.headers), redirect: request.redirect },
      body, kit.signalOf(request),
    );
  };

  // ---- Deno.serve and the environment ------------------------------------------------------------------------------

  let served;
  const env = Object.freeze(JSON.parse(settings.env));
  const Deno = {
    serve(first, second) {
      const handler = typeof first === 'function' ? first : typeof second === 'function' ? second : first && first.handler;
      if (typeof handler !== 'function') throw new TypeError('Deno.serve needs a handler');
      served = handler;
      if (typeof first === 'object' && typeof first?.onListen === 'function') first.onListen({ transport: 'tcp', hostname: '0.0.0.0', port: 8000 });
      return { finished: new Promise(() => {}), shutdown: async () => {}, ref() {}, unref() {}, addr: { transport: 'tcp', hostname: '0.0.0.0', port: 8000 } };
    },
    env: Object.freeze({
      get: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
      has: (name) => Object.hasOwn(env, name),
      toObject: () => ({ ...env }),
    }),
  };
  // Work behind the answer, as Supabase's edge runtime spells it.
  const EdgeRuntime = { waitUntil(promise) { if (runs.has(kit.run)) waitUntil(runs.get(kit.run), promise); } };
  kit.expose({ Deno, EdgeRuntime, fetch });

  // ---- handlers ----------------------------------------------------------------------------------------------------

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

  const shown = (error) => {
    try {
      if (error instanceof Error) {
        const told = String(error.message);
        const message = clip(told, MAX_MESSAGE);
        // The places are behind the message.
        const stack = clip(String(error.stack ?? '').replace(told, () => message), MAX_STACK);
        return { kind: 'exception', name: clip(String(error.name), MAX_NAME), message, stack };
      }
      const told = typeof error === 'string' ? error : JSON.stringify(error) ?? String(error);
      return { kind: 'exception', name: 'Thrown', message: clip(told, MAX_MESSAGE), stack: '' };
    } catch (ignored) {
      return { kind: 'exception', name: 'Thrown', message: 'a value that could not be shown', stack: '' };
    }
  };
  const failure = (kind, message) => JSON.stringify({ kind, name: 'Error', message, stack: '' });

  const waitUntil = (run, promise) => {
    run.work++;
    Promise.resolve(promise)
      .catch((error) => kit.uncaught('waitUntil', error))
      .finally(() => done(run));
  };
  const done = (run) => {
    run.work--;
    if (run.work === 0 && run.told && runs.has(run.number)) ready.push(run);
  };

  // What a handler finds in ctx. Its own properties are what the host says of the call.
  let clients;
  // They call for the run whose ctx it is, whoever has the turn: it may have been handed on with a promise.
  const platform = (run, service) => {
    clients ??= host.load('platform.js')(host, kit);
    return clients((meta, body, signal) => call(run, { ...meta, to: service ? 'service' : 'caller' }, body, signal));
  };
  class Context {
    #run;
    #own;
    #service;
    #caller;
    constructor(run, values, caller) {
      Object.assign(this, values);
      this.#run = run;
      this.#caller = caller;
    }
    // Claims are long and most handlers do not look at them: parsed where one does.
    get caller() {
      if (typeof this.#caller === 'string') this.#caller = JSON.parse(this.#caller);
      return this.#caller;
    }
    toJSON() { return { ...this, caller: this.caller }; }
    waitUntil(promise) { waitUntil(this.#run, promise); }
    passThroughOnException() {}
    #clients() { return (this.#own ??= platform(this.#run, false)); }
    get data() { return this.#clients().data; }
    get auth() { return this.#clients().auth; }
    get storage() { return this.#clients().storage; }
    get functions() { return this.#clients().functions; }
    get fetch() { return this.#clients().fetch; }
    get service() { return (this.#service ??= platform(this.#run, true)); }
  }

  // Its answer: R in text, B in bytes, S before a body that follows, or E a failure. What JSON makes is a string only where the function left JSON alone.
  const say = (run, kind, text) => {
    run.out = kind;
    run.text = `${text}`;
  };
  const settle = (run, error, value) => {
    if (run.out !== undefined || !runs.has(run.number)) return;
    try {
      if (error !== undefined) say(run, 'E', JSON.stringify(shown(error.value)));
      else if (run.kind === 1) answer(run, value);
      else respond(run, value);
    } catch (thrown) {
      say(run, 'E', JSON.stringify(shown(thrown)));
    }
    ready.push(run);
  };
  const tooLarge = (run) =>
    say(run, 'E', failure('too_large', `the answer is larger than ${settings.maxResponseBytes} bytes in one piece; a stream may be longer`));
  const respond = (run, response) => {
    const head = kit.headOf(response);
    if (head === undefined) return say(run, 'E', failure('bad_answer', 'the handler did not return a Response'));
    const body = kit.use(response);
    if (head.length > MAX_META) return say(run, 'E', failure('bad_answer', `the answer's headers are longer than ${MAX_META} characters`));
    if (body === null || typeof body === 'string') {
      if (body !== null && body.length > settings.maxResponseBytes) return tooLarge(run);
      return say(run, 'R', `${head}\n\n${body ?? ''}`);
    }
    if (body instanceof Uint8Array) {
      if (body.length > settings.maxResponseBytes) return tooLarge(run);
      run.bytes = kit.exactly(body);
      return say(run, 'B', head);
    }
    run.body = body;
    run.work++;
    return say(run, 'S', head);
  };
  const answer = (run, value) => {
    const text = JSON.stringify(value) ?? 'null';
    return text.length > settings.maxResponseBytes ? tooLarge(run) : say(run, 'R', text);
  };

  // What is in the first two lines of a text, and the rest.
  const lines = (text) => {
    const first = indexOf(text, '\n');
    const second = indexOf(text, '\n', first + 1);
    return second < 0
      ? [slice(text, 0, first), slice(text, first + 1), '']
      : [slice(text, 0, first), slice(text, first + 1, second), slice(text, second + 1)];
  };

  // kind: 0 a request, 1 an event, 2 a request whose body follows in frames. The text has a line for what is always read, one for the caller, which
  // may be empty, and one for each header of a request.
  const begin = (number, kind, text, body) => {
    const [said, caller, headers] = lines(text);
    const meta = JSON.parse(said);
    const run = {
      number, kind, out: undefined, text: '', told: false, bytes: undefined, body: undefined, request: undefined, inlet: undefined, outlet: undefined,
      work: 0, waits: 0, open: 0, calls: 0, lastStream: 0, slots: [], streams: new Map(),
    };
    runs.set(number, run);
    kit.run = number;
    const handler = kind === 1 ? eventHandler : fetchHandler;
    if (!handler) {
      say(run, 'E', failure('no_handler', kind === 1 ? 'the function has no onEvent handler' : 'the function has no fetch handler'));
      ready.push(run);
      return;
    }
    const ctx = new Context(run, meta.ctx, caller || undefined);
    try {
      let result;
      if (kind === 1) result = handler(meta.event, ctx);
      else {
        if (kind === 2) run.inlet = new Inlet(run, 0);
        run.request = kit.incoming(meta.method, meta.url, headers, run.inlet ?? body ?? null);
        result = served === handler
          ? handler(run.request, { remoteAddr: { transport: 'tcp', hostname: meta.ctx?.ip ?? '0.0.0.0', port: 0 }, completed: new Promise(() => {}) })
          : handler(run.request, env, ctx);
      }
      if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
        Promise.resolve(result).then((value) => settle(run, undefined, value), (error) => settle(run, { value: error }));
      } else settle(run, undefined, result);
    } catch (error) {
      settle(run, { value: error });
    }
  };

  // The client has gone: nobody waits for the answer any more.
  const left = (run) => {
    const reason = new DOMException('The client has disconnected.', 'AbortError');
    if (run.request) kit.abortRequest(run.request, reason);
    if (run.outlet) run.outlet.stop(reason);
    if (run.out === undefined) {
      say(run, 'E', failure('cancelled', 'the client left before the answer'));
      ready.push(run);
    }
  };
  // The invocation's own two bodies.
  const own = (run, op, value) => {
    if (op === DATA) run.inlet?.push(value);
    else if (op === END) run.inlet?.end(value === '' ? undefined : new TypeError(value));
    else if (op === CREDIT) run.outlet?.credit(value);
    else if (op === CANCEL) left(run);
  };

  const frame = (number, op, id, value) => {
    const run = runs.get(number);
    if (!run) return;
    kit.run = number;
    if (id === 0) own(run, op, value);
    else run.streams.get(id)?.frame(op, value);
  };

  // Ends an invocation whatever it still waits for.
  const drop = (number) => {
    const run = runs.get(number);
    if (!run) return;
    runs.delete(number);
    kit.dropTimers(number);
    kit.dropCodecs?.(number);
    waits -= run.waits;
    run.waits = 0;
    run.outlet?.stop(new TypeError('the invocation is over'));
    for (const stream of [...run.streams.values()]) stream.closed();
  };

  // Answers a string, that is one word to the host (its kind, whether work goes on behind it, the invocation's number and, behind a
  // blank, its text), or a number: milliseconds to wait for a timer, -1 for nothing that could ever happen, -2 for nothing
  // to do, -3 to wait for a frame.
  let last;
  let pending;
  const poll = () => {
    if (pending) {
      // Only now, so that the head has left before the first byte.
      const next = pending;
      pending = undefined;
      kit.run = next.number;
      next.outlet.take(next.body).catch((error) => { if (error?.name !== 'AbortError') kit.uncaught('response body', error); }).finally(() => done(next));
      return 0;
    }
    const run = ready.shift();
    if (run !== undefined) {
      if (!runs.has(run.number)) return 0;
      kit.run = run.number;
      if (run.told) {
        drop(run.number);
        return `D0${run.number} `;
      }
      run.told = true;
      // Whatever a function has made of JSON's methods and the like: a length is the string's own.
      const most = run.out === 'E' ? MAX_FAILURE : run.out === 'R' ? settings.maxResponseBytes + MAX_META + 2 : MAX_META;
      if (run.text.length > most) say(run, 'E', '{"kind":"too_large","name":"Error","message":"the answer is too long","stack":""}');
      last = run.bytes;
      const word = `${run.out}${run.work > 0 ? 1 : 0}${run.number} ${run.text}`;
      run.bytes = undefined;
      run.text = '';
      if (run.work === 0) drop(run.number);
      else if (run.body) {
        run.outlet = new Outlet(run, 0);
        pending = run;
      }
      return word;
    }
    if (runs.size === 0) return -2;
    const wait = kit.fireTimer();
    return wait < 0 && waits > 0 ? -3 : wait;
  };
  const bytes = () => {
    const held = last;
    last = undefined;
    return held;
  };

  return { bind, begin, frame, drop, poll, bytes, turn: () => kit.run, tick: kit.fireTimer };
};
