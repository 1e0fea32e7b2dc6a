// CompressionStream and DecompressionStream: https://compression.spec.whatwg.org/

import { bytes, drain, hex, streamOf, thrown, utf8 } from '../tools.js';

const formats = ['gzip', 'deflate', 'deflate-raw'];
const through = async (stream, ...chunks) => {
  const out = await new Response(streamOf(...chunks).pipeThrough(stream)).arrayBuffer();
  return new Uint8Array(out);
};
const packed = (format, text) => through(new CompressionStream(format), utf8(text));
const unpacked = async (format, ...chunks) => new TextDecoder().decode(await through(new DecompressionStream(format), ...chunks));
const hello = {
  gzip: '1f8b0800000000000003cb48cdc9c9070086a6103605000000',
  deflate: '789ccb48cdc9c907000 62c0215'.replace(' ', ''),
  'deflate-raw': 'cb48cdc9c90700',
};
const broken = (format, text) => thrown(() => unpacked(format, bytes(text)));

export default {
  'there and back': async () => Promise.all(formats.map(async (format) => (await unpacked(format, await packed(format, 'abc'.repeat(50_000)))) === 'abc'.repeat(50_000))),
  'nothing there and back': () => Promise.all(formats.map(async (format) => unpacked(format, await packed(format, '')))),
  'it becomes less': async () => Promise.all(formats.map(async (format) => (await packed(format, 'a'.repeat(100_000))).length < 1000)),
  'what others packed': () => Promise.all(formats.map((format) => unpacked(format, bytes(hello[format])))),
  'byte by byte': () => Promise.all(formats.map((format) => unpacked(format, ...[...bytes(hello[format])].map((byte) => new Uint8Array([byte]))))),
  'chunks of each kind': () => {
    const all = bytes(hello.gzip);
    return unpacked('gzip', all.slice(0, 5).buffer, new DataView(all.buffer, 5, 4), all.subarray(9));
  },
  'gzip with a name, a comment and more': () => unpacked('gzip', bytes('1f8b081c0000000000030300616263' + '6e616d6500' + '636f6d6d656e7400' + 'cb48cdc9c9070086a6103605000000')),
  'begins as it should': async () => [hex((await packed('gzip', 'x')).slice(0, 3)), hex((await packed('deflate', 'x')).slice(0, 1))],
  'formats that are none': () => Promise.all(['', 'GZIP', 'br', 'zip', undefined].map((format) => thrown(() => new CompressionStream(format)))),
  'formats that are none, to unpack': () => Promise.all(['', 'GZIP', 'zip', undefined].map((format) => thrown(() => new DecompressionStream(format)))),
  'no argument': () => Promise.all([thrown(() => new CompressionStream()), thrown(() => new DecompressionStream())]),
  'what is no packed data': () => Promise.all(formats.map((format) => broken(format, 'ffffffffffffffff'))),
  'data that is cut off': () => Promise.all(formats.map((format) => broken(format, hello[format].slice(0, -2)))),
  'no data at all': () => Promise.all(formats.map((format) => broken(format, ''))),
  'more behind the end': () => Promise.all(formats.map((format) => broken(format, `${hello[format]}00`))),
  'more behind the end in another chunk': () => Promise.all(formats.map((format) => thrown(() => unpacked(format, bytes(hello[format]), bytes('00'))))),
  'a wrong checksum': () => Promise.all([broken('gzip', hello.gzip.replace('86a61036', '86a61037')), broken('deflate', hello.deflate.replace(/.$/, '6'))]),
  'a wrong length': () => broken('gzip', hello.gzip.replace(/05000000$/, '06000000')),
  'a wrong header': () => Promise.all([broken('gzip', hello.gzip.replace('1f8b08', '1f8b07')), broken('gzip', hello.gzip.replace('1f8b', '1f8c')), broken('deflate', hello.deflate.replace('789c', '789d'))]),
  'chunks that are none': () => Promise.all(['x', 5, null, {}].map((chunk) => thrown(() => through(new CompressionStream('gzip'), chunk)))),
  'chunks that are none, to unpack': () => Promise.all(['x', 5, null, {}].map((chunk) => thrown(() => through(new DecompressionStream('gzip'), chunk)))),
  'they have two sides': () => [new CompressionStream('gzip'), new DecompressionStream('gzip')].map((one) => [one.readable instanceof ReadableStream, one.writable instanceof WritableStream]),
  'chunks are bytes': async () => (await drain(streamOf(utf8('x')).pipeThrough(new CompressionStream('gzip')))).every((chunk) => chunk instanceof Uint8Array),
  'their tags': () => [new CompressionStream('gzip'), new DecompressionStream('gzip')].map((one) => Object.prototype.toString.call(one)),
  'a writer that does not wait': async () => {
    const stream = new CompressionStream('deflate-raw');
    const writer = stream.writable.getWriter();
    writer.write(utf8('hello'));
    writer.close();
    return unpacked('deflate-raw', new Uint8Array(await new Response(stream.readable).arrayBuffer()));
  },
  'a reader that leaves': async () => {
    const stream = new CompressionStream('gzip');
    await stream.readable.cancel('why');
    return thrown(() => stream.writable.getWriter().write(utf8('x')));
  },
  'a writer that gives up': async () => {
    const stream = new DecompressionStream('gzip');
    await stream.writable.abort(new RangeError('why'));
    return thrown(() => stream.readable.getReader().read());
  },
};
