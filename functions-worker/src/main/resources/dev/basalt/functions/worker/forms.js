// Blob and File of https://w3c.github.io/FileAPI/, FormData of https://xhr.spec.whatwg.org/ and multipart bodies (RFC 7578).
(function (host, kit) {
  'use strict';

  const raw = Symbol('raw');
  const typeOf = (type) => {
    const text = String(type === undefined ? '' : type);
    return /[^\x20-\x7e]/.test(text) ? '' : text.toLowerCase();
  };
  class Blob {
    #bytes;
    #type;
    constructor(parts = [], options = {}) {
      if (parts !== undefined && (typeof parts !== 'object' || parts === null || typeof parts[Symbol.iterator] !== 'function')) {
        throw new TypeError('a Blob is made of a list of parts');
      }
      const pieces = [];
      let size = 0;
      for (const part of parts ?? []) {
        let piece;
        if (typeof part === 'object' && part !== null && #bytes in part) piece = part.#bytes;
        else if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) piece = kit.bytesOf(part);
        else {
          const text = String(part);
          piece = kit.encoder.encode(options?.endings === 'native' ? text.replace(/\r\n?/g, '\n') : text);
        }
        pieces.push(piece);
        size += piece.length;
      }
      this.#bytes = new Uint8Array(size);
      let at = 0;
      for (const piece of pieces) {
        this.#bytes.set(piece, at);
        at += piece.length;
      }
      this.#type = typeOf(options?.type);
    }
    get size() { return this.#bytes.length; }
    get type() { return this.#type; }
    slice(start = 0, end = this.size, type = '') {
      const blob = new Blob([], { type });
      blob.#bytes = this.#bytes.subarray(start, end);
      return blob;
    }
    async arrayBuffer() { return this.#bytes.slice().buffer; }
    async bytes() { return this.#bytes.slice(); }
    async text() { return new TextDecoder().decode(this.#bytes); }
    stream() { return new Response(this.#bytes).body; }
    static [raw](value, bytes) {
      if (bytes) value.#bytes = bytes;
      return value.#bytes;
    }
  }
  const rawBytes = Blob[raw];
  delete Blob[raw];

  class File extends Blob {
    #name;
    #modified;
    constructor(parts, name, options = {}) {
      kit.need(arguments, 2);
      super(parts, options);
      this.#name = String(name);
      this.#modified = options?.lastModified === undefined ? Date.now() : Math.trunc(Number(options.lastModified)) || 0;
    }
    get name() { return this.#name; }
    get lastModified() { return this.#modified; }
    get webkitRelativePath() { return ''; }
  }

  const entry = (name, value, filename) => {
    if (value instanceof Blob) {
      if (value instanceof File && filename === undefined) return [String(name).toWellFormed(), value];
      const file = new File([], filename ?? 'blob', { type: value.type, lastModified: value.lastModified });
      rawBytes(file, rawBytes(value));
      return [String(name).toWellFormed(), file];
    }
    if (filename !== undefined) throw new TypeError('only a Blob has a file name');
    return [String(name).toWellFormed(), String(value).toWellFormed()];
  };
  class FormData {
    #pairs = [];
    constructor(form) { if (form !== undefined) throw new TypeError('there are no forms here'); }
    append(name, value, filename) {
      kit.need(arguments, 2);
      this.#pairs.push(entry(name, value, filename));
    }
    set(name, value, filename) {
      kit.need(arguments, 2);
      const pair = entry(name, value, filename);
      const first = this.#pairs.findIndex((other) => other[0] === pair[0]);
      if (first < 0) this.#pairs.push(pair);
      else {
        this.#pairs[first] = pair;
        this.#pairs = this.#pairs.filter((other, index) => index <= first || other[0] !== pair[0]);
      }
    }
    get(name) {
      kit.need(arguments, 1);
      return this.#pairs.find((pair) => pair[0] === String(name))?.[1] ?? null;
    }
    getAll(name) {
      kit.need(arguments, 1);
      return this.#pairs.filter((pair) => pair[0] === String(name)).map((pair) => pair[1]);
    }
    has(name) {
      kit.need(arguments, 1);
      return this.#pairs.some((pair) => pair[0] === String(name));
    }
    delete(name) {
      kit.need(arguments, 1);
      this.#pairs = this.#pairs.filter((pair) => pair[0] !== String(name));
    }
    *entries() { for (const pair of this.#pairs) yield [...pair]; }
    *keys() { for (const [name] of this.#pairs) yield name; }
    *values() { for (const [, value] of this.#pairs) yield value; }
    forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
    [Symbol.iterator]() { return this.entries(); }
  }

  // ---- multipart/form-data -----------------------------------------------------------------------------------------

  const quote = (text) => text.replace(/\r\n?|\n/g, '%0D%0A').replace(/"/g, '%22');
  const quoteName = (text) => quote(text.replace(/\r\n?|\n/g, '\r\n'));
  const multipart = (form) => {
    const boundary = '----basalt' + crypto.randomUUID().replaceAll('-', '');
    const parts = [];
    for (const [name, value] of form.entries()) {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoteName(name)}"`;
      if (typeof value === 'string') parts.push(`${head}\r\n\r\n${value.replace(/\r\n?|\n/g, '\r\n')}\r\n`);
      else parts.push(`${head}; filename="${quote(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`, value, '\r\n');
    }
    parts.push(`--${boundary}--\r\n`);
    return [rawBytes(new Blob(parts)), `multipart/form-data; boundary=${boundary}`];
  };

  const indexOf = (bytes, wanted, from) => {
    const last = bytes.length - wanted.length;
    for (let at = bytes.indexOf(wanted[0], from); at >= 0 && at <= last; at = bytes.indexOf(wanted[0], at + 1)) {
      let i = 1;
      while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
      if (i === wanted.length) return at;
    }
    return -1;
  };
  const parameters = (text) => {
    const found = {};
    for (const [, name, quoted, plain] of text.matchAll(/;\s*([^\s=;]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
      found[name.toLowerCase()] ??= quoted === undefined ? plain : quoted.replace(/\\(["\\])/g, '$1');
    }
    return found;
  };
  const unquote = (text) => text.replace(/%0D/gi, '\r').replace(/%0A/gi, '\n').replace(/%22/g, '"');
  const bad = () => new TypeError('the body is not a valid multipart form');
  const maxParts = 10000;
  const parseMultipart = (boundary, bytes) => {
    const form = new FormData();
    const first = kit.encoder.encode('--' + boundary);
    const next = kit.encoder.encode('\r\n--' + boundary);
    const blank = new Uint8Array([13, 10, 13, 10]);
    let at = indexOf(bytes, first, 0);
    if (at !== 0 && !(at > 1 && bytes[at - 2] === 13 && bytes[at - 1] === 10)) throw bad();
    at += first.length;
    for (let count = 0; ; count++) {
      if (bytes[at] === 45 && bytes[at + 1] === 45) return form;
      if (bytes[at] !== 13 || bytes[at + 1] !== 10 || count >= maxParts) throw bad();
      const headEnd = indexOf(bytes, blank, at);
      const end = headEnd < 0 ? -1 : indexOf(bytes, next, headEnd + 2);
      if (end < 0) throw bad();
      const headers = {};
      for (const line of new TextDecoder().decode(bytes.subarray(at + 2, headEnd)).split('\r\n')) {
        const colon = line.indexOf(':');
        if (colon < 1) throw bad();
        // Names and values may hold what no other header may: only these two are looked at.
        const name = line.slice(0, colon).trim().toLowerCase();
        if (name === 'content-disposition') headers.disposition = line.slice(colon + 1).trim();
        if (name === 'content-type') headers.type = line.slice(colon + 1).trim();
      }
      const { name, filename } = parameters(headers.disposition ?? '');
      if (!/^form-data/i.test(headers.disposition ?? '') || name === undefined) throw bad();
      const content = bytes.slice(headEnd + 4, end);
      if (filename === undefined) form.append(unquote(name), new TextDecoder('utf-8', { ignoreBOM: true }).decode(content));
      else form.append(unquote(name), new File([content], unquote(filename), { type: headers.type ?? 'text/plain' }));
      at = end + next.length;
    }
  };
  const parse = (type, bytes) => {
    if (/^multipart\/form-data\s*(;|$)/i.test(type)) {
      const { boundary } = parameters(type);
      if (!boundary) throw bad();
      return parseMultipart(boundary, bytes);
    }
    if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
      const form = new FormData();
      for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) form.append(name, value);
      return form;
    }
    throw new TypeError('formData() reads multipart/form-data and application/x-www-form-urlencoded only');
  };

  const blob = (bytes, type) => {
    const made = new Blob([], { type });
    rawBytes(made, bytes);
    return made;
  };
  return { globals: kit.webIdl({ Blob, File, FormData }), bytesOf: (value) => rawBytes(value), blob, multipart, parse };
});
