// Timers, microtasks, structuredClone, DOMException, console, performance: https://html.spec.whatwg.org/

import { hex, thrown, utf8 } from '../tools.js';

const later = (millis = 0) => new Promise((resolve) => setTimeout(resolve, millis));
const cloned = (value) => structuredClone(value);

export default {
  'microtasks before timers': async () => {
    const seen = [];
    setTimeout(() => seen.push('timer'), 0);
    queueMicrotask(() => seen.push('microtask'));
    Promise.resolve().then(() => seen.push('promise'));
    seen.push('now');
    await later(5);
    return seen;
  },
  'timers by their time': async () => {
    const seen = [];
    setTimeout(() => seen.push(3), 30);
    setTimeout(() => seen.push(1), 1);
    setTimeout(() => seen.push(2), 15);
    await later(50);
    return seen;
  },
  'timers of one time by their order': async () => {
    const seen = [];
    for (let i = 0; i < 5; i++) setTimeout(() => seen.push(i), 2);
    await later(10);
    return seen;
  },
  'microtasks run between two timers': async () => {
    const seen = [];
    setTimeout(() => { seen.push(1); queueMicrotask(() => seen.push('between')); }, 1);
    setTimeout(() => seen.push(2), 1);
    await later(10);
    return seen;
  },
  'arguments of a timer': () => new Promise((resolve) => setTimeout((...all) => resolve(all), 0, 1, 'a')),
  'a timer that is cleared': async () => {
    const seen = [];
    clearTimeout(setTimeout(() => seen.push(1), 1));
    clearInterval(setTimeout(() => seen.push(2), 1));
    clearTimeout(undefined);
    clearTimeout(123456789);
    await later(10);
    return seen;
  },
  'an interval': async () => {
    let count = 0;
    await new Promise((resolve) => {
      const id = setInterval(() => {
        if (++count === 3) {
          clearInterval(id);
          resolve();
        }
      }, 1);
    });
    await later(10);
    return count;
  },
  'an id is a number': () => {
    const id = setTimeout(() => {}, 0);
    clearTimeout(id);
    return [typeof id, id > 0];
  },
  'a timer that is no function': () => Promise.all([thrown(() => setTimeout()), thrown(() => setTimeout(5)), thrown(() => queueMicrotask()), thrown(() => queueMicrotask(5))]),
  'times that are none': async () => {
    let count = 0;
    for (const time of [-5, NaN, undefined, null, '1', 'x']) setTimeout(() => count++, time);
    await later(20);
    return count;
  },
  'clone of plain values': () => [1, 'a', true, null, [1, [2]], { a: { b: 1 } }].map(cloned),
  'clone of what JSON cannot': () => {
    const value = cloned({ date: new Date(5), map: new Map([[1, new Set([2])]]), big: 5n, re: /a/gi, undef: undefined, nan: NaN });
    return [value.date.getTime(), [...value.map.get(1)], String(value.big), String(value.re), 'undef' in value, Number.isNaN(value.nan)];
  },
  'clone of cycles': () => {
    const value = { list: [] };
    value.list.push(value);
    const copy = cloned(value);
    return [copy.list[0] === copy, copy !== value];
  },
  'clone of buffers': () => {
    const copy = cloned({ a: new Uint8Array([1, 2, 3]).subarray(1), b: new ArrayBuffer(3), c: new DataView(new ArrayBuffer(8), 2, 3) });
    return [hex(copy.a), copy.a.byteOffset, copy.a.buffer.byteLength, copy.b.byteLength, copy.c.byteLength, copy.c.byteOffset];
  },
  'clone of views of one buffer': () => {
    const { buffer } = new Uint8Array(4);
    const [a, b] = cloned([new Uint8Array(buffer), new Uint16Array(buffer)]);
    return a.buffer === b.buffer;
  },
  'clone of errors': () => [new Error('a'), new RangeError('b'), new TypeError('c', { cause: 'd' })].map((error) => {
    const copy = cloned(error);
    return [copy.name, copy.message, copy instanceof Error, copy.constructor.name, copy.cause ?? null];
  }),
  'clone of errors of one\'s own': () => {
    class Own extends Error { name = 'Own'; extra = 1; }
    const copy = cloned(new Own('x'));
    return [copy.name, copy.extra ?? null, copy.constructor.name];
  },
  'clone of a DOMException': () => {
    const copy = cloned(new DOMException('m', 'DataError'));
    return [copy.name, copy.message, copy instanceof DOMException];
  },
  'clone of wrappers': () => [new Boolean(true), new Number(5), new String('x')].map((value) => {
    const copy = cloned(value);
    return [typeof copy, copy.valueOf()];
  }),
  'clone of what is not cloned': () => Promise.all([() => {}, Symbol('x'), { f() {} }, new WeakMap(), Promise.resolve(), new EventTarget()].map((value) => thrown(() => cloned(value)))),
  'clone of holes': () => {
    // eslint-disable-next-line no-sparse-arrays
    const copy = cloned([1, , 3]);
    return [copy.length, 1 in copy];
  },
  'clone of an array\'s own names': () => {
    const value = [1];
    value.name = 'x';
    return cloned(value).name;
  },
  'clone loses the class': () => {
    class Own { a = 1; get b() { return 2; } }
    const copy = cloned(new Own());
    return [copy.constructor === Object, copy];
  },
  'clone of getters': () => cloned({ get a() { return 5; } }),
  'clone of a getter that throws': () => thrown(() => cloned({ get a() { throw new RangeError('no'); } })),
  'clone of __proto__': () => {
    const copy = cloned(JSON.parse('{"__proto__": {"a": 1}}'));
    return [Object.hasOwn(copy, '__proto__'), copy.a ?? null];
  },
  'clone of a RegExp\'s place': () => {
    const re = /a/g;
    re.lastIndex = 3;
    return cloned(re).lastIndex;
  },
  'transfer': async () => {
    const { buffer } = utf8('abc');
    const moved = structuredClone({ buffer }, { transfer: [buffer] });
    return [buffer.byteLength, hex(moved.buffer), await thrown(() => structuredClone(buffer, { transfer: [buffer] }))];
  },
  'transfer of what is not': () => Promise.all([thrown(() => structuredClone(1, { transfer: [{}] })), thrown(() => structuredClone(1, { transfer: [1] }))]),
  'transfer twice': () => {
    const buffer = new ArrayBuffer(1);
    return thrown(() => structuredClone(1, { transfer: [buffer, buffer] }));
  },
  'clone of nothing': () => thrown(() => structuredClone()),
  'DOMException': () => {
    const error = new DOMException('m', 'AbortError');
    return [error.name, error.message, error.code, error instanceof Error, String(error), Object.prototype.toString.call(error), typeof error.stack];
  },
  'DOMException by default': () => {
    const error = new DOMException();
    return [error.name, error.message, error.code];
  },
  'numbers of DOMException': () => [DOMException.ABORT_ERR, DOMException.DATA_CLONE_ERR, new DOMException().NOT_FOUND_ERR],
  'DOMException\'s own names': () => Object.hasOwn(new DOMException('m', 'x'), 'name'),
  'console has its methods': () => ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group', 'groupEnd', 'time', 'timeEnd', 'timeLog', 'count', 'countReset', 'assert', 'clear'].map((name) => typeof console[name]),
  'performance': () => [typeof performance.now(), performance.now() <= performance.now(), typeof performance.timeOrigin],
  'global names': () => ['self', 'globalThis', 'fetch', 'crypto', 'navigator', 'caches', 'addEventListener', 'reportError', 'queueMicrotask', 'btoa'].filter((name) => name !== 'caches').map((name) => typeof globalThis[name]),
  'self is the global object': () => self === globalThis,
  'classes are not enumerable': () => ['URL', 'Request', 'Event', 'ReadableStream', 'Blob'].map((name) => Object.getOwnPropertyDescriptor(globalThis, name)?.enumerable ?? false),
  'names of the classes': () => [URL, URLSearchParams, Headers, Request, Response, Blob, File, FormData, ReadableStream, WritableStream, TransformStream, AbortController, AbortSignal, Event, EventTarget, TextEncoder, TextDecoder, DOMException].map((one) => one.name),
  'methods are enumerable': () => [Object.keys(URL.prototype).includes('href'), Object.keys(Headers.prototype).includes('get'), Object.keys(Response.prototype).includes('status')],
  'uncaught rejections do not end it': async () => {
    Promise.reject(new Error('nobody hears this')).catch(() => {});
    await later(1);
    return 'here';
  },
};
