// Bodies of requests and responses, and fetch as far as it needs no network: https://fetch.spec.whatwg.org/#body-mixin

import { drain, hex, response, streamOf, thrown, utf8 } from '../tools.js';

const text = (body) => new Response(body).text();
const reading = async (read) => {
  const response = new Response('{}');
  await read(response);
  return [response.bodyUsed, await thrown(() => response.text())];
};

export default {
  'text': async () => [await text('ä€😀'), await text(''), await text(null), await text(undefined), await text(5), await text({})],
  'a lone surrogate is replaced': async () => hex(await new Response('a\ud800b').arrayBuffer()),
  'a byte order mark goes from text': async () => [await text('\ufeffx'), await text(utf8('\ufeffx')), await new Response('\ufeff{"a":1}').json()],
  'bytes that are no UTF-8': () => text(new Uint8Array([0x61, 0xff, 0x62])),
  'json': async () => [await new Response('{"a":[1,null]}').json(), await new Response('"x"').json()],
  'json that is none': () => Promise.all(['', '{', 'undefined'].map((body) => thrown(() => new Response(body).json()))),
  'json of no body': () => thrown(() => new Response().json()),
  'arrayBuffer': async () => {
    const buffer = await new Response('ä').arrayBuffer();
    return [buffer instanceof ArrayBuffer, hex(buffer)];
  },
  'bytes': async () => {
    const got = await new Response('ä').bytes();
    return [got instanceof Uint8Array, hex(got)];
  },
  'blob': async () => {
    const blob = await response('x', 'A/B').blob();
    return [blob.size, blob.type, await blob.text()];
  },
  'a blob without type': async () => (await new Response(utf8('x')).blob()).type,
  'a blob of no body': async () => (await new Response().blob()).size,
  'a body is read once': async () => [await reading((one) => one.text()), await reading((one) => one.json()), await reading((one) => one.arrayBuffer()), await reading((one) => one.blob()), await reading((one) => one.bytes())],
  'no body is read often': async () => {
    const empty = new Response();
    return [await empty.text(), await empty.text(), empty.bodyUsed];
  },
  'the same stream each time': () => {
    const one = new Response('x');
    return [one.body === one.body, one.bodyUsed, one.body.locked];
  },
  'a locked body is not read': async () => {
    const one = new Response('x');
    const reader = one.body.getReader();
    const first = await thrown(() => one.text());
    reader.releaseLock();
    return [first, one.bodyUsed, await one.text()];
  },
  'a body that was read by its stream is used': async () => {
    const one = new Response('x');
    const reader = one.body.getReader();
    await reader.read();
    reader.releaseLock();
    return [one.bodyUsed, await thrown(() => one.text())];
  },
  'a body that was cancelled is used': async () => {
    const one = new Response('x');
    await one.body.cancel();
    return [one.bodyUsed, await thrown(() => one.text())];
  },
  'a stream that is locked is no body': () => {
    const stream = streamOf(utf8('x'));
    stream.getReader();
    return thrown(() => new Response(stream));
  },
  'a stream that was read is no body': async () => {
    const stream = streamOf(utf8('x'), utf8('y'));
    const reader = stream.getReader();
    await reader.read();
    reader.releaseLock();
    return thrown(() => new Response(stream));
  },
  'a stream of bytes': () => text(streamOf(utf8('a'), utf8('ä').slice(0, 1), utf8('ä').slice(1))),
  'a stream of strings': () => thrown(() => text(streamOf('a'))),
  'a stream that fails': () => thrown(() => text(new ReadableStream({ pull() { throw new RangeError('no'); } }))),
  'views of buffers': async () => {
    const { buffer } = utf8('abcdef');
    return [await text(buffer), await text(new Uint8Array(buffer, 1, 2)), await text(new DataView(buffer, 4)), await text(new Uint16Array(buffer, 2, 1))];
  },
  'the bytes are those of the time': async () => {
    const given = utf8('abc');
    const one = new Response(given);
    given.fill(120);
    return one.text();
  },
  'URLSearchParams': () => text(new URLSearchParams({ a: 'b c' })),
  'a Blob': () => text(new Blob(['a', 'b'])),
  'chunks of a body': async () => (await drain(new Response('abc').body)).map(hex).join(''),
  'an empty body has no chunks': async () => (await drain(new Response('').body)).length,
  'a body by a reader of one\'s own buffers': async () => {
    const reader = new Response('abcdef').body.getReader({ mode: 'byob' });
    const first = await reader.read(new Uint8Array(4));
    const second = await reader.read(new Uint8Array(4));
    const { done } = await reader.read(new Uint8Array(4));
    return [hex(first.value), hex(second.value), done];
  },
  'reading is asynchronous': () => {
    const one = new Response('x');
    const promise = one.text();
    return [promise instanceof Promise, one.bodyUsed];
  },
  'errors are rejections': () => {
    const one = new Response('{');
    let synchronous = false;
    try {
      one.json().catch(() => {});
    } catch {
      synchronous = true;
    }
    return synchronous;
  },
  'methods want their object': async () => thrown(() => Response.prototype.text.call({})),
  'fetch of no URL': () => Promise.all([thrown(() => fetch('x')), thrown(() => fetch('http://')), thrown(() => fetch())]),
  'fetch with what is no request': () => Promise.all([thrown(() => fetch('http://h', { method: 'a b' })), thrown(() => fetch('http://h', { body: 'x' })), thrown(() => fetch('http://h', { headers: { 'a b': 'c' } }))]),
  'fetch of an aborted signal': () => thrown(() => fetch('http://h.invalid', { signal: AbortSignal.abort() })),
  'fetch of a signal with a reason': () => thrown(() => fetch('http://h.invalid', { signal: AbortSignal.abort('why') })),
  'fetch of another scheme': () => Promise.all([thrown(() => fetch('ftp://h')), thrown(() => fetch('foo:bar'))]),
  'fetch answers a promise': () => {
    const promise = fetch('x');
    promise.catch(() => {});
    return promise instanceof Promise;
  },
};
