// What a function finds in its global scope, and the few entry points the worker drives it by. Evaluates to a function
// of the host's calls; whatever is not put on globalThis here stays out of the user's reach.
(function (host) {
  'use strict';

  const define = (target, name, value) =>
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  const expose = (values) => {
    for (const name of Object.keys(values)) define(globalThis, name, values[name]);
  };

  // A blocking wait would hold the isolate's thread past its deadline, and shared memory has nobody to share with.
  delete globalThis.SharedArrayBuffer;
  delete globalThis.WebAssembly;
  if (globalThis.Atomics) {
    delete globalThis.Atomics.wait;
    delete globalThis.Atomics.waitAsync;
  }

  // What the scripts behind this one share: run is the number of the invocation that is being worked for, 0 for none.
  const kit = { run: 0, expose };

  const need = (values, count) => {
    if (values.length < count) throw new TypeError(`${count} arguments required, but only ${values.length} present`);
  };
  // Members and tags of classes as Web IDL wants them, https://webidl.spec.whatwg.org/#es-interfaces
  const webIdl = (types) => {
    for (const [name, { prototype }] of Object.entries(types)) {
      for (const key of Object.getOwnPropertyNames(prototype)) {
        if (key !== 'constructor') Object.defineProperty(prototype, key, { enumerable: true });
      }
      Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
    }
    return types;
  };
  const constants = (type, values) => {
    for (const [name, value] of Object.entries(values)) {
      for (const owner of [type, type.prototype]) Object.defineProperty(owner, name, { value, enumerable: true });
    }
  };

  // Names that are loaded when somebody asks for one of them: most functions never do, and their start need not pay.
  const lazily = (names, load) => {
    for (const name of names) {
      Object.defineProperty(globalThis, name, {
        configurable: true,
        enumerable: false,
        get() {
          expose(load());
          return globalThis[name];
        },
        set(value) { define(globalThis, name, value); },
      });
    }
  };

  // ---- errors and events -------------------------------------------------------------------------------------------

  const internal = Symbol('internal');
  const zero = host.now();
  const now = () => host.now() - zero;
  const legacyCodes = {
    IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5, NoModificationAllowedError: 7,
    NotFoundError: 8, NotSupportedError: 9, InUseAttributeError: 10, InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13,
    NamespaceError: 14, InvalidAccessError: 15, TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20,
    URLMismatchError: 21, QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24, DataCloneError: 25,
  };
  const legacyConstant = (name) => name.replace(/Error$/, '').replace('InUse', 'Inuse').replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase() + '_ERR';
  class DOMException extends Error {
    #name;
    constructor(message = '', options = 'Error') {
      const named = typeof options === 'object' && options !== null;
      super(message, named && 'cause' in options ? { cause: options.cause } : undefined);
      this.#name = String(named ? options.name ?? 'Error' : options);
    }
    get name() { return this.#name; }
    get code() { return legacyCodes[this.#name] ?? 0; }
  }
  constants(DOMException, Object.fromEntries(Object.entries(legacyCodes).map(([name, code]) => [legacyConstant(name), code])));
  constants(DOMException, { DOMSTRING_SIZE_ERR: 2, NO_DATA_ALLOWED_ERR: 6, VALIDATION_ERR: 16 });

  class Event {
    #type;
    #init;
    #prevented = false;
    #stopped = 0;
    #target = null;
    #current = null;
    #passive = false;
    #time = now();
    constructor(type, init = {}) {
      need(arguments, 1);
      this.#type = String(type);
      this.#init = init ?? {};
    }
    get type() { return this.#type; }
    get bubbles() { return !!this.#init.bubbles; }
    get cancelable() { return !!this.#init.cancelable; }
    get composed() { return !!this.#init.composed; }
    get defaultPrevented() { return this.#prevented; }
    get target() { return this.#target; }
    get srcElement() { return this.#target; }
    get currentTarget() { return this.#current; }
    get eventPhase() { return this.#current ? Event.AT_TARGET : Event.NONE; }
    get isTrusted() { return false; }
    get timeStamp() { return this.#time; }
    composedPath() { return this.#current ? [this.#current] : []; }
    preventDefault() { if (this.cancelable && !this.#passive) this.#prevented = true; }
    get returnValue() { return !this.#prevented; }
    set returnValue(value) { if (!value) this.preventDefault(); }
    get cancelBubble() { return this.#stopped > 0; }
    set cancelBubble(value) { if (value) this.stopPropagation(); }
    stopPropagation() { this.#stopped ||= 1; }
    stopImmediatePropagation() { this.#stopped = 2; }
    // Takes the event to a target and its listeners: calls `each` with every entry until somebody stops it.
    static [internal](event, target, entries, each) {
      if (event.#current) throw new DOMException('the event is being dispatched', 'InvalidStateError');
      event.#target = event.#current = target;
      for (const entry of entries) {
        if (event.#stopped === 2) break;
        event.#passive = entry.passive;
        each(entry);
      }
      event.#passive = false;
      event.#current = null;
      event.#stopped = 0;
      return !event.#prevented;
    }
  }
  const sendEvent = Event[internal];
  delete Event[internal];
  constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

  class CustomEvent extends Event {
    #detail;
    constructor(type, init = {}) {
      super(type, init);
      this.#detail = init?.detail ?? null;
    }
    get detail() { return this.#detail; }
  }

  const uncaught = (where, error) => log(3, [`Uncaught (in ${where})`, error]);
  const captures = (options) => !!(typeof options === 'object' && options !== null ? options.capture : options);
  class EventTarget {
    #listeners = new Map(); // type -> [{ listener, capture, once, passive, gone }]
    addEventListener(type, listener, options) {
      need(arguments, 2);
      if (listener === null || listener === undefined) return;
      if (typeof listener !== 'function' && typeof listener !== 'object') throw new TypeError('a listener is a function or an object');
      const capture = captures(options);
      const { once = false, passive = false, signal = undefined } = typeof options === 'object' && options !== null ? options : {};
      if (signal?.aborted) return;
      const list = this.#listeners.get(String(type)) ?? [];
      if (list.some((entry) => entry.listener === listener && entry.capture === capture)) return;
      this.#listeners.set(String(type), [...list, { listener, capture, once: !!once, passive: !!passive, gone: false }]);
      signal?.addEventListener('abort', () => this.removeEventListener(type, listener, capture), { once: true });
    }
    removeEventListener(type, listener, options) {
      need(arguments, 2);
      const list = this.#listeners.get(String(type)) ?? [];
      const found = list.find((entry) => entry.listener === listener && entry.capture === captures(options));
      if (!found) return;
      found.gone = true;
      this.#listeners.set(String(type), list.filter((entry) => entry !== found));
    }
    dispatchEvent(event) {
      if (!(event instanceof Event)) throw new TypeError('dispatchEvent needs an Event');
      const list = this.#listeners.get(event.type) ?? [];
      return sendEvent(event, this, list.some(({ capture }) => capture) ? list.toSorted((a, b) => b.capture - a.capture) : list, (entry) => {
        if (entry.gone) return;
        if (entry.once) this.removeEventListener(event.type, entry.listener, entry.capture);
        try {
          if (typeof entry.listener === 'function') entry.listener.call(this, event);
          else entry.listener.handleEvent(event);
        } catch (error) {
          uncaught('listener', error);
        }
      });
    }
  }

  class AbortSignal extends EventTarget {
    #reason;
    #aborted = false;
    #handler = null;
    #sources = [];
    #dependents = new Set();
    #handle = (event) => this.#handler.call(this, event);
    constructor(token) {
      super();
      if (token !== internal) throw new TypeError('Illegal constructor');
    }
    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    get onabort() { return this.#handler; }
    set onabort(value) {
      this.#handler = typeof value === 'function' ? value : null;
      if (this.#handler) this.addEventListener('abort', this.#handle);
      else this.removeEventListener('abort', this.#handle);
    }
    throwIfAborted() { if (this.#aborted) throw this.#reason; }
    static abort(reason) {
      const signal = new AbortSignal(internal);
      AbortSignal.#fire(signal, reason);
      return signal;
    }
    static timeout(millis) {
      const signal = new AbortSignal(internal);
      if (!(Number(millis) >= 0 && Number(millis) <= Number.MAX_SAFE_INTEGER)) throw new TypeError('the timeout must be a number of milliseconds');
      setTimeout(() => AbortSignal.#fire(signal, new DOMException('The operation timed out.', 'TimeoutError')), millis);
      return signal;
    }
    static any(signals) {
      const result = new AbortSignal(internal);
      const given = [...signals];
      if (given.some((signal) => !(signal instanceof AbortSignal))) throw new TypeError('AbortSignal.any takes signals');
      const first = given.find((signal) => signal.#aborted);
      if (first) AbortSignal.#fire(result, first.#reason);
      else {
        result.#sources = given.flatMap((signal) => (signal.#sources.length ? signal.#sources : [signal]));
        for (const source of result.#sources) source.#dependents.add(result);
      }
      return result;
    }
    // All that depend on the signal are aborted before anybody hears of it.
    static #fire(signal, reason) {
      if (signal.#aborted) return;
      const all = [signal, ...signal.#dependents].filter((one) => !one.#aborted);
      const why = reason === undefined ? new DOMException('The operation was aborted.', 'AbortError') : reason;
      for (const one of all) {
        one.#aborted = true;
        one.#reason = why;
        for (const source of one.#sources) source.#dependents.delete(one);
      }
      for (const one of all) one.dispatchEvent(new Event('abort'));
    }
    static [internal](signal, reason) { AbortSignal.#fire(signal, reason); }
  }
  const abort = AbortSignal[internal];
  delete AbortSignal[internal];

  class AbortController {
    #signal = new AbortSignal(internal);
    get signal() { return this.#signal; }
    abort(reason) { abort(this.#signal, reason); }
  }

  // ---- timers ------------------------------------------------------------------------------------------------------

  const maxTimers = 10000;
  let timerSequence = 0;
  const timers = new Map(); // id -> { at, order, callback, args, every }
  const addTimer = (callback, millis, args, repeat) => {
    if (typeof callback !== 'function') throw new TypeError('the timer needs a function');
    if (timers.size >= maxTimers) throw new RangeError(`more than ${maxTimers} timers`);
    const delay = Math.min(Math.max(Number(millis) || 0, repeat ? 1 : 0), 2147483647);
    const id = ++timerSequence;
    timers.set(id, { at: now() + delay, order: id, run: kit.run, callback, args, every: repeat ? delay : undefined });
    return id;
  };
  const setTimeout = (callback, millis, ...args) => addTimer(callback, millis, args, false);
  const setInterval = (callback, millis, ...args) => addTimer(callback, millis, args, true);
  const clearTimeout = (id) => { timers.delete(id); };
  const nextTimer = () => {
    let next;
    for (const timer of timers.entries()) {
      if (!next || timer[1].at < next[1].at || (timer[1].at === next[1].at && timer[1].order < next[1].order)) next = timer;
    }
    return next;
  };
  // Fires at most one timer, so that microtasks run between two of them; answers how long to wait, or -1 for never.
  const fireTimer = () => {
    const next = nextTimer();
    if (!next) return -1;
    const wait = next[1].at - now();
    if (wait > 0) return Math.ceil(wait);
    const [id, timer] = next;
    if (timer.every === undefined) timers.delete(id);
    else {
      timer.at = now() + timer.every;
      timer.order = ++timerSequence;
    }
    kit.run = timer.run;
    try {
      timer.callback.apply(undefined, timer.args);
    } catch (error) {
      uncaught('timer', error);
    }
    return 0;
  };

  const dropTimers = (run) => {
    for (const [id, timer] of timers) if (timer.run === run) timers.delete(id);
  };

  const queueMicrotask = (callback) => {
    if (typeof callback !== 'function') throw new TypeError('queueMicrotask needs a function');
    Promise.resolve().then(() => callback()).catch((error) => uncaught('microtask', error));
  };

  // ---- text and base64 ---------------------------------------------------------------------------------------------

  const bytesOf = (input) => {
    if (input instanceof Uint8Array) return input;
    if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (input instanceof ArrayBuffer) return new Uint8Array(input);
    throw new TypeError('expected an ArrayBuffer or a view of one');
  };

  // The bytes in a buffer of their own: Java takes buffers whole.
  const exactly = (bytes) => (bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice());

  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(input = '') {
      const text = String(input);
      const length = text.length;
      let out = new Uint8Array(length + (length >> 2) + 8);
      let at = 0;
      for (let i = 0; i < length; i++) {
        let code = text.charCodeAt(i);
        if (at + 4 > out.length) {
          const grown = new Uint8Array(Math.max(out.length * 2, at + (length - i) * 3 + 8));
          grown.set(out);
          out = grown;
        }
        if (code < 0x80) {
          out[at++] = code;
          continue;
        }
        if (code >= 0xd800 && code <= 0xdfff) {
          const low = code < 0xdc00 && i + 1 < length ? text.charCodeAt(i + 1) : 0;
          if (low >= 0xdc00 && low <= 0xdfff) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            i++;
          } else code = 0xfffd;
        }
        if (code < 0x800) out[at++] = 0xc0 | (code >> 6);
        else {
          if (code < 0x10000) out[at++] = 0xe0 | (code >> 12);
          else {
            out[at++] = 0xf0 | (code >> 18);
            out[at++] = 0x80 | ((code >> 12) & 63);
          }
          out[at++] = 0x80 | ((code >> 6) & 63);
        }
        out[at++] = 0x80 | (code & 63);
      }
      return out.slice(0, at);
    }
    encodeInto(source, target) {
      if (!(target instanceof Uint8Array)) throw new TypeError('encodeInto needs a Uint8Array');
      let read = 0;
      let written = 0;
      for (const character of String(source)) {
        const encoded = this.encode(character);
        if (written + encoded.length > target.length) break;
        target.set(encoded, written);
        written += encoded.length;
        read += character.length;
      }
      return { read, written };
    }
  }

  const charactersOf = (codes) => {
    let text = '';
    for (let i = 0; i < codes.length; i += 8192) text += String.fromCharCode.apply(null, codes.slice(i, i + 8192));
    return text;
  };

  const windows1252 = [
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
    0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
  ];
  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBom;
    #rest = new Uint8Array(0);
    #started = false;
    constructor(label = 'utf-8', options = {}) {
      const name = String(label).trim().toLowerCase();
      if (name === 'utf-8' || name === 'utf8' || name === 'unicode-1-1-utf-8') this.#encoding = 'utf-8';
      else if (['utf-16le', 'utf-16', 'ucs-2', 'unicode', 'iso-10646-ucs-2', 'csunicode', 'unicodefeff'].includes(name)) this.#encoding = 'utf-16le';
      else if (name === 'utf-16be' || name === 'unicodefffe') this.#encoding = 'utf-16be';
      else if (['latin1', 'l1', 'iso-8859-1', 'iso8859-1', 'ascii', 'us-ascii', 'windows-1252', 'cp1252', 'x-cp1252'].includes(name)) this.#encoding = 'windows-1252';
      else throw new RangeError(`The encoding label provided ('${label}') is invalid.`);
      this.#fatal = !!options.fatal;
      this.#ignoreBom = !!options.ignoreBOM;
    }
    get encoding() { return this.#encoding; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBom; }
    decode(input, options = {}) {
      let bytes = input === undefined ? new Uint8Array(0) : bytesOf(input);
      if (this.#rest.length) {
        const joined = new Uint8Array(this.#rest.length + bytes.length);
        joined.set(this.#rest);
        joined.set(bytes, this.#rest.length);
        bytes = joined;
        this.#rest = new Uint8Array(0);
      }
      const stream = !!options.stream;
      let text;
      if (this.#encoding === 'utf-8') text = this.#utf8(bytes, stream);
      else if (this.#encoding === 'windows-1252') text = charactersOf(Array.from(bytes, (byte) => (byte >= 0x80 && byte < 0xa0 ? windows1252[byte - 0x80] : byte)));
      else text = this.#utf16(bytes, stream, this.#encoding === 'utf-16be' ? 1 : 0);
      if (!this.#started && !this.#ignoreBom && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      this.#started = stream && (this.#started || text.length > 0);
      return text;
    }
    #bad(codes) {
      if (this.#fatal) throw new TypeError('The encoded data was not valid.');
      codes.push(0xfffd);
    }
    #utf16(bytes, stream, big) {
      const codes = [];
      let i = 0;
      while (i + 1 < bytes.length) {
        const code = bytes[i + big] | (bytes[i + 1 - big] << 8);
        if (code >= 0xd800 && code < 0xdc00) {
          if (i + 3 >= bytes.length) {
            if (stream) break;
            this.#bad(codes);
            i = bytes.length;
            break;
          }
          const low = bytes[i + 2 + big] | (bytes[i + 3 - big] << 8);
          if (low >= 0xdc00 && low < 0xe000) {
            codes.push(code, low);
            i += 4;
            continue;
          }
          this.#bad(codes);
        } else if (code >= 0xdc00 && code < 0xe000) this.#bad(codes);
        else codes.push(code);
        i += 2;
      }
      if (i < bytes.length) {
        if (stream) this.#rest = bytes.slice(i);
        else this.#bad(codes);
      }
      return charactersOf(codes);
    }
    #utf8(bytes, stream) {
      let text = '';
      let codes = [];
      const length = bytes.length;
      for (let i = 0; i < length; ) {
        const first = bytes[i];
        if (first < 0x80) {
          codes.push(first);
          i++;
        } else {
          let need = 0;
          let low = 0x80;
          let high = 0xbf;
          let code = 0;
          if (first >= 0xc2 && first <= 0xdf) { need = 1; code = first & 0x1f; }
          else if (first >= 0xe0 && first <= 0xef) {
            need = 2;
            code = first & 0xf;
            if (first === 0xe0) low = 0xa0;
            if (first === 0xed) high = 0x9f;
          } else if (first >= 0xf0 && first <= 0xf4) {
            need = 3;
            code = first & 7;
            if (first === 0xf0) low = 0x90;
            if (first === 0xf4) high = 0x8f;
          }
          if (need === 0) {
            this.#bad(codes);
            i++;
          } else {
            let j = i + 1;
            let taken = 0;
            while (taken < need && j < length && bytes[j] >= low && bytes[j] <= high) {
              code = (code << 6) | (bytes[j] & 63);
              low = 0x80;
              high = 0xbf;
              j++;
              taken++;
            }
            if (taken === need) {
              if (code > 0xffff) codes.push(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
              else codes.push(code);
            } else if (j >= length && stream) {
              this.#rest = bytes.slice(i);
              break;
            } else this.#bad(codes);
            i = j;
          }
        }
        if (codes.length > 8000) {
          text += String.fromCharCode.apply(null, codes);
          codes = [];
        }
      }
      return text + String.fromCharCode.apply(null, codes);
    }
  }

  const encoder = new TextEncoder();
  const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const btoa = function (input) {
    need(arguments, 1);
    const text = String(input);
    let out = '';
    for (let i = 0; i < text.length; i += 3) {
      const a = text.charCodeAt(i);
      const b = text.charCodeAt(i + 1);
      const c = text.charCodeAt(i + 2);
      if (a > 255 || b > 255 || c > 255) {
        throw new DOMException('The string contains characters outside of the Latin1 range.', 'InvalidCharacterError');
      }
      out += base64[a >> 2] + base64[((a & 3) << 4) | (b >> 4)];
      out += i + 1 < text.length ? base64[((b & 15) << 2) | (c >> 6)] : '=';
      out += i + 2 < text.length ? base64[c & 63] : '=';
    }
    return out;
  };
  const atob = function (input) {
    need(arguments, 1);
    let text = String(input).replace(/[\t\n\f\r ]/g, '');
    if (text.length % 4 === 0) text = text.replace(/==?$/, '');
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) {
      throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
    }
    let out = '';
    let bits = 0;
    let held = 0;
    for (let i = 0; i < text.length; i++) {
      bits = (bits << 6) | base64.indexOf(text[i]);
      held += 6;
      if (held >= 8) {
        held -= 8;
        out += String.fromCharCode((bits >> held) & 255);
      }
    }
    return out;
  };

  // ---- crypto and structuredClone ----------------------------------------------------------------------------------

  let subtle;
  class Crypto {
    constructor(token) { if (token !== internal) throw new TypeError('Illegal constructor'); }
    get subtle() { return (subtle ??= cryptography().subtle); }
    getRandomValues(array) {
      if (!ArrayBuffer.isView(array)) throw new TypeError('getRandomValues needs a typed array');
      if (array instanceof DataView || /^Float/.test(array[Symbol.toStringTag])) {
        throw new DOMException('getRandomValues needs an array of integers', 'TypeMismatchError');
      }
      if (array.byteLength > 65536) throw new DOMException('more than 65536 bytes asked', 'QuotaExceededError');
      if (array.byteLength > 0) bytesOf(array).set(host.random(array.byteLength));
      return array;
    }
    randomUUID() {
      const bytes = host.random(16);
      bytes[6] = (bytes[6] & 15) | 64;
      bytes[8] = (bytes[8] & 63) | 128;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    }
  }
  const crypto = new Crypto(internal);

  let subtleParts;
  const cryptography = () => (subtleParts ??= host.load('crypto.js')(host, kit));
  lazily(['CryptoKey', 'SubtleCrypto'], () => {
    const { CryptoKey, SubtleCrypto } = cryptography();
    return { CryptoKey, SubtleCrypto };
  });

  const errorTypes = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const structuredClone = function (value, options) {
    need(arguments, 1);
    const seen = new Map();
    for (const item of options?.transfer ?? []) {
      if (typeof item !== 'object' || item === null) throw new TypeError('only objects are transferred');
      if (!(item instanceof ArrayBuffer) || item.detached || seen.has(item)) throw new DOMException('the value cannot be transferred', 'DataCloneError');
      seen.set(item, item);
    }
    for (const item of seen.keys()) seen.set(item, item.transfer());
    const clone = (item) => {
      if (typeof item === 'function' || typeof item === 'symbol') {
        throw new DOMException(`${String(item)} could not be cloned.`, 'DataCloneError');
      }
      if (typeof item !== 'object' || item === null) return item;
      if (seen.has(item)) return seen.get(item);
      const keep = (copy) => {
        seen.set(item, copy);
        return copy;
      };
      if (item instanceof Date) return keep(new Date(item.getTime()));
      if (item instanceof RegExp) return keep(new RegExp(item.source, item.flags));
      if (item instanceof Boolean || item instanceof Number || item instanceof String) return keep(Object(item.valueOf()));
      if (item instanceof ArrayBuffer) return keep(item.slice(0));
      if (ArrayBuffer.isView(item)) {
        const buffer = clone(item.buffer);
        const length = item instanceof DataView ? item.byteLength : item.length;
        return keep(new item.constructor(buffer, item.byteOffset, length));
      }
      if (item instanceof Map) {
        const copy = keep(new Map());
        for (const [key, entry] of item) copy.set(clone(key), clone(entry));
        return copy;
      }
      if (item instanceof Set) {
        const copy = keep(new Set());
        for (const entry of item) copy.add(clone(entry));
        return copy;
      }
      if (item instanceof DOMException) return keep(new DOMException(item.message, item.name));
      if (kit.isBlob(item)) return keep(item);
      if (item instanceof Error) {
        const copy = keep(new (errorTypes[item.name] ?? Error)(item.message));
        if (item.cause !== undefined) copy.cause = clone(item.cause);
        return copy;
      }
      if ([Promise, WeakMap, WeakSet, WeakRef, EventTarget, Event].some((type) => item instanceof type)) {
        throw new DOMException('the object could not be cloned.', 'DataCloneError');
      }
      const copy = keep(Array.isArray(item) ? new Array(item.length) : {});
      for (const key of Object.keys(item)) {
        Object.defineProperty(copy, key, { value: clone(item[key]), writable: true, enumerable: true, configurable: true });
      }
      return copy;
    };
    return clone(value);
  };

  // ---- console -----------------------------------------------------------------------------------------------------

  const inspect = (value, depth, seen) => {
    switch (typeof value) {
      case 'string': return depth === 0 ? value : JSON.stringify(value);
      case 'bigint': return `${value}n`;
      case 'function': return `[Function: ${value.name || '(anonymous)'}]`;
      case 'object': break;
      default: return String(value);
    }
    if (value === null) return 'null';
    if (seen.includes(value)) return '[Circular]';
    if (value instanceof Error) return value.stack || String(value);
    if (value instanceof Date || value instanceof RegExp) return String(value instanceof Date ? value.toJSON() : value);
    if (value instanceof Promise) return 'Promise {}';
    if (depth > 3) return Array.isArray(value) ? '[Array]' : '[Object]';
    const below = [...seen, value];
    const show = (item) => inspect(item, depth + 1, below);
    const list = (items, open, close) => (items.length ? `${open} ${items.join(', ')} ${close}` : open + close);
    const cut = (items) => {
      const some = [];
      let more = 0;
      for (const item of items) some.length < 100 ? some.push(item) : more++;
      return [some, more ? [`... ${more} more`] : []];
    };
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
      const tail = value.length > 100 ? [`... ${value.length - 100} more`] : [];
      return list([...Array.from(value.slice(0, 100), show), ...tail], '[', ']');
    }
    if (value instanceof Map) {
      const [some, more] = cut(value);
      return 'Map ' + list([...some.map(([key, item]) => `${show(key)} => ${show(item)}`), ...more], '{', '}');
    }
    if (value instanceof Set) {
      const [some, more] = cut(value);
      return 'Set ' + list([...some.map(show), ...more], '{', '}');
    }
    if (value instanceof Headers) return 'Headers ' + show(Object.fromEntries(value));
    if (value instanceof URL) return value.href;
    const [keys, more] = cut(Object.keys(value));
    const name = value.constructor && value.constructor !== Object ? `${value.constructor.name} ` : '';
    return name + list([...keys.map((key) => `${/^[\w$]+$/.test(key) ? key : JSON.stringify(key)}: ${show(value[key])}`), ...more], '{', '}');
  };
  const format = (items) => {
    const rest = [...items];
    let text = '';
    if (typeof rest[0] === 'string' && rest[0].includes('%')) {
      text = rest.shift().replace(/%[sdifoOjc%]/g, (mark) => {
        if (mark === '%%') return '%';
        if (!rest.length) return mark;
        const item = rest.shift();
        if (mark === '%c') return '';
        if (mark === '%d' || mark === '%i') return String(mark === '%i' ? parseInt(item, 10) : Number(item));
        if (mark === '%f') return String(parseFloat(item));
        if (mark === '%j') return JSON.stringify(item);
        return inspect(item, mark === '%s' ? 0 : 1, []);
      });
      if (rest.length) text += ' ';
    }
    return text + rest.map((item) => inspect(item, 0, [])).join(' ');
  };
  const maxLine = 16384;
  let indent = '';
  const log = (level, items) => {
    let text;
    try {
      text = format(items);
    } catch (error) {
      text = '[could not be shown]';
    }
    if (indent) text = indent + text.replaceAll('\n', '\n' + indent);
    host.log(kit.run, level, text.length > maxLine ? text.slice(0, maxLine) + '...' : text);
  };
  const counts = new Map();
  const clocks = new Map();
  const console = {
    debug: (...items) => log(0, items),
    trace: (...items) => log(0, [...items, new Error('trace').stack]),
    log: (...items) => log(1, items),
    info: (...items) => log(1, items),
    dir: (item) => log(1, [item]),
    table: (item) => log(1, [item]),
    warn: (...items) => log(2, items),
    error: (...items) => log(3, items),
    assert: (good, ...items) => { if (!good) log(3, ['Assertion failed', ...items]); },
    count: (label = 'default') => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(1, [`${label}: ${counts.get(label)}`]);
    },
    countReset: (label = 'default') => { counts.delete(label); },
    time: (label = 'default') => { clocks.set(label, now()); },
    timeLog: (label = 'default', ...items) => log(1, [`${label}: ${(now() - (clocks.get(label) ?? now())).toFixed(3)}ms`, ...items]),
    timeEnd: (label = 'default') => {
      console.timeLog(label);
      clocks.delete(label);
    },
    group: (...items) => {
      if (items.length) log(1, items);
      if (indent.length < 40) indent += '  ';
    },
    groupCollapsed: (...items) => console.group(...items),
    groupEnd: () => { indent = indent.slice(2); },
    dirxml: (...items) => log(1, items),
    clear: () => {},
    profile: () => {},
    profileEnd: () => {},
    timeStamp: () => {},
  };

  expose(webIdl({ DOMException, Event, CustomEvent, EventTarget, AbortSignal, AbortController, TextEncoder, TextDecoder, Crypto }));
  expose({
    setTimeout, setInterval, clearTimeout, clearInterval: clearTimeout, queueMicrotask,
    atob, btoa, crypto, structuredClone, console,
    performance: { now, timeOrigin: Date.now(), toJSON() { return { timeOrigin: this.timeOrigin }; } },
    navigator: Object.freeze({ userAgent: 'Basalt' }),
    reportError: (error) => uncaught('reportError', error),
    self: globalThis,
  });

  return Object.assign(kit, {
    lazily, need, webIdl, encoder, bytesOf, exactly, log, uncaught, abort, fireTimer, dropTimers, isBlob: () => false,
    newSignal: () => new AbortSignal(internal),
  });
});
