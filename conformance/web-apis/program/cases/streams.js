// Streams, https://streams.spec.whatwg.org/

import { drain, hex, streamOf, thrown, utf8 } from '../tools.js';

const upper = () => new TransformStream({ transform(chunk, to) { to.enqueue(chunk.toUpperCase()); } });
const byteSource = (...chunks) => new ReadableStream({
  type: 'bytes',
  pull(to) {
    if (chunks.length === 0) {
      to.close();
      to.byobRequest?.respond(0);
    } else to.enqueue(chunks.shift());
  },
});

export default {
  'all chunks': () => drain(streamOf(1, 'a', null, { b: 2 })),
  'a reader': async () => {
    const reader = streamOf('a').getReader();
    const first = await reader.read();
    const second = await reader.read();
    await reader.closed;
    return [first, { done: second.done, value: second.value ?? null }];
  },
  'a stream is locked once': async () => {
    const stream = streamOf('a');
    const reader = stream.getReader();
    const again = await thrown(() => stream.getReader());
    reader.releaseLock();
    return [again, stream.locked, (await stream.getReader().read()).value];
  },
  'a released reader is of no use': async () => {
    const reader = streamOf('a').getReader();
    reader.releaseLock();
    return [await thrown(() => reader.read()), await thrown(() => reader.closed)];
  },
  'releasing fails what was asked': async () => {
    const reader = new ReadableStream().getReader();
    const asked = reader.read();
    reader.releaseLock();
    return thrown(() => asked);
  },
  'an error comes after the chunks': async () => {
    let controller;
    const reader = new ReadableStream({ start(to) { controller = to; } }).getReader();
    controller.enqueue(1);
    const first = await reader.read();
    controller.error(new RangeError('no'));
    return [first.value, await thrown(() => reader.read()), await thrown(() => reader.closed)];
  },
  'an error drops the chunks': async () => {
    const stream = new ReadableStream({ start(to) { to.enqueue(1); to.error(new RangeError('no')); } });
    return thrown(() => stream.getReader().read());
  },
  'start that throws': () => thrown(() => new ReadableStream({ start() { throw new RangeError('no'); } })),
  'start that rejects': () => thrown(() => new ReadableStream({ start: () => Promise.reject(new RangeError('no')) }).getReader().read()),
  'cancel': async () => {
    const seen = [];
    const stream = new ReadableStream({ cancel(reason) { seen.push(reason); } });
    await stream.cancel('why');
    return [seen, (await stream.getReader().read()).done];
  },
  'cancel that throws': () => thrown(() => new ReadableStream({ cancel() { throw new RangeError('no'); } }).cancel()),
  'cancel of a locked stream': () => {
    const stream = new ReadableStream();
    stream.getReader();
    return thrown(() => stream.cancel());
  },
  'enqueue after close': () => {
    let controller;
    new ReadableStream({ start(to) { controller = to; } });
    controller.close();
    return Promise.all([thrown(() => controller.enqueue(1)), thrown(() => controller.close())]);
  },
  'desiredSize': () => {
    const seen = [];
    new ReadableStream({
      start(to) {
        seen.push(to.desiredSize);
        to.enqueue(1);
        seen.push(to.desiredSize);
        to.enqueue(1);
        seen.push(to.desiredSize);
      },
    }, { highWaterMark: 2 });
    return seen;
  },
  'desiredSize of closed and failed streams': () => {
    const seen = [];
    new ReadableStream({ start(to) { to.close(); seen.push(to.desiredSize); } });
    new ReadableStream({ start(to) { to.error(); seen.push(to.desiredSize); } });
    return seen;
  },
  'sizes by a strategy': () => {
    let left;
    new ReadableStream({ start(to) { to.enqueue('abc'); left = to.desiredSize; } }, { highWaterMark: 10, size: (chunk) => chunk.length });
    return left;
  },
  'strategies': () => [new CountQueuingStrategy({ highWaterMark: 3 }).highWaterMark, new CountQueuingStrategy({ highWaterMark: 3 }).size(), new ByteLengthQueuingStrategy({ highWaterMark: 3 }).size(new Uint8Array(7))],
  'strategies that are none': () => Promise.all([thrown(() => new ReadableStream({}, { highWaterMark: -1 })), thrown(() => new ReadableStream({}, { highWaterMark: NaN })), thrown(() => new CountQueuingStrategy())]),
  'pull waits for room': async () => {
    let pulls = 0;
    const stream = new ReadableStream({ pull(to) { pulls++; to.enqueue(pulls); } }, { highWaterMark: 0 });
    await Promise.resolve();
    const before = pulls;
    await stream.getReader().read();
    return [before, pulls];
  },
  'tee': async () => {
    const stream = streamOf(1, 2);
    const [first, second] = stream.tee();
    return [stream.locked, await drain(first), await drain(second)];
  },
  'tee cancels with both': async () => {
    const seen = [];
    const [first, second] = new ReadableStream({ cancel(reason) { seen.push(reason); } }).tee();
    const one = first.cancel('a');
    const before = seen.length;
    await second.cancel('b');
    await one;
    return [before, seen];
  },
  'tee of what fails': async () => {
    const [first, second] = new ReadableStream({ pull() { throw new RangeError('no'); } }).tee();
    return Promise.all([thrown(() => drain(first)), thrown(() => drain(second))]);
  },
  'pipeThrough': () => drain(streamOf('a', 'b').pipeThrough(upper()).pipeThrough(new TransformStream())),
  'pipeTo': async () => {
    const seen = [];
    await streamOf(1, 2).pipeTo(new WritableStream({ write(chunk) { seen.push(chunk); }, close() { seen.push('closed'); } }));
    return seen;
  },
  'pipeTo that leaves it open': async () => {
    const seen = [];
    const writable = new WritableStream({ write(chunk) { seen.push(chunk); }, close() { seen.push('closed'); } });
    await streamOf(1).pipeTo(writable, { preventClose: true });
    return [seen, writable.locked];
  },
  'pipeTo from what fails': async () => {
    const seen = [];
    const pipe = new ReadableStream({ pull() { throw new RangeError('no'); } }).pipeTo(new WritableStream({ abort(reason) { seen.push(reason.name); } }));
    return [await thrown(() => pipe), seen];
  },
  'pipeTo where it fails': async () => {
    const seen = [];
    const source = new ReadableStream({ pull(to) { to.enqueue(1); }, cancel(reason) { seen.push(reason.name); } });
    const pipe = source.pipeTo(new WritableStream({ write() { throw new RangeError('no'); } }));
    return [await thrown(() => pipe), seen];
  },
  'pipeTo that cancels nothing': async () => {
    let cancelled = false;
    const source = new ReadableStream({ pull(to) { to.enqueue(1); }, cancel() { cancelled = true; } });
    await thrown(() => source.pipeTo(new WritableStream({ write() { throw new RangeError('no'); } }), { preventCancel: true }));
    return cancelled;
  },
  'pipeTo of a locked stream': () => {
    const stream = streamOf(1);
    stream.getReader();
    return thrown(() => stream.pipeTo(new WritableStream()));
  },
  'pipeTo what is no stream': () => Promise.all([thrown(() => streamOf(1).pipeTo({})), thrown(() => streamOf(1).pipeThrough({}))]),
  'a transform\'s flush': () => drain(streamOf('a').pipeThrough(new TransformStream({ flush(to) { to.enqueue('end'); } }))),
  'a transform\'s start': () => drain(streamOf('a').pipeThrough(new TransformStream({ start(to) { to.enqueue('begin'); } }))),
  'a transform that ends early': () => drain(streamOf('a', 'b').pipeThrough(new TransformStream({ transform(chunk, to) { to.enqueue(chunk); to.terminate(); } }))),
  'a transform that fails': () => thrown(() => drain(streamOf('a').pipeThrough(new TransformStream({ transform() { throw new RangeError('no'); } })))),
  'a transform that says so': () => thrown(() => drain(streamOf('a').pipeThrough(new TransformStream({ transform(chunk, to) { to.error(new RangeError('no')); } })))),
  'a transform waits for its reader': async () => {
    const { writable, readable } = new TransformStream();
    const writer = writable.getWriter();
    let written = false;
    const write = writer.write(1).then(() => { written = true; });
    for (let i = 0; i < 20; i++) await Promise.resolve();
    const before = written;
    const { value } = await readable.getReader().read();
    await write;
    return [before, value, written];
  },
  'a writer': async () => {
    const seen = [];
    const stream = new WritableStream({ start() { seen.push('start'); }, write(chunk) { seen.push(chunk); }, close() { seen.push('close'); } });
    const writer = stream.getWriter();
    await writer.ready;
    await writer.write(1);
    await writer.write(2);
    await writer.close();
    await writer.closed;
    return seen;
  },
  'a writer\'s desiredSize': async () => {
    const writer = new WritableStream({ write: () => new Promise(() => {}) }, { highWaterMark: 2 }).getWriter();
    const before = writer.desiredSize;
    writer.write(1);
    return [before, writer.desiredSize];
  },
  'a writer is locked once': () => {
    const stream = new WritableStream();
    stream.getWriter();
    return [stream.locked, thrown(() => stream.getWriter())].length;
  },
  'writes run one after the other': async () => {
    const seen = [];
    const writer = new WritableStream({ async write(chunk) { seen.push(`begin ${chunk}`); await Promise.resolve(); seen.push(`end ${chunk}`); } }).getWriter();
    await Promise.all([writer.write(1), writer.write(2)]);
    return seen;
  },
  'write after close': async () => {
    const writer = new WritableStream().getWriter();
    await writer.close();
    return [await thrown(() => writer.write(1)), await thrown(() => writer.close())];
  },
  'abort': async () => {
    const seen = [];
    const writer = new WritableStream({ abort(reason) { seen.push(reason); } }).getWriter();
    writer.closed.catch(() => {});
    writer.ready.catch(() => {});
    await writer.abort('why');
    return [seen, await thrown(() => writer.write(1)), await thrown(() => writer.closed)];
  },
  'a write that fails': async () => {
    const writer = new WritableStream({ write() { throw new RangeError('no'); } }).getWriter();
    writer.closed.catch(() => {});
    writer.ready.catch(() => {});
    return [await thrown(() => writer.write(1)), await thrown(() => writer.write(2)), await thrown(() => writer.closed)];
  },
  'a controller that says it failed': async () => {
    let controller;
    const writer = new WritableStream({ start(to) { controller = to; } }).getWriter();
    writer.closed.catch(() => {});
    writer.ready.catch(() => {});
    controller.error(new RangeError('no'));
    return thrown(() => writer.closed);
  },
  'a controller\'s signal': async () => {
    let signal;
    const stream = new WritableStream({ start(to) { signal = to.signal; } });
    const before = signal.aborted;
    await stream.abort('why');
    return [before, signal.aborted, signal.reason];
  },
  'from a list': () => drain(ReadableStream.from(['a', 'b'])),
  'from a generator': () => drain(ReadableStream.from((async function* () { yield 1; yield 2; })())),
  'from what is none': () => Promise.all([thrown(() => ReadableStream.from(5)), thrown(() => ReadableStream.from(null)), thrown(() => ReadableStream.from({}))]),
  'iteration that ends early cancels': async () => {
    const seen = [];
    const stream = new ReadableStream({ pull(to) { to.enqueue(1); }, cancel() { seen.push('cancelled'); } });
    for await (const chunk of stream) {
      seen.push(chunk);
      break;
    }
    return [seen, stream.locked];
  },
  'iteration that leaves it': async () => {
    const stream = streamOf(1, 2, 3);
    for await (const chunk of stream.values({ preventCancel: true })) if (chunk === 1) break;
    return drain(stream);
  },
  'a stream of bytes': async () => (await drain(byteSource(utf8('ab'), utf8('c')))).map(hex),
  'a stream of bytes takes bytes only': () => thrown(() => new ReadableStream({ type: 'bytes', start(to) { to.enqueue('x'); } })),
  'a stream of bytes takes no empty ones': () => thrown(() => new ReadableStream({ type: 'bytes', start(to) { to.enqueue(new Uint8Array(0)); } })),
  'a reader with its own buffer': async () => {
    const reader = byteSource(utf8('abc'), utf8('d')).getReader({ mode: 'byob' });
    const seen = [];
    for (let i = 0; i < 3; i++) {
      const { value, done } = await reader.read(new Uint8Array(2));
      seen.push([done, hex(value)]);
    }
    return seen;
  },
  'the buffer moves': async () => {
    const reader = byteSource(utf8('abc')).getReader({ mode: 'byob' });
    const buffer = new Uint8Array(2);
    await reader.read(buffer);
    return buffer.byteLength;
  },
  'an empty buffer': () => thrown(() => byteSource(utf8('a')).getReader({ mode: 'byob' }).read(new Uint8Array(0))),
  'what is no buffer': () => thrown(() => byteSource(utf8('a')).getReader({ mode: 'byob' }).read('x')),
  'a reader\'s buffer is filled by the source': async () => {
    const stream = new ReadableStream({
      type: 'bytes',
      pull(to) {
        const { view } = to.byobRequest;
        view[0] = 65;
        to.byobRequest.respond(1);
      },
    });
    const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint8Array(4));
    return [hex(value), value.buffer.byteLength];
  },
  'a reader that wants at least so much': async () => {
    const reader = byteSource(utf8('a'), utf8('b'), utf8('c')).getReader({ mode: 'byob' });
    return hex((await reader.read(new Uint8Array(4), { min: 2 })).value);
  },
  'an own buffer where there are no bytes': () => thrown(() => streamOf('a').getReader({ mode: 'byob' })),
  'modes that are none': () => thrown(() => streamOf('a').getReader({ mode: 'x' })),
  'types that are none': () => thrown(() => new ReadableStream({ type: 'x' })),
  'buffers made by themselves': async () => {
    const stream = new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: 8,
      pull(to) {
        const size = to.byobRequest.view.byteLength;
        to.byobRequest.view[0] = size;
        to.byobRequest.respond(1);
      },
    });
    return hex((await stream.getReader().read()).value);
  },
  'their tags': () => [new ReadableStream(), new WritableStream(), new TransformStream(), new ReadableStream().getReader(), new WritableStream().getWriter()].map((one) => Object.prototype.toString.call(one)),
  'constructors by stream': () => {
    const stream = new ReadableStream();
    const reader = new ReadableStreamDefaultReader(stream);
    return [stream.locked, reader instanceof ReadableStreamDefaultReader];
  },
};
