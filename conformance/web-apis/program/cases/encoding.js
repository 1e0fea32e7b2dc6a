// TextEncoder, TextDecoder and base64: https://encoding.spec.whatwg.org/ and https://html.spec.whatwg.org/#atob

import { bytes, drain, hex, streamOf, thrown, utf8 } from '../tools.js';

const decode = (text, label, options) => new TextDecoder(label, options).decode(bytes(text));
const refused = (text, label) => thrown(() => decode(text, label, { fatal: true }));

export default {
  'encode': () => ['a', 'é', '€', '😀', '', '\0', '\uffff'].map((text) => hex(utf8(text))),
  'encode lone surrogates': () => ['\ud800', '\udc00', 'a\ud83d', '\ud83dx', '\ude00\ud83d'].map((text) => hex(utf8(text))),
  'encode what is no string': () => [undefined, null, 5, {}, [1, 2]].map((value) => hex(new TextEncoder().encode(value))),
  'encode nothing': () => new TextEncoder().encode().length,
  'encode much': () => utf8('aé€😀'.repeat(10_000)).length,
  'encoding of the encoder': () => new TextEncoder().encoding,
  'encodeInto': () => {
    const target = new Uint8Array(10);
    return [new TextEncoder().encodeInto('aé€', target), hex(target)];
  },
  'encodeInto too little': () => [0, 1, 2, 3, 4, 5].map((size) => {
    const target = new Uint8Array(size);
    return [new TextEncoder().encodeInto('a€😀', target), hex(target)];
  }),
  'encodeInto a lone surrogate': () => {
    const target = new Uint8Array(4);
    return [new TextEncoder().encodeInto('\ud800x', target), hex(target)];
  },
  'encodeInto what is no Uint8Array': () => Promise.all([thrown(() => new TextEncoder().encodeInto('x', [])), thrown(() => new TextEncoder().encodeInto('x', new ArrayBuffer(4))), thrown(() => new TextEncoder().encodeInto('x'))]),
  'decode': () => ['61', 'c3a9', 'e282ac', 'f09f9880', '', '00'].map((text) => decode(text)),
  'decode what is broken': () => ['ff', 'c3', 'e282', 'f09f98', 'c328', 'e28228', 'eda080', 'c080', 'f4908080', 'f8888080', '80', 'e2e282ac', 'f0808080'].map((text) => decode(text)),
  'decode what is broken, fatally': () => Promise.all(['ff', 'c3', 'e282', 'c328', 'eda080', 'c080', 'f4908080', '80'].map((text) => refused(text))),
  'byte order marks': () => [decode('efbbbf61'), decode('efbbbf61', 'utf-8', { ignoreBOM: true }), decode('efbbbfefbbbf61'), decode('61efbbbf')],
  'a byte order mark in pieces': () => {
    const decoder = new TextDecoder();
    return ['ef', 'bb', 'bf61'].map((piece) => decoder.decode(bytes(piece), { stream: true })).concat(decoder.decode());
  },
  'characters in pieces': () => {
    const decoder = new TextDecoder();
    return ['e2', '82', 'acf09f', '9880', 'c3'].map((piece) => decoder.decode(bytes(piece), { stream: true })).concat(decoder.decode());
  },
  'pieces that do not go on': () => {
    const decoder = new TextDecoder();
    return ['e282', '61', 'f0', 'c3a9'].map((piece) => decoder.decode(bytes(piece), { stream: true })).concat(decoder.decode());
  },
  'a piece that is missing, fatally': () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    decoder.decode(bytes('e282'), { stream: true });
    return thrown(() => decoder.decode());
  },
  'a decoder goes on after an error': async () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    return [await thrown(() => decoder.decode(bytes('ff'))), decoder.decode(bytes('61'))];
  },
  'a decoder starts again': () => {
    const decoder = new TextDecoder();
    return [decoder.decode(bytes('efbbbf61')), decoder.decode(bytes('efbbbf62'))];
  },
  'labels': () => ['utf8', ' UTF-8\t', 'Unicode-1-1-utf-8', 'latin1', 'ASCII', 'utf-16', 'utf-16be', 'ucs-2', 'windows-1252', 'iso-8859-1'].map((label) => new TextDecoder(label).encoding),
  'labels that are none': () => Promise.all(['', 'x', 'utf-7', 'utf-32', 'utf-8\0'].map((label) => thrown(() => new TextDecoder(label)))),
  'properties': () => {
    const { encoding, fatal, ignoreBOM } = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { encoding, fatal, ignoreBOM };
  },
  'windows-1252': () => decode('4180818d9fa0ff', 'latin1'),
  'UTF-16': () => [decode('61003dd800de', 'utf-16le'), decode('0061d83dde00', 'utf-16be'), decode('fffe6100', 'utf-16le'), decode('feff0061', 'utf-16be')],
  'UTF-16 that is broken': () => [decode('3dd8', 'utf-16le'), decode('00de', 'utf-16le'), decode('61', 'utf-16le'), decode('3dd86100', 'utf-16le')],
  'UTF-16 that is broken, fatally': () => Promise.all([refused('3dd8', 'utf-16le'), refused('00de', 'utf-16le'), refused('61', 'utf-16le')]),
  'UTF-16 in pieces': () => {
    const decoder = new TextDecoder('utf-16le');
    return ['61', '003d', 'd800', 'de'].map((piece) => decoder.decode(bytes(piece), { stream: true })).concat(decoder.decode());
  },
  'what is decoded': () => {
    const { buffer } = utf8('abcd');
    const decoder = new TextDecoder();
    return [decoder.decode(buffer), decoder.decode(new DataView(buffer, 1, 2)), decoder.decode(new Uint16Array(buffer, 2)), decoder.decode(), decoder.decode(undefined)];
  },
  'what is not decoded': () => Promise.all(['x', 5, null, {}, [1]].map((value) => thrown(() => new TextDecoder().decode(value)))),
  'their tags': () => [new TextEncoder(), new TextDecoder()].map((one) => Object.prototype.toString.call(one)),
  'an encoding stream': async () => (await drain(streamOf('a', '\ud83d', '\ude00', '\ud83d').pipeThrough(new TextEncoderStream()))).map(hex).join(''),
  'a decoding stream': async () => (await drain(streamOf(bytes('e2'), bytes('82ac'), bytes('c3')).pipeThrough(new TextDecoderStream()))).join(''),
  'a fatal decoding stream': () => thrown(() => drain(streamOf(bytes('61c3')).pipeThrough(new TextDecoderStream('utf-8', { fatal: true })))),
  'properties of a decoding stream': () => {
    const { encoding, fatal, ignoreBOM } = new TextDecoderStream('latin1', { fatal: true });
    return { encoding, fatal, ignoreBOM };
  },
  'btoa': () => ['', 'a', 'ab', 'abc', '\xff\xfe\xfd', undefined, null, 5].map((value) => btoa(value)),
  'btoa of more than latin': () => thrown(() => btoa('€')),
  'btoa of nothing': () => thrown(() => btoa()),
  'atob': () => ['', 'YQ==', 'YQ', 'YWI=', 'YWJj', ' Y Q\n=\t=', '/+8='].map((value) => atob(value)),
  'atob of what is none': () => Promise.all(['Y', 'YQ=', 'YQ===', 'Y=Q=', '=', 'YQ==YQ==', 'Y-_=', 'é', 'YWJjZ'].map((value) => thrown(() => atob(value)))),
  'atob with bits that are lost': () => atob('YR=='),
  'atob of null': () => atob(null).length,
};
