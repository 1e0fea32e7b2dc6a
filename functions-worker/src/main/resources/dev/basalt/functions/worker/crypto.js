// crypto.subtle of https://w3c.github.io/webcrypto/. What is a key and who may use it for what is decided here; the
// mathematics is the JVM's.
(function (host, kit) {
  'use strict';

  const error = (name, message) => new DOMException(message ?? 'The operation failed.', name);
  const run = (...values) => {
    const answer = host.crypto(...values);
    if (typeof answer === 'string') throw error(answer);
    return answer;
  };
  const none = new Uint8Array(0);
  const copy = (value) => kit.bytesOf(value).slice();
  const exact = (bytes) => (bytes.byteOffset === 0 && bytes.buffer.byteLength === bytes.length ? bytes : bytes.slice()).buffer;

  const token = Symbol('key');
  const held = new WeakMap(); // CryptoKey -> the key's bytes: raw, pkcs8 or spki
  class CryptoKey {
    #type;
    #extractable;
    #algorithm;
    #usages;
    constructor(secret, type, extractable, algorithm, usages) {
      if (secret !== token) throw new TypeError('Illegal constructor');
      this.#type = type;
      this.#extractable = extractable;
      this.#algorithm = Object.freeze(algorithm);
      this.#usages = Object.freeze(usages);
    }
    get type() { return this.#type; }
    get extractable() { return this.#extractable; }
    get algorithm() { return this.#algorithm; }
    get usages() { return this.#usages; }
  }
  const allUsages = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];
  const makeKey = (type, extractable, algorithm, usages, bytes) => {
    const key = new CryptoKey(token, type, extractable, algorithm, allUsages.filter((usage) => usages.includes(usage)));
    held.set(key, bytes);
    return key;
  };

  // ---- algorithms --------------------------------------------------------------------------------------------------

  const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
  const blockBits = { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };
  const curves = ['P-256', 'P-384', 'P-521'];
  const kinds = {
    HMAC: { family: 'HMAC', secret: ['sign', 'verify'] },
    'AES-GCM': { family: 'AES', secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
    'AES-CBC': { family: 'AES', secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
    'AES-CTR': { family: 'AES', secret: ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'] },
    'AES-KW': { family: 'AES', secret: ['wrapKey', 'unwrapKey'] },
    'RSASSA-PKCS1-v1_5': { family: 'RSA', private: ['sign'], public: ['verify'] },
    'RSA-PSS': { family: 'RSA', private: ['sign'], public: ['verify'] },
    'RSA-OAEP': { family: 'RSA', private: ['decrypt', 'unwrapKey'], public: ['encrypt', 'wrapKey'] },
    ECDSA: { family: 'EC', private: ['sign'], public: ['verify'] },
    ECDH: { family: 'EC', private: ['deriveKey', 'deriveBits'], public: [] },
    Ed25519: { family: 'Ed25519', private: ['sign'], public: ['verify'] },
    X25519: { family: 'X25519', private: ['deriveKey', 'deriveBits'], public: [] },
    HKDF: { family: 'HKDF', secret: ['deriveKey', 'deriveBits'] },
    PBKDF2: { family: 'PBKDF2', secret: ['deriveKey', 'deriveBits'] },
  };
  const named = (given, names) => {
    const algorithm = typeof given === 'string' ? { name: given } : given;
    if (typeof algorithm !== 'object' || algorithm === null || typeof algorithm.name !== 'string') throw new TypeError('the algorithm has no name');
    const name = names.find((known) => known.toUpperCase() === algorithm.name.toUpperCase());
    if (!name) throw error('NotSupportedError', `Unrecognized algorithm name: ${algorithm.name}`);
    return { ...algorithm, name };
  };
  const hashOf = (given) => {
    if (given === undefined) throw new TypeError('the algorithm needs a hash');
    return named(given, hashes).name;
  };
  const curveOf = (algorithm) => {
    if (!curves.includes(algorithm.namedCurve)) throw error('NotSupportedError', `Unrecognized curve: ${algorithm.namedCurve}`);
    return algorithm.namedCurve;
  };
  const checkUsages = (usages, allowed) => {
    for (const usage of usages) {
      if (!allUsages.includes(usage)) throw new TypeError(`'${usage}' is not a key usage`);
      if (!allowed.includes(usage)) throw error('SyntaxError', `Unsupported key usage: ${usage}`);
    }
  };
  const number = (value, min, max, what) => {
    const exactly = Number(value);
    if (!Number.isInteger(exactly) || exactly < min || exactly > max) throw error('OperationError', `Invalid ${what}: ${value}`);
    return exactly;
  };
  const bytesOf = (key) => held.get(key);
  const useKey = (key, algorithm, usage) => {
    if (!(key instanceof CryptoKey)) throw new TypeError('this is not a CryptoKey');
    if (key.algorithm.name !== algorithm.name) throw error('InvalidAccessError', 'The key is of another algorithm.');
    if (!key.usages.includes(usage)) throw error('InvalidAccessError', `The key may not be used to ${usage}.`);
    return bytesOf(key);
  };

  const base64url = (bytes) => {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  };
  const fromBase64url = (text) => {
    if (typeof text !== 'string' || /[^A-Za-z0-9_-]/.test(text)) throw error('DataError', 'The JWK has a member that is not base64url.');
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
  };

  // ---- encrypt, sign, digest ---------------------------------------------------------------------------------------

  const crypt = (algorithm, key, bytes, encrypt) => {
    switch (algorithm.name) {
      case 'AES-GCM': {
        const tag = algorithm.tagLength === undefined ? 128 : algorithm.tagLength;
        // The JDK has none shorter than 96 bits, and nobody should.
        if (![96, 104, 112, 120, 128].includes(tag)) throw error('OperationError', `Invalid tag length: ${tag}`);
        const iv = copy(algorithm.iv);
        if (iv.length === 0) throw error('OperationError', 'The iv is empty.');
        const more = algorithm.additionalData === undefined ? none : copy(algorithm.additionalData);
        return run('aes', 'AES-GCM', encrypt, key, iv, bytes, more, tag);
      }
      case 'AES-CBC': {
        const iv = copy(algorithm.iv);
        if (iv.length !== 16) throw error('OperationError', 'The iv must be 16 bytes.');
        return run('aes', 'AES-CBC', encrypt, key, iv, bytes, none, 0);
      }
      case 'AES-CTR': {
        const counter = copy(algorithm.counter);
        if (counter.length !== 16) throw error('OperationError', 'The counter must be 16 bytes.');
        return run('aes', 'AES-CTR', encrypt, key, counter, bytes, none, number(algorithm.length, 1, 128, 'counter length'));
      }
      default: throw error('NotSupportedError');
    }
  };
  const ciphers = ['AES-GCM', 'AES-CBC', 'AES-CTR', 'RSA-OAEP'];
  const cipher = (given, key, data, encrypt, usage) => {
    const algorithm = named(given, ciphers);
    const bytes = copy(data);
    const material = useKey(key, algorithm, usage);
    if (algorithm.name === 'RSA-OAEP') {
      if (key.type !== (encrypt ? 'public' : 'private')) throw error('InvalidAccessError');
      return run('oaep', encrypt, key.algorithm.hash.name, material, algorithm.label === undefined ? none : copy(algorithm.label), bytes);
    }
    return crypt(algorithm, material, bytes, encrypt);
  };

  const signers = ['HMAC', 'RSASSA-PKCS1-v1_5', 'RSA-PSS', 'ECDSA', 'Ed25519'];
  const signing = (algorithm, key) => {
    const hash = algorithm.name === 'ECDSA' ? hashOf(algorithm.hash) : key.algorithm.hash?.name ?? '';
    const salt = algorithm.name === 'RSA-PSS' ? number(algorithm.saltLength, 0, 512, 'salt length') : 0;
    return [algorithm.name, hash, salt];
  };

  // ---- derivation --------------------------------------------------------------------------------------------------

  const derivers = ['HKDF', 'PBKDF2', 'ECDH', 'X25519'];
  const derive = (algorithm, key, length) => {
    const kind = kinds[algorithm.name];
    if (algorithm.name === 'ECDH' || algorithm.name === 'X25519') {
      const other = algorithm.public;
      if (!(other instanceof CryptoKey)) throw new TypeError('the algorithm needs the public key');
      if (key.type !== 'private' || other.type !== 'public' || other.algorithm.name !== algorithm.name
        || other.algorithm.namedCurve !== key.algorithm.namedCurve) throw error('InvalidAccessError', 'The two keys do not fit each other.');
      const secret = run('agree', kind.family, bytesOf(key), bytesOf(other));
      if (length === null || length === undefined) return secret;
      if (secret.length * 8 < length) throw error('OperationError', 'The secret is shorter than that.');
      const cut = secret.slice(0, Math.ceil(length / 8));
      if (length % 8) cut[cut.length - 1] &= 0xff << (8 - (length % 8));
      return cut;
    }
    if (length === null || length === undefined || length % 8 !== 0) throw error('OperationError', 'The length must be a multiple of 8 bits.');
    const size = number(length, 0, 8 * 1024 * 1024, 'length') / 8;
    const hash = hashOf(algorithm.hash);
    if (algorithm.name === 'HKDF') return run('hkdf', hash, bytesOf(key), copy(algorithm.salt), copy(algorithm.info), size);
    const iterations = number(algorithm.iterations, 1, 2147483647, 'number of iterations');
    return run('pbkdf2', hash, bytesOf(key), copy(algorithm.salt), iterations, size);
  };
  const keyBits = (algorithm) => {
    switch (kinds[algorithm.name].family) {
      case 'AES':
        if (![128, 192, 256].includes(algorithm.length)) throw error('OperationError', `Invalid key length: ${algorithm.length}`);
        return algorithm.length;
      case 'HMAC': return algorithm.length === undefined ? blockBits[hashOf(algorithm.hash)] : number(algorithm.length, 1, 1 << 20, 'key length');
      case 'HKDF': case 'PBKDF2': return null;
      default: throw error('NotSupportedError');
    }
  };

  // ---- import and export -------------------------------------------------------------------------------------------

  const importable = Object.keys(kinds);
  const secretKey = (algorithm, bytes, extractable, usages, jwk) => {
    const kind = kinds[algorithm.name];
    checkUsages(usages, kind.secret);
    if (kind.family === 'AES') {
      if (![16, 24, 32].includes(bytes.length)) throw error('DataError', 'An AES key is 128, 192 or 256 bits.');
      if (jwk?.alg !== undefined && jwk.alg !== `A${bytes.length * 8}${algorithm.name.slice(4)}`) throw error('DataError', 'The JWK is for another algorithm.');
      return makeKey('secret', extractable, { name: algorithm.name, length: bytes.length * 8 }, usages, bytes);
    }
    if (kind.family === 'HMAC') {
      const hash = hashOf(algorithm.hash);
      if (bytes.length === 0) throw error('DataError', 'The key is empty.');
      if (jwk?.alg !== undefined && jwk.alg !== 'HS' + hash.slice(4)) throw error('DataError', 'The JWK is for another algorithm.');
      const length = algorithm.length ?? bytes.length * 8;
      if (length > bytes.length * 8 || length <= bytes.length * 8 - 8) throw error('DataError', 'The key has another length.');
      return makeKey('secret', extractable, { name: 'HMAC', hash: { name: hash }, length }, usages, bytes);
    }
    if (extractable) throw error('SyntaxError', `${algorithm.name} keys cannot be extractable.`);
    return makeKey('secret', false, { name: algorithm.name }, usages, bytes);
  };
  const pairKey = (algorithm, type, extractable, usages, material, modulus, exponent) => {
    const kind = kinds[algorithm.name];
    checkUsages(usages, kind[type]);
    if (type === 'private' && usages.length === 0) throw error('SyntaxError', 'A private key needs a usage.');
    const details = kind.family === 'RSA' ? { name: algorithm.name, modulusLength: modulus, publicExponent: exponent, hash: { name: hashOf(algorithm.hash) } }
      : kind.family === 'EC' ? { name: algorithm.name, namedCurve: algorithm.namedCurve } : { name: algorithm.name };
    return makeKey(type, extractable, details, usages, material);
  };
  const encoded = (format, algorithm, data, extractable, usages) => {
    const kind = kinds[algorithm.name];
    const type = format === 'pkcs8' ? 'private' : 'public';
    checkUsages(usages, kind[type]);
    const curve = kind.family === 'EC' ? curveOf(algorithm) : '';
    const [material, modulus, exponent] = run('import', format, kind.family, curve, data);
    return pairKey(algorithm, type, extractable, usages, material, modulus && new DataView(modulus.buffer, modulus.byteOffset).getUint32(0), exponent);
  };
  const rsaParts = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];
  const members = { RSA: rsaParts, EC: ['x', 'y', 'd'], Ed25519: ['x', 'd'], X25519: ['x', 'd'] };
  const rsaAlg = { 'RSASSA-PKCS1-v1_5': 'RS', 'RSA-PSS': 'PS', 'RSA-OAEP': 'RSA-OAEP' };
  const jwkAlg = (algorithm, hash) => {
    const bits = hash.slice(4);
    if (algorithm === 'RSA-OAEP') return bits === '1' ? 'RSA-OAEP' : 'RSA-OAEP-' + bits;
    return rsaAlg[algorithm] + bits;
  };
  const importJwk = (algorithm, jwk, extractable, usages) => {
    if (typeof jwk !== 'object' || jwk === null || ArrayBuffer.isView(jwk) || jwk instanceof ArrayBuffer) throw new TypeError('a JWK is an object');
    const kind = kinds[algorithm.name];
    const kty = kind.family === 'RSA' ? 'RSA' : kind.family === 'EC' ? 'EC' : kind.secret ? 'oct' : 'OKP';
    if (jwk.kty !== kty) throw error('DataError', `The JWK's kty must be ${kty}.`);
    if (jwk.ext === false && extractable) throw error('DataError', 'The JWK is not extractable.');
    if (jwk.key_ops !== undefined && !usages.every((usage) => jwk.key_ops.includes(usage))) throw error('DataError', 'The JWK is for other operations.');
    const use = ciphers.includes(algorithm.name) || kind.family === 'AES' ? 'enc' : signers.includes(algorithm.name) ? 'sig' : 'enc';
    if (jwk.use !== undefined && usages.length && jwk.use !== use) throw error('DataError', 'The JWK is for another use.');
    if (kind.secret) {
      if (kind.family !== 'AES' && kind.family !== 'HMAC') throw error('NotSupportedError');
      return secretKey(algorithm, fromBase64url(jwk.k), extractable, usages, jwk);
    }
    const type = jwk.d === undefined ? 'public' : 'private';
    checkUsages(usages, kind[type]);
    let curve = '';
    if (kind.family === 'EC') {
      curve = curveOf(algorithm);
      if (jwk.crv !== curve) throw error('DataError', 'The JWK is of another curve.');
    } else if (kind.family !== 'RSA' && jwk.crv !== kind.family) throw error('DataError', 'The JWK is of another curve.');
    else if (kind.family === 'RSA' && jwk.alg !== undefined && jwk.alg !== jwkAlg(algorithm.name, hashOf(algorithm.hash))) {
      throw error('DataError', 'The JWK is for another algorithm.');
    }
    const wanted = members[kind.family].filter((name) => type === 'private' || !['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name));
    const parts = wanted.map((name) => fromBase64url(jwk[name]));
    const material = run('parts', kind.family, curve, type === 'private', parts);
    if (kind.family !== 'RSA') return pairKey(algorithm, type, extractable, usages, material);
    return encoded(type === 'private' ? 'pkcs8' : 'spki', algorithm, material, extractable, usages);
  };
  const importKey = (format, keyData, given, extractable, usages) => {
    const algorithm = named(given, importable);
    const kind = kinds[algorithm.name];
    const wanted = [...usages];
    const key = format === 'jwk' ? importJwk(algorithm, keyData, !!extractable, wanted)
      : format === 'raw' && kind.secret ? secretKey(algorithm, copy(keyData), !!extractable, wanted)
        : kind.secret || !['raw', 'spki', 'pkcs8'].includes(format) || (format === 'raw' && kind.family === 'RSA') ? undefined
          : encoded(format, algorithm, copy(keyData), !!extractable, wanted);
    if (!key) throw error('NotSupportedError', `${algorithm.name} keys have no format '${format}'.`);
    if (key.type === 'secret' && key.usages.length === 0) throw error('SyntaxError', 'A secret key needs a usage.');
    return key;
  };

  const exportKey = (format, key) => {
    if (!(key instanceof CryptoKey)) throw new TypeError('this is not a CryptoKey');
    const { name, namedCurve = '', hash } = key.algorithm;
    const { family } = kinds[name];
    if (!['raw', 'spki', 'pkcs8', 'jwk'].includes(format)) throw new TypeError(`'${format}' is not a key format`);
    if (family === 'HKDF' || family === 'PBKDF2') throw error('NotSupportedError');
    if (!key.extractable) throw error('InvalidAccessError', 'The key is not extractable.');
    const bytes = bytesOf(key);
    if (format === 'jwk') {
      const common = { key_ops: [...key.usages], ext: true };
      if (family === 'AES') return { kty: 'oct', k: base64url(bytes), alg: `A${bytes.length * 8}${name.slice(4)}`, ...common };
      if (family === 'HMAC') return { kty: 'oct', k: base64url(bytes), alg: 'HS' + hash.name.slice(4), ...common };
      const parts = run('export', family, namedCurve, key.type === 'private', bytes);
      const jwk = { kty: family === 'RSA' || family === 'EC' ? family : 'OKP' };
      if (family !== 'RSA') jwk.crv = namedCurve || family;
      parts.forEach((part, index) => { jwk[members[family][index]] = base64url(part); });
      if (family === 'RSA') jwk.alg = jwkAlg(name, hash.name);
      return { ...jwk, ...common };
    }
    if (format === 'raw' && key.type === 'secret') return exact(bytes.slice());
    if (format === 'raw' && key.type === 'public' && family !== 'RSA') return exact(run('raw', family, namedCurve, bytes));
    if ((format === 'spki' && key.type === 'public') || (format === 'pkcs8' && key.type === 'private')) return exact(bytes.slice());
    if (key.type === 'secret' || (format === 'raw' && family === 'RSA')) throw error('NotSupportedError', `The key has no format '${format}'.`);
    throw error('InvalidAccessError', `A ${key.type} key has no format '${format}'.`);
  };

  const generateKey = (given, extractable, usages) => {
    const algorithm = named(given, importable.filter((name) => name !== 'HKDF' && name !== 'PBKDF2'));
    const kind = kinds[algorithm.name];
    const wanted = [...usages];
    if (kind.secret) {
      checkUsages(wanted, kind.secret);
      if (wanted.length === 0) throw error('SyntaxError', 'A secret key needs a usage.');
      const bytes = new Uint8Array(Math.ceil(keyBits(algorithm) / 8));
      for (let at = 0; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
      return secretKey(algorithm, bytes, !!extractable, wanted);
    }
    checkUsages(wanted, [...kind.private, ...kind.public]);
    const secretUsages = wanted.filter((usage) => kind.private.includes(usage));
    if (secretUsages.length === 0) throw error('SyntaxError', 'A private key needs a usage.');
    let modulus = 0;
    let exponent = none;
    if (kind.family === 'RSA') {
      hashOf(algorithm.hash);
      modulus = number(algorithm.modulusLength, 1024, 16384, 'modulus length');
      exponent = copy(algorithm.publicExponent);
    }
    const curve = kind.family === 'EC' ? curveOf(algorithm) : '';
    const [pkcs8, spki] = run('generate', kind.family, curve, modulus, exponent);
    return {
      publicKey: pairKey(algorithm, 'public', true, wanted.filter((usage) => kind.public.includes(usage)), spki, modulus, exponent),
      privateKey: pairKey(algorithm, 'private', !!extractable, secretUsages, pkcs8, modulus, exponent),
    };
  };

  class SubtleCrypto {
    constructor(secret) { if (secret !== token) throw new TypeError('Illegal constructor'); }
    async digest(algorithm, data) { return exact(run('digest', named(algorithm, hashes).name, copy(data))); }
    async encrypt(algorithm, key, data) { return exact(cipher(algorithm, key, data, true, 'encrypt')); }
    async decrypt(algorithm, key, data) { return exact(cipher(algorithm, key, data, false, 'decrypt')); }
    async sign(given, key, data) {
      const algorithm = named(given, signers);
      const bytes = copy(data);
      const material = useKey(key, algorithm, 'sign');
      if (algorithm.name === 'HMAC') return exact(run('hmac', key.algorithm.hash.name, material, bytes));
      return exact(run('sign', ...signing(algorithm, key), material, bytes));
    }
    async verify(given, key, signature, data) {
      const algorithm = named(given, signers);
      const bytes = copy(data);
      const signed = copy(signature);
      const material = useKey(key, algorithm, 'verify');
      if (algorithm.name === 'HMAC') {
        const right = run('hmac', key.algorithm.hash.name, material, bytes);
        let different = right.length ^ signed.length;
        for (let i = 0; i < right.length; i++) different |= right[i] ^ signed[i];
        return different === 0;
      }
      return run('verify', ...signing(algorithm, key), material, bytes, signed);
    }
    async generateKey(algorithm, extractable, usages) { return generateKey(algorithm, extractable, usages); }
    async importKey(format, keyData, algorithm, extractable, usages) { return importKey(format, keyData, algorithm, extractable, usages); }
    async exportKey(format, key) { return exportKey(format, key); }
    async deriveBits(given, key, length) {
      const algorithm = named(given, derivers);
      useKey(key, algorithm, 'deriveBits');
      return exact(derive(algorithm, key, length));
    }
    async deriveKey(given, key, derivedAlgorithm, extractable, usages) {
      const algorithm = named(given, derivers);
      useKey(key, algorithm, 'deriveKey');
      const wanted = named(derivedAlgorithm, importable);
      return importKey('raw', derive(algorithm, key, keyBits(wanted)), wanted, extractable, usages);
    }
    async wrapKey(format, key, wrappingKey, given) {
      const exported = exportKey(format, key);
      const bytes = format === 'jwk' ? kit.encoder.encode(JSON.stringify(exported)) : new Uint8Array(exported);
      const algorithm = named(given, [...ciphers, 'AES-KW']);
      if (algorithm.name === 'AES-KW') return exact(run('wrap', true, useKey(wrappingKey, algorithm, 'wrapKey'), bytes));
      return exact(cipher(algorithm, wrappingKey, bytes, true, 'wrapKey'));
    }
    async unwrapKey(format, wrapped, unwrappingKey, given, keyAlgorithm, extractable, usages) {
      const algorithm = named(given, [...ciphers, 'AES-KW']);
      const bytes = algorithm.name === 'AES-KW'
        ? run('wrap', false, useKey(unwrappingKey, algorithm, 'unwrapKey'), copy(wrapped))
        : cipher(algorithm, unwrappingKey, wrapped, false, 'unwrapKey');
      return importKey(format, format === 'jwk' ? JSON.parse(new TextDecoder().decode(bytes)) : bytes, keyAlgorithm, extractable, usages);
    }
  }

  return { subtle: new SubtleCrypto(token), ...kit.webIdl({ CryptoKey, SubtleCrypto }) };
});
