// The streams of https://streams.spec.whatwg.org/ by web-streams-polyfill, and the text streams on top of them.
(function (host, kit) {
  'use strict';

  const module = host.load('web-streams-polyfill.js');
  const { TransformStream } = module;

  class TextEncoderStream {
    #transform;
    constructor() {
      let high = '';
      this.#transform = new TransformStream({
        transform(chunk, to) {
          let text = high + String(chunk);
          high = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
          if (high) text = text.slice(0, -1);
          if (text) to.enqueue(kit.encoder.encode(text));
        },
        flush(to) { if (high) to.enqueue(new Uint8Array([0xef, 0xbf, 0xbd])); },
      });
    }
    get encoding() { return 'utf-8'; }
    get readable() { return this.#transform.readable; }
    get writable() { return this.#transform.writable; }
  }

  class TextDecoderStream {
    #transform;
    #decoder;
    constructor(label, options) {
      const decoder = (this.#decoder = new TextDecoder(label, options));
      this.#transform = new TransformStream({
        transform(chunk, to) {
          const text = decoder.decode(chunk, { stream: true });
          if (text) to.enqueue(text);
        },
        flush(to) {
          const text = decoder.decode();
          if (text) to.enqueue(text);
        },
      });
    }
    get encoding() { return this.#decoder.encoding; }
    get fatal() { return this.#decoder.fatal; }
    get ignoreBOM() { return this.#decoder.ignoreBOM; }
    get readable() { return this.#transform.readable; }
    get writable() { return this.#transform.writable; }
  }

  return { globals: { ...module, ...kit.webIdl({ TextEncoderStream, TextDecoderStream }) } };
});
