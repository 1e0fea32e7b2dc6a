// AbortController and AbortSignal: https://dom.spec.whatwg.org/#aborting-ongoing-activities

import { thrown } from '../tools.js';

const aborted = (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));

export default {
  'a new signal': () => {
    const { signal } = new AbortController();
    return [signal.aborted, signal.reason ?? null, signal instanceof AbortSignal, signal instanceof EventTarget, signal.onabort];
  },
  'abort': () => {
    const controller = new AbortController();
    controller.abort();
    const { aborted: is, reason } = controller.signal;
    return [is, reason.name, reason.code, reason instanceof DOMException];
  },
  'abort with a reason': () => {
    const controller = new AbortController();
    controller.abort('why');
    controller.abort('again');
    return controller.signal.reason;
  },
  'abort with null, undefined and nought': () => [null, undefined, 0].map((reason) => {
    const controller = new AbortController();
    controller.abort(reason);
    return controller.signal.reason?.name ?? controller.signal.reason;
  }),
  'the event comes once': () => {
    const controller = new AbortController();
    const seen = [];
    controller.signal.addEventListener('abort', (event) => seen.push(event.type, event.target === controller.signal, event.bubbles, event.cancelable));
    controller.abort();
    controller.abort();
    return seen;
  },
  'onabort': () => {
    const controller = new AbortController();
    const seen = [];
    controller.signal.onabort = function (event) { seen.push(this === controller.signal, event.type); };
    controller.abort();
    return seen;
  },
  'onabort has its place among the listeners': () => {
    const controller = new AbortController();
    const seen = [];
    controller.signal.addEventListener('abort', () => seen.push(1));
    controller.signal.onabort = () => seen.push(2);
    controller.signal.addEventListener('abort', () => seen.push(3));
    controller.abort();
    return seen;
  },
  'onabort that is no function': () => {
    const { signal } = new AbortController();
    signal.onabort = 5;
    return signal.onabort;
  },
  'throwIfAborted': async () => [await thrown(() => new AbortController().signal.throwIfAborted()), await thrown(() => AbortSignal.abort().throwIfAborted()), await thrown(() => AbortSignal.abort('x').throwIfAborted())],
  'AbortSignal.abort': () => [AbortSignal.abort().aborted, AbortSignal.abort(5).reason],
  'AbortSignal.timeout': async () => {
    const reason = await aborted(AbortSignal.timeout(1));
    return [reason.name, reason.code];
  },
  'AbortSignal.timeout that is none': () => Promise.all([thrown(() => AbortSignal.timeout()), thrown(() => AbortSignal.timeout(-1)), thrown(() => AbortSignal.timeout(NaN)), thrown(() => AbortSignal.timeout(Infinity)), thrown(() => AbortSignal.timeout('x'))]),
  'AbortSignal.any of none': () => AbortSignal.any([]).aborted,
  'AbortSignal.any': () => {
    const first = new AbortController();
    const second = new AbortController();
    const any = AbortSignal.any([first.signal, second.signal]);
    const before = any.aborted;
    second.abort('second');
    first.abort('first');
    return [before, any.aborted, any.reason];
  },
  'AbortSignal.any of what is aborted': () => AbortSignal.any([new AbortController().signal, AbortSignal.abort('a'), AbortSignal.abort('b')]).reason,
  'AbortSignal.any of any': () => {
    const controller = new AbortController();
    const any = AbortSignal.any([AbortSignal.any([controller.signal])]);
    controller.abort('x');
    return [any.aborted, any.reason];
  },
  'AbortSignal.any is told before it is heard': () => {
    const controller = new AbortController();
    const any = AbortSignal.any([controller.signal]);
    const seen = [];
    controller.signal.addEventListener('abort', () => seen.push('source', any.aborted));
    any.addEventListener('abort', () => seen.push('any'));
    controller.abort();
    return seen;
  },
  'AbortSignal.any of what is none': () => Promise.all([thrown(() => AbortSignal.any()), thrown(() => AbortSignal.any(5)), thrown(() => AbortSignal.any([5]))]),
  'a signal is not made': () => thrown(() => new AbortSignal()),
  'the signal stays the same': () => {
    const controller = new AbortController();
    return controller.signal === controller.signal;
  },
  'their tags': () => [new AbortController(), new AbortController().signal].map((one) => Object.prototype.toString.call(one)),
  'a pipe is aborted': async () => {
    const controller = new AbortController();
    const pipe = new ReadableStream({ pull: () => new Promise(() => {}) }).pipeTo(new WritableStream(), { signal: controller.signal });
    controller.abort();
    return thrown(() => pipe);
  },
};
