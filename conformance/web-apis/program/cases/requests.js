// Request, https://fetch.spec.whatwg.org/#request-class

import { drain, thrown, utf8 } from '../tools.js';

const post = (init) => new Request('http://h/', { method: 'POST', ...init });

export default {
  'a plain request': () => {
    const { method, url, redirect, bodyUsed, body } = new Request('http://h');
    return { method, url, redirect, bodyUsed, body };
  },
  'methods are written in capitals, the known ones': () => ['get', 'Post', 'put', 'delete', 'head', 'options'].map((method) => new Request('http://h', { method }).method),
  'patch is as it is written': () => [new Request('http://h', { method: 'PATCH' }).method],
  'methods that are none': () => Promise.all(['', 'a b', 'é'].map((method) => thrown(() => new Request('http://h', { method })))),
  'methods that are forbidden': () => Promise.all(['CONNECT', 'TRACE', 'track'].map((method) => thrown(() => new Request('http://h', { method })))),
  'a URL that is none': () => Promise.all([thrown(() => new Request('x')), thrown(() => new Request('')), thrown(() => new Request('http://'))]),
  'a URL with credentials': () => thrown(() => new Request('http://u:p@h/')),
  'the fragment stays': () => new Request('http://h/#x').url,
  'a URL object': () => new Request(new URL('http://h/a b')).url,
  'no argument': () => thrown(() => new Request()),
  'a body with GET': () => Promise.all([thrown(() => new Request('http://h', { body: 'x' })), thrown(() => new Request('http://h', { method: 'HEAD', body: 'x' }))]),
  'an empty body with GET': () => thrown(() => new Request('http://h', { body: '' })),
  'null as the body with GET': () => new Request('http://h', { body: null }).body,
  'content types by body': async () => {
    const form = new FormData();
    form.append('a', 'b');
    return ['x', new URLSearchParams('a=b'), new Blob(['x'], { type: 'a/b' }), new Blob(['x']), utf8('x'), form, 5].map((body) =>
      post({ body }).headers.get('content-type')?.replace(/boundary=.*/, 'boundary=') ?? null);
  },
  'a content type of its own wins': () => post({ body: 'x', headers: { 'Content-Type': 'a/b' } }).headers.get('content-type'),
  'a copy takes everything': async () => {
    const first = post({ body: 'x', headers: { a: '1' } });
    const second = new Request(first);
    return [second.method, second.url, second.headers.get('a'), await second.text(), first.bodyUsed];
  },
  'a copy with changes': async () => {
    const second = new Request(post({ body: 'x', headers: { a: '1' } }), { method: 'PUT', headers: { b: '2' }, body: 'y' });
    return [second.method, [...second.headers].filter(([name]) => name !== 'content-type'), await second.text()];
  },
  'a copy with another body leaves the first': async () => {
    const first = post({ body: 'x' });
    const second = new Request(first, { body: 'y' });
    return [first.bodyUsed, await first.text(), await second.text()];
  },
  'a copy of what was read': async () => {
    const first = post({ body: 'x' });
    await first.text();
    return thrown(() => new Request(first));
  },
  'a copy of a bodiless GET to POST': async () => new Request(new Request('http://h'), { method: 'POST', body: 'x' }).text(),
  'a copy of a POST to GET': () => thrown(() => new Request(post({ body: 'x' }), { method: 'GET' })),
  'clone': async () => {
    const first = post({ body: 'x', headers: { a: '1' } });
    const second = first.clone();
    second.headers.set('a', '2');
    return [await first.text(), await second.text(), first.headers.get('a'), second.headers.get('a')];
  },
  'clone of what was read': async () => {
    const first = post({ body: 'x' });
    await first.text();
    return thrown(() => first.clone());
  },
  'redirect modes': () => ['follow', 'manual'].map((redirect) => new Request('http://h', { redirect }).redirect),
  'redirect mode error': () => new Request('http://h', { redirect: 'error' }).redirect,
  'redirect modes that are none': () => Promise.all(['', 'Follow', 'x'].map((redirect) => thrown(() => new Request('http://h', { redirect })))),
  'a signal follows': () => {
    const controller = new AbortController();
    const request = new Request('http://h', { signal: controller.signal });
    const before = request.signal.aborted;
    controller.abort('why');
    return [before, request.signal.aborted, request.signal.reason];
  },
  'a signal that is none': () => Promise.all([thrown(() => new Request('http://h', { signal: 1 })), thrown(() => new Request('http://h', { signal: {} })), thrown(() => new Request('http://h', { signal: null }))]),
  'a signal when none was given': () => new Request('http://h').signal instanceof AbortSignal,
  'a stream as the body': async () => new Request('http://h', { method: 'POST', body: new Response('abc').body, duplex: 'half' }).text(),
  'a stream as the body without duplex': () => thrown(() => post({ body: new Response('abc').body })),
  'the body is a stream': async () => {
    const chunks = await drain(post({ body: 'abc' }).body);
    return chunks.map((chunk) => [chunk instanceof Uint8Array, [...chunk]]);
  },
  'headers are the request\'s own': () => {
    const headers = new Headers({ a: '1' });
    const request = new Request('http://h', { headers });
    request.headers.set('a', '2');
    return [headers.get('a'), request.headers.get('a'), request.headers === request.headers];
  },
  'init from another request': () => new Request('http://h', new Request('http://x', { method: 'PUT', headers: { a: '1' } })).method,
  'modes, credentials and caches': () => {
    const { mode, credentials, destination, referrer, referrerPolicy, integrity, keepalive } = new Request('http://h');
    return { mode, credentials, destination, referrer, referrerPolicy, integrity, keepalive };
  },
  'its tag': () => Object.prototype.toString.call(new Request('http://h')),
  'Request wants new': () => thrown(() => Request('http://h')),
  'properties are not set': () => {
    const request = new Request('http://h');
    return thrown(() => { request.method = 'PUT'; });
  },
  'undefined init members are not there': () => new Request('http://h', { method: undefined, headers: undefined, body: undefined, redirect: undefined, signal: undefined }).method,
  'init that is null': () => thrown(() => new Request('http://h', null)),
};
