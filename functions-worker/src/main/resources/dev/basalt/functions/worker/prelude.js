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

  // ---- errors and events -------------------------------------------------------------------------------------------

  const legacyCodes = { DataCloneError: 25, AbortError: 20, TimeoutError: 23, InvalidCharacterError: 5, QuotaExceededError: 22 };
  class DOMException extends Error {
    #name;
    constructor(message = '', name = 'Error') {
      super(message);
      this.#name = String(name);
    }
    get name() { return this.#name; }
    get code() { return legacyCodes[this.#name] ?? 0; }
  }

  class Event {
    constructor(type, init = {}) {
      this.type = String(type);
      this.cancelable = !!init.cancelable;
      this.defaultPrevented = false;
      this.target = null;
      this.timeStamp = host.now();
    }
    preventDefault() { if (this.cancelable) this.defaultPrevented = true; }
    stopPropagation() {}
    stopImmediatePropagation() { this.stopped = true; }
  }

  class EventTarget {
    #listeners = new Map();
    addEventListener(type, listener, options) {
      if (listener === null || listener === undefined) return;
      const list = this.#listeners.get(type) ?? [];
      if (!list.some((entry) => entry.listener === listener)) list.push({ listener, once: !!(options && options.once) });
      this.#listeners.set(type, list);
    }
    removeEventListener(type, listener) {
      const list = this.#listeners.get(type);
      if (list) this.#listeners.set(type, list.filter((entry) => entry.listener !== listener));
    }
    dispatchEvent(event) {
      event.target = this;
      const own = this['on' + event.type];
      if (typeof own === 'function') own.call(this, event);
      for (const entry of [...(this.#listeners.get(event.type) ?? [])]) {
        if (event.stopped) break;
        if (entry.once) this.removeEventListener(event.type, entry.listener);
        if (typeof entry.listener === 'function') entry.listener.call(this, event);
        else entry.listener.handleEvent(event);
      }
      return !event.defaultPrevented;
    }
  }

  const internal = Symbol('internal');
  class AbortSignal extends EventTarget {
    #reason;
    #aborted = false;
    onabort = null;
    constructor(token) {
      super();
      if (token !== internal) throw new TypeError('Illegal constructor');
    }
    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    throwIfAborted() { if (this.#aborted) throw this.#reason; }
    static abort(reason) {
      const signal = new AbortSignal(internal);
      AbortSignal.#fire(signal, reason);
      return signal;
    }
    static timeout(millis) {
      const signal = new AbortSignal(internal);
      setTimeout(() => AbortSignal.#fire(signal, new DOMException('The operation timed out.', 'TimeoutError')), millis);
      return signal;
    }
    static any(signals) {
      const result = new AbortSignal(internal);
      for (const signal of signals) {
        if (signal.aborted) {
          AbortSignal.#fire(result, signal.reason);
          break;
        }
        signal.addEventListener('abort', () => AbortSignal.#fire(result, signal.reason), { once: true });
      }
      return result;
    }
    static #fire(signal, reason) {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason === undefined ? new DOMException('The operation was aborted.', 'AbortError') : reason;
      signal.dispatchEvent(new Event('abort'));
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
  let timers = new Map(); // id -> { at, order, callback, args, every }
  const now = () => host.now();
  const addTimer = (callback, millis, args, repeat) => {
    if (typeof callback !== 'function') throw new TypeError('the timer needs a function');
    if (timers.size >= maxTimers) throw new RangeError(`more than ${maxTimers} timers`);
    const delay = Math.min(Math.max(Number(millis) || 0, repeat ? 1 : 0), 2147483647);
    const id = ++timerSequence;
    timers.set(id, { at: now() + delay, order: id, callback, args, every: repeat ? delay : undefined });
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
    try {
      timer.callback.apply(undefined, timer.args);
    } catch (error) {
      log(3, ['Uncaught (in timer)', error]);
    }
    return 0;
  };

  const queueMicrotask = (callback) => {
    if (typeof callback !== 'function') throw new TypeError('queueMicrotask needs a function');
    Promise.resolve().then(callback).catch((error) => log(3, ['Uncaught (in microtask)', error]));
  };

  // ---- text and base64 ---------------------------------------------------------------------------------------------

  const bytesOf = (input) => {
    if (input instanceof Uint8Array) return input;
    if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (input instanceof ArrayBuffer) return new Uint8Array(input);
    throw new TypeError('expected an ArrayBuffer or a view of one');
  };

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

  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBom;
    #rest = new Uint8Array(0);
    #started = false;
    constructor(label = 'utf-8', options = {}) {
      const name = String(label).trim().toLowerCase();
      if (name === 'utf-8' || name === 'utf8' || name === 'unicode-1-1-utf-8') this.#encoding = 'utf-8';
      else if (name === 'utf-16le' || name === 'utf-16') this.#encoding = 'utf-16le';
      else if (['latin1', 'iso-8859-1', 'ascii', 'us-ascii', 'windows-1252'].includes(name)) this.#encoding = 'windows-1252';
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
      else if (this.#encoding === 'utf-16le') text = this.#utf16(bytes, stream);
      else text = charactersOf(bytes);
      if (!this.#started && !this.#ignoreBom && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      this.#started = stream && (this.#started || text.length > 0);
      return text;
    }
    #bad(codes) {
      if (this.#fatal) throw new TypeError('The encoded data was not valid.');
      codes.push(0xfffd);
    }
    #utf16(bytes, stream) {
      const codes = [];
      let i = 0;
      for (; i + 1 < bytes.length; i += 2) codes.push(bytes[i] | (bytes[i + 1] << 8));
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
  const btoa = (input) => {
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
  const atob = (input) => {
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

  const crypto = {
    getRandomValues(array) {
      if (!ArrayBuffer.isView(array) || array instanceof DataView || array instanceof Float32Array || array instanceof Float64Array) {
        throw new TypeError('getRandomValues needs an integer typed array');
      }
      if (array.byteLength > 65536) throw new DOMException('more than 65536 bytes asked', 'QuotaExceededError');
      if (array.byteLength > 0) bytesOf(array).set(host.random(array.byteLength));
      return array;
    },
    randomUUID() {
      const bytes = host.random(16);
      bytes[6] = (bytes[6] & 15) | 64;
      bytes[8] = (bytes[8] & 63) | 128;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };

  const errorTypes = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const structuredClone = (value) => {
    const seen = new Map();
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
      if (item instanceof Error) {
        const copy = keep(new (errorTypes[item.name] ?? Error)(item.message));
        if (item.cause !== undefined) copy.cause = clone(item.cause);
        return copy;
      }
      if (item instanceof Promise || item instanceof WeakMap || item instanceof WeakSet) {
        throw new DOMException('the object could not be cloned.', 'DataCloneError');
      }
      const copy = keep(Array.isArray(item) ? new Array(item.length) : {});
      for (const key of Object.keys(item)) copy[key] = clone(item[key]);
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
  const log = (level, items) => {
    let text;
    try {
      text = format(items);
    } catch (error) {
      text = '[could not be shown]';
    }
    host.log(level, text.length > maxLine ? text.slice(0, maxLine) + '...' : text);
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
    group: (...items) => { if (items.length) log(1, items); },
    groupCollapsed: (...items) => { if (items.length) log(1, items); },
    groupEnd: () => {},
  };

  expose({
    DOMException, Event, EventTarget, AbortSignal, AbortController,
    setTimeout, setInterval, clearTimeout, clearInterval: clearTimeout, queueMicrotask,
    TextEncoder, TextDecoder, atob, btoa, crypto, structuredClone, console,
    performance: { now, timeOrigin: Date.now() },
    self: globalThis,
  });

  return { expose, encoder, bytesOf, log, fireTimer, clearTimers: () => { timers = new Map(); } };
});
