// URL and URLSearchParams of https://url.spec.whatwg.org/, without blob: and the legacy encodings.
(function (host, kit) {
  'use strict';

  const specialPorts = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };
  const isSpecial = (url) => Object.hasOwn(specialPorts, url.protocol);
  const bad = (input) => {
    const error = new TypeError(`Invalid URL: '${input}'`);
    error.code = 'ERR_INVALID_URL';
    return error;
  };

  const encodeWith = (pattern) => (text) =>
    text.toWellFormed().replace(pattern, (characters) => {
      let out = '';
      for (const byte of kit.encoder.encode(characters)) out += '%' + byte.toString(16).toUpperCase().padStart(2, '0');
      return out;
    });
  const encodeControl = encodeWith(/[^\x20-\x7e]+/g);
  const encodeFragment = encodeWith(/[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7e]+/g);
  const encodeQuery = encodeWith(/[^\x21\x24-\x3b\x3d\x3f-\x7e]+/g);
  const encodeSpecialQuery = encodeWith(/[^\x21\x24-\x26\x28-\x3b\x3d\x3f-\x7e]+/g);
  const encodePath = encodeWith(/[^\x21\x24-\x3b\x3d\x40-\x5d\x5f\x61-\x7a\x7c\x7e]+/g);
  const encodeUserInfo = encodeWith(/[^\x21\x24-\x2e\x30-\x39\x41-\x5a\x5f\x61-\x7a\x7e]+/g);
  const encodeForm = (text) => encodeWith(/[^*\-._0-9A-Za-z ]+/g)(text).replace(/ /g, '+');
  const decodePercent = (text) => {
    if (!text.includes('%')) return text;
    const bytes = kit.encoder.encode(text);
    const out = [];
    for (let i = 0; i < bytes.length; i++) {
      const hex = bytes[i] === 37 && i + 2 < bytes.length ? String.fromCharCode(bytes[i + 1], bytes[i + 2]) : '';
      if (/^[0-9a-fA-F]{2}$/.test(hex)) {
        out.push(parseInt(hex, 16));
        i += 2;
      } else out.push(bytes[i]);
    }
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(out));
  };

  const parseIpv4 = (host) => {
    const parts = host.split('.');
    if (parts[parts.length - 1] === '' && parts.length > 1) parts.pop();
    if (!/^(0[xX][0-9a-fA-F]*|[0-9]+)$/.test(parts[parts.length - 1])) return undefined;
    if (parts.length > 4) return null;
    const numbers = parts.map((part) => {
      if (part === '') return NaN;
      if (/^0[xX]/.test(part)) return /^0[xX][0-9a-fA-F]*$/.test(part) ? parseInt(part.slice(2) || '0', 16) : NaN;
      if (part.length > 1 && part[0] === '0') return /^[0-7]+$/.test(part) ? parseInt(part, 8) : NaN;
      return /^[0-9]+$/.test(part) ? Number(part) : NaN;
    });
    if (numbers.some(Number.isNaN)) return null;
    const last = numbers.pop();
    if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) return null;
    let value = last;
    numbers.forEach((number, index) => { value += number * 256 ** (3 - index); });
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  };

  const parseIpv6 = (text) => {
    let source = text;
    const dotted = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(source);
    if (dotted) {
      const octets = dotted.slice(2).map(Number);
      if (octets.some((octet) => octet > 255)) return null;
      source = dotted[1] + ((octets[0] << 8) | octets[1]).toString(16) + ':' + ((octets[2] << 8) | octets[3]).toString(16);
    }
    const halves = source.split('::');
    if (halves.length > 2) return null;
    const words = (half) => (half === '' ? [] : half.split(':'));
    const head = words(halves[0]);
    const tail = halves.length === 2 ? words(halves[1]) : [];
    if ([...head, ...tail].some((word) => !/^[0-9a-fA-F]{1,4}$/.test(word))) return null;
    const missing = 8 - head.length - tail.length;
    if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
    const pieces = [...head, ...new Array(missing).fill('0'), ...tail].map((word) => parseInt(word, 16));
    let best = { at: -1, length: 1 };
    for (let i = 0; i < 8; i++) {
      let j = i;
      while (j < 8 && pieces[j] === 0) j++;
      if (j - i > best.length) best = { at: i, length: j - i };
      if (j > i) i = j;
    }
    const hex = (from, to) => pieces.slice(from, to).map((piece) => piece.toString(16)).join(':');
    return `[${best.at < 0 ? hex(0, 8) : `${hex(0, best.at)}::${hex(best.at + best.length, 8)}`}]`;
  };

  const parseHost = (text, special) => {
    if (text.startsWith('[')) return text.endsWith(']') ? parseIpv6(text.slice(1, -1)) : null;
    if (!special) return /[\0\t\n\r #/:<>?@[\\\]^|]/.test(text) ? null : encodeControl(text);
    let name = decodePercent(text);
    if (/[^\x00-\x7f]/.test(name)) name = host.idna(name);
    if (typeof name !== 'string' || name === '') return null;
    name = name.toLowerCase();
    if (/[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/.test(name)) return null;
    const address = parseIpv4(name);
    return address === undefined ? name : address;
  };

  const dotted = (segment) => segment.replace(/%2e/gi, '.');
  const parsePath = (text, start, special, file) => {
    const path = [...start];
    const segments = text.split(special ? /[/\\]/ : '/');
    segments.forEach((segment, index) => {
      const last = index === segments.length - 1;
      if (dotted(segment) === '..') {
        if (!(file && path.length === 1 && /^[a-zA-Z]:$/.test(path[0]))) path.pop();
        if (last) path.push('');
      } else if (dotted(segment) === '.') {
        if (last) path.push('');
      } else {
        path.push(file && path.length === 0 && /^[a-zA-Z][:|]$/.test(segment) ? segment[0] + ':' : encodePath(segment));
      }
    });
    return path;
  };

  const setAuthority = (url, authority, special) => {
    const at = authority.lastIndexOf('@');
    if (at >= 0) {
      const info = authority.slice(0, at);
      const colon = info.indexOf(':');
      url.username = encodeUserInfo(colon < 0 ? info : info.slice(0, colon));
      url.password = colon < 0 ? '' : encodeUserInfo(info.slice(colon + 1));
    }
    const place = authority.slice(at + 1);
    const match = /^(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/.exec(place);
    if (!match || (special && match[1] === '') || (match[1] === '' && (at >= 0 || match[2] !== undefined))) return false;
    const name = match[1] === '' ? '' : parseHost(match[1], special);
    if (name === null) return false;
    if (match[2] && Number(match[2]) > 65535) return false;
    url.hostname = name;
    const port = match[2] ? String(Number(match[2])) : '';
    url.port = port === specialPorts[url.protocol] ? '' : port;
    return true;
  };

  const driveOf = (url) => /^[a-zA-Z]:$/.test(url.path[0] ?? '');
  // Answers the parts of the URL, or null.
  const parse = (input, base) => {
    const text = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
    const url = { protocol: '', username: '', password: '', hostname: null, port: '', path: [], opaque: null, search: null, hash: null };
    let rest = text;
    const hashAt = rest.indexOf('#');
    if (hashAt >= 0) {
      url.hash = encodeFragment(rest.slice(hashAt + 1));
      rest = rest.slice(0, hashAt);
    }
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(rest);
    let relative = false;
    if (scheme) {
      url.protocol = scheme[1].toLowerCase() + ':';
      rest = rest.slice(scheme[0].length);
      relative = isSpecial(url) && !!base && base.protocol === url.protocol && !/^[/\\]/.test(rest);
    } else {
      if (!base) return null;
      url.protocol = base.protocol;
      relative = true;
    }
    const special = isSpecial(url);
    const file = url.protocol === 'file:';
    const queryAt = rest.indexOf('?');
    if (queryAt >= 0) {
      url.search = (special ? encodeSpecialQuery : encodeQuery)(rest.slice(queryAt + 1));
      rest = rest.slice(0, queryAt);
    }
    const slashes = special ? /^[/\\]{2}/ : /^\/\//;
    const cut = (body) => {
      const end = body.search(special ? /[/\\]/ : /\//);
      return end < 0 ? [body, ''] : [body.slice(0, end), body.slice(end)];
    };
    const takePath = (path) => {
      if (path === '' && !special) url.path = [];
      else url.path = parsePath(path.replace(special ? /^[/\\]/ : /^\//, ''), [], special, file);
    };
    if (relative && base.opaque !== null) {
      if (rest !== '' || url.search !== null || scheme || url.hash === null) return null;
      return { ...base, path: base.path, hash: url.hash };
    }
    if (relative && !slashes.test(rest)) {
      url.username = base.username;
      url.password = base.password;
      url.hostname = base.hostname;
      url.port = base.port;
      if (rest === '') {
        url.path = [...base.path];
        if (url.search === null) url.search = base.search;
      } else if (special ? /^[/\\]/.test(rest) : rest.startsWith('/')) {
        takePath(rest);
        // A path from the root of a drive stays on it.
        if (file && driveOf(base) && !driveOf(url)) url.path.unshift(base.path[0]);
      }
      else url.path = parsePath(rest, base.path.slice(0, -1), special, file);
      return url;
    }
    if (file) {
      url.hostname = '';
      if (/^[/\\]{2}/.test(rest)) {
        const [authority, path] = cut(rest.slice(2));
        if (/^[a-zA-Z][:|]$/.test(authority)) takePath('/' + authority + path);
        else {
          if (authority !== '') {
            const name = parseHost(authority, true);
            if (name === null) return null;
            url.hostname = name === 'localhost' ? '' : name;
          }
          takePath(path);
        }
      } else takePath(rest);
      return url;
    }
    if (special) {
      const [authority, path] = cut(rest.replace(/^[/\\]+/, ''));
      if (!setAuthority(url, authority, true)) return null;
      takePath(path);
      return url;
    }
    if (slashes.test(rest)) {
      const [authority, path] = cut(rest.slice(2));
      if (!setAuthority(url, authority, false)) return null;
      takePath(path);
    } else if (rest.startsWith('/')) takePath(rest);
    else url.opaque = encodeControl(url.search === null && url.hash === null ? rest : rest.replace(/ $/, '%20'));
    return url;
  };

  const pathOf = (url) => (url.opaque !== null ? url.opaque : url.path.length ? '/' + url.path.join('/') : '');
  const serialize = (url) => {
    let text = url.protocol;
    if (url.hostname !== null) {
      text += '//';
      if (url.username || url.password) text += url.username + (url.password ? ':' + url.password : '') + '@';
      text += url.hostname + (url.port ? ':' + url.port : '');
    } else if (url.opaque === null && url.path.length > 1 && url.path[0] === '') text += '/.';
    text += pathOf(url);
    if (url.search !== null) text += '?' + url.search;
    if (url.hash !== null) text += '#' + url.hash;
    return text;
  };

  const parseForm = (text) => {
    const pairs = [];
    for (const part of text.split('&')) {
      if (part === '') continue;
      const equals = part.indexOf('=');
      const read = (piece) => decodePercent(piece.replace(/\+/g, ' '));
      pairs.push(equals < 0 ? [read(part), ''] : [read(part.slice(0, equals)), read(part.slice(equals + 1))]);
    }
    return pairs;
  };

  const scalars = (value) => String(value).toWellFormed();
  const changed = Symbol('changed');
  class URLSearchParams {
    #pairs = [];
    #owner;
    constructor(init = '', owner = undefined) {
      this.#owner = owner && owner.token === changed ? owner : undefined;
      if (typeof init === 'object' && init !== null) {
        if (typeof init[Symbol.iterator] === 'function') {
          for (const pair of init) {
            const entry = [...pair];
            if (entry.length !== 2) throw new TypeError('each pair needs a name and a value');
            this.#pairs.push(entry.map(scalars));
          }
        } else for (const key of Object.keys(init)) this.#pairs.push([scalars(key), scalars(init[key])]);
      } else this.#pairs = parseForm(String(init).replace(/^\?/, ''));
    }
    get size() { return this.#pairs.length; }
    append(name, value) {
      kit.need(arguments, 2);
      this.#pairs.push([scalars(name), scalars(value)]);
      this.#tell();
    }
    delete(name, value) {
      kit.need(arguments, 1);
      this.#pairs = this.#pairs.filter((pair) => pair[0] !== scalars(name) || (value !== undefined && pair[1] !== scalars(value)));
      this.#tell();
    }
    get(name) {
      kit.need(arguments, 1);
      return this.#pairs.find((pair) => pair[0] === scalars(name))?.[1] ?? null;
    }
    getAll(name) {
      kit.need(arguments, 1);
      return this.#pairs.filter((pair) => pair[0] === scalars(name)).map((pair) => pair[1]);
    }
    has(name, value) {
      kit.need(arguments, 1);
      return this.#pairs.some((pair) => pair[0] === scalars(name) && (value === undefined || pair[1] === scalars(value)));
    }
    set(name, value) {
      kit.need(arguments, 2);
      const pair = [scalars(name), scalars(value)];
      const first = this.#pairs.findIndex((other) => other[0] === pair[0]);
      if (first < 0) this.#pairs.push(pair);
      else {
        this.#pairs[first] = pair;
        this.#pairs = this.#pairs.filter((other, index) => index <= first || other[0] !== pair[0]);
      }
      this.#tell();
    }
    sort() {
      this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
      this.#tell();
    }
    forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
    *entries() { for (let i = 0; i < this.#pairs.length; i++) yield [...this.#pairs[i]]; }
    *keys() { for (const [name] of this.entries()) yield name; }
    *values() { for (const [, value] of this.entries()) yield value; }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this.#pairs.map(([name, value]) => `${encodeForm(name)}=${encodeForm(value)}`).join('&'); }
    #tell() { if (this.#owner) this.#owner.update(this.toString()); }
    static [changed](params, search) { params.#pairs = parseForm(search); }
  }
  const replacePairs = URLSearchParams[changed];
  delete URLSearchParams[changed];

  class URL {
    #url;
    #params;
    constructor(input, base) {
      let parsedBase = null;
      if (base !== undefined) {
        parsedBase = parse(String(base), null);
        if (!parsedBase) throw bad(base);
      }
      this.#url = parse(String(input), parsedBase);
      if (!this.#url) throw bad(input);
    }
    static canParse(input, base) { return URL.parse(input, base) !== null; }
    static parse(input, base) {
      try {
        return new URL(input, base);
      } catch (error) {
        return null;
      }
    }
    get href() { return serialize(this.#url); }
    set href(value) {
      const next = parse(String(value), null);
      if (!next) throw bad(value);
      this.#url = next;
      this.#search();
    }
    get origin() {
      if (this.#url.protocol === 'blob:') {
        const inside = URL.parse(this.pathname);
        return inside && /^https?:$/.test(inside.protocol) ? inside.origin : 'null';
      }
      return isSpecial(this.#url) && this.#url.protocol !== 'file:' ? `${this.#url.protocol}//${this.host}` : 'null';
    }
    get protocol() { return this.#url.protocol; }
    set protocol(value) {
      const next = /^([a-zA-Z][a-zA-Z0-9+.-]*)/.exec(String(value));
      if (!next) return;
      const protocol = next[1].toLowerCase() + ':';
      if (Object.hasOwn(specialPorts, protocol) !== isSpecial(this.#url)) return;
      const { username, password, port, hostname } = this.#url;
      if (protocol === 'file:' && (username || password || port)) return;
      if (this.#url.protocol === 'file:' && !hostname) return;
      this.#url.protocol = protocol;
      if (this.#url.port === specialPorts[protocol]) this.#url.port = '';
    }
    get username() { return this.#url.username; }
    set username(value) { if (this.#url.hostname) this.#url.username = encodeUserInfo(String(value)); }
    get password() { return this.#url.password; }
    set password(value) { if (this.#url.hostname) this.#url.password = encodeUserInfo(String(value)); }
    get host() { return (this.#url.hostname ?? '') + (this.#url.port ? ':' + this.#url.port : ''); }
    set host(value) {
      const next = { ...this.#url };
      const [name, port] = /^((?:\[[^\]]*\])?[^:]*)(?::([0-9]*).*)?$/.exec(this.#place(value)).slice(1);
      if (this.#url.opaque === null && !name.includes('@') && setAuthority(next, name, isSpecial(next))) {
        next.port = this.#url.port;
        this.#url = next;
        if (port) this.port = port;
      }
    }
    get hostname() { return this.#url.hostname ?? ''; }
    set hostname(value) {
      if (this.#url.opaque !== null) return;
      const place = this.#place(value);
      if (place === '' && isSpecial(this.#url)) return;
      const name = place === '' ? '' : parseHost(place, isSpecial(this.#url));
      if (name !== null) this.#url.hostname = name;
    }
    get port() { return this.#url.port; }
    set port(value) {
      const digits = /^[0-9]*/.exec(String(value))[0];
      if (!this.#url.hostname || Number(digits) > 65535 || (digits === '' && String(value) !== '')) return;
      const port = digits === '' ? '' : String(Number(digits));
      this.#url.port = port === specialPorts[this.#url.protocol] ? '' : port;
    }
    get pathname() { return pathOf(this.#url); }
    set pathname(value) {
      if (this.#url.opaque !== null) return;
      const special = isSpecial(this.#url);
      if (String(value) === '' && !special) {
        this.#url.path = [];
        return;
      }
      const path = String(value).replace(/[\t\n\r]/g, '').replace(special ? /^[/\\]/ : /^\//, '');
      this.#url.path = parsePath(path.replace(/[?#]/g, (mark) => (mark === '?' ? '%3F' : '%23')), [], special, this.#url.protocol === 'file:');
    }
    get search() { return this.#url.search ? '?' + this.#url.search : ''; }
    set search(value) {
      const text = String(value).replace(/^\?/, '').replace(/[\t\n\r]/g, '');
      this.#url.search = String(value) === '' ? null : (isSpecial(this.#url) ? encodeSpecialQuery : encodeQuery)(text).replace(/#/g, '%23');
      this.#search();
    }
    get searchParams() {
      return (this.#params ??= new URLSearchParams(this.#url.search ?? '', {
        token: changed,
        update: (text) => { this.#url.search = text === '' ? null : text; },
      }));
    }
    get hash() { return this.#url.hash ? '#' + this.#url.hash : ''; }
    set hash(value) {
      const text = String(value).replace(/^#/, '').replace(/[\t\n\r]/g, '');
      this.#url.hash = String(value) === '' ? null : encodeFragment(text);
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
    // What a setter takes of a text for a host: nothing behind it.
    #place(text) { return String(text).replace(/[\t\n\r]/g, '').split(isSpecial(this.#url) ? /[/\\?#]/ : /[/?#]/)[0]; }
    #search() { if (this.#params) replacePairs(this.#params, this.#url.search ?? ''); }
  }

  kit.expose(kit.webIdl({ URL, URLSearchParams }));
});
