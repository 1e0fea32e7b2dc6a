// CompressionStream and DecompressionStream of https://compression.spec.whatwg.org/: the host does the work, piece by piece, no
// sooner than somebody reads.
(function (host, kit) {
  'use strict';

  const formats = ['gzip', 'deflate', 'deflate-raw'];
  const part = 262144;

  // The two sides of a stream: a chunk is taken once all of the last has been read, so neither side runs ahead of the other.
  const sides = (format, decompress) => {
    if (!formats.includes(String(format))) throw new TypeError(`'${format}' is not a compression format`);
    const id = host.codec('open', kit.run, String(format), decompress);
    if (id === null) throw new RangeError('too many compression streams are open');
    let taken; // what waits for the chunk to be used up: { resolve, reject }
    let wake; // resolves the reader that waits for a chunk
    let state = 'open'; // then 'ending', 'over'
    let source;
    let sink;
    const over = () => {
      state = 'over';
      host.codec('close', id);
      wake?.();
      taken?.resolve();
    };
    const fail = (error) => {
      taken?.reject(error);
      over();
      source.error(error);
      sink.error(error);
    };
    const give = () => {
      taken = Promise.withResolvers();
      wake?.();
      return taken.promise;
    };
    const readable = new ReadableStream({
      start(to) { source = to; },
      async pull() {
        for (;;) {
          if (state === 'over') return;
          const piece = host.codec('pull', id);
          if (typeof piece === 'string') return fail(new TypeError(piece));
          if (piece !== null) return source.enqueue(piece);
          if (state === 'ending') {
            over();
            return source.close();
          }
          taken?.resolve();
          taken = undefined;
          await new Promise((resolve) => { wake = resolve; });
          wake = undefined;
        }
      },
      cancel(reason) {
        over();
        sink.error(reason);
      },
    }, { highWaterMark: 0 });
    const writable = new WritableStream({
      start(to) {
        sink = to;
        // Not by abort(), which waits for the write that runs.
        to.signal.addEventListener('abort', () => {
          over();
          source.error(to.signal.reason);
        });
      },
      async write(chunk) {
        let bytes;
        try {
          bytes = kit.bytesOf(chunk);
        } catch (error) {
          fail(error);
          throw error;
        }
        // In parts, so that the host never holds much.
        for (let at = 0; at < bytes.length && state === 'open'; at += part) {
          host.codec('push', id, bytes.slice(at, at + part));
          await give();
        }
      },
      close() {
        host.codec('end', id);
        state = 'ending';
        return give();
      },
    });
    return { readable, writable };
  };

  class CompressionStream {
    #sides;
    constructor(format) { this.#sides = sides(format, 0); }
    get readable() { return this.#sides.readable; }
    get writable() { return this.#sides.writable; }
  }

  class DecompressionStream {
    #sides;
    constructor(format) { this.#sides = sides(format, 1); }
    get readable() { return this.#sides.readable; }
    get writable() { return this.#sides.writable; }
  }

  kit.dropCodecs = (run) => host.codec('drop', run);
  return { globals: kit.webIdl({ CompressionStream, DecompressionStream }) };
});
