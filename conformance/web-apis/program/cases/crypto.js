// crypto, https://w3c.github.io/webcrypto/

import { bytes, hex, thrown, utf8 } from '../tools.js';

const { subtle } = crypto;
const key = bytes('000102030405060708090a0b0c0d0e0f');
const raw = (algorithm, usages, material = key, extractable = true) => subtle.importKey('raw', material, algorithm, extractable, usages);
const digest = async (name, data) => hex(await subtle.digest(name, data));
const aes = async (name, parameters) => {
  const imported = await raw(name, ['encrypt', 'decrypt']);
  const secret = await subtle.encrypt({ name, ...parameters }, imported, utf8('attack at dawn, or a little later'));
  return [hex(secret), new TextDecoder().decode(await subtle.decrypt({ name, ...parameters }, imported, secret))];
};
const described = ({ type, extractable, algorithm, usages }) => ({
  type, extractable, usages: [...usages].sort(), algorithm: JSON.parse(JSON.stringify(algorithm, (name, value) => (value instanceof Uint8Array ? hex(value) : value))),
});
const pair = async (algorithm, usages) => {
  const { publicKey, privateKey } = await subtle.generateKey(algorithm, false, usages);
  return [described(publicKey), described(privateKey)];
};
const signs = async (algorithm, signing = algorithm, data = utf8('x')) => {
  const { publicKey, privateKey } = await subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const signature = await subtle.sign(signing, privateKey, data);
  return [signature.byteLength, await subtle.verify(signing, publicKey, signature, data), await subtle.verify(signing, publicKey, signature, utf8('y'))];
};
const derived = async (name, parameters, bits = 256) => hex(await subtle.deriveBits({ name, hash: 'SHA-256', ...parameters }, await raw(name, ['deriveBits'], key, false), bits));
const es256 = { name: 'ECDSA', namedCurve: 'P-256' };
const signing = { name: 'ECDSA', hash: 'SHA-256' };

export default {
  'digests': async () => [await digest('SHA-1', utf8('abc')), await digest('SHA-256', utf8('abc')), await digest('SHA-384', utf8('abc')), await digest('SHA-512', utf8('abc'))],
  'digests of nothing': () => digest('SHA-256', new Uint8Array(0)),
  'digest names in any case': () => digest({ name: 'sha-256' }, utf8('abc')),
  'digests of views': () => digest('SHA-256', new Uint8Array(utf8('xabcx').buffer, 1, 3)),
  'digests that are none': () => Promise.all([thrown(() => subtle.digest('SHA-3', key)), thrown(() => subtle.digest('', key)), thrown(() => subtle.digest('AES-GCM', key))]),
  'digests of strings': () => thrown(() => subtle.digest('SHA-256', 'abc')),
  'the data is that of the time': async () => {
    const data = utf8('abc');
    const promise = subtle.digest('SHA-256', data);
    data.fill(0);
    return hex(await promise);
  },
  'HMAC': async () => hex(await subtle.sign('HMAC', await raw({ name: 'HMAC', hash: 'SHA-256' }, ['sign']), utf8('abc'))),
  'HMAC of each hash': async () => Promise.all(['SHA-1', 'SHA-384', 'SHA-512'].map(async (hash) => hex(await subtle.sign('HMAC', await raw({ name: 'HMAC', hash }, ['sign']), utf8('abc'))))),
  'HMAC verifies': async () => {
    const imported = await raw({ name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify']);
    const signature = await subtle.sign('HMAC', imported, utf8('abc'));
    return [await subtle.verify('HMAC', imported, signature, utf8('abc')), await subtle.verify('HMAC', imported, signature, utf8('abd')), await subtle.verify('HMAC', imported, signature.slice(1), utf8('abc'))];
  },
  'HMAC without hash': () => thrown(() => raw('HMAC', ['sign'])),
  'HMAC of an empty key': () => thrown(() => raw({ name: 'HMAC', hash: 'SHA-256' }, ['sign'], new Uint8Array(0))),
  'a generated HMAC key': async () => described(await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify'])),
  'AES-GCM': () => aes('AES-GCM', { iv: new Uint8Array(12) }),
  'AES-GCM with more': () => aes('AES-GCM', { iv: new Uint8Array(12), additionalData: utf8('more'), tagLength: 96 }),
  'AES-CBC': () => aes('AES-CBC', { iv: new Uint8Array(16) }),
  'AES-CTR': () => aes('AES-CTR', { counter: new Uint8Array(16), length: 64 }),
  'AES-GCM changed': async () => {
    const imported = await raw('AES-GCM', ['encrypt', 'decrypt']);
    const secret = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: key }, imported, utf8('x')));
    secret[0] ^= 1;
    return thrown(() => subtle.decrypt({ name: 'AES-GCM', iv: key }, imported, secret));
  },
  'AES-CBC with an iv of a wrong length': async () => {
    const imported = await raw('AES-CBC', ['encrypt']);
    return thrown(() => subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(15) }, imported, utf8('x')));
  },
  'AES-GCM with a tag of a wrong length': async () => {
    const imported = await raw('AES-GCM', ['encrypt']);
    return thrown(() => subtle.encrypt({ name: 'AES-GCM', iv: key, tagLength: 100 }, imported, utf8('x')));
  },
  'AES keys of a wrong length': () => Promise.all([15, 17, 0, 64].map((size) => thrown(() => raw('AES-GCM', ['encrypt'], new Uint8Array(size))))),
  'AES keys of each length': async () => Promise.all([16, 24, 32].map(async (size) => (await raw('AES-GCM', ['encrypt'], new Uint8Array(size))).algorithm.length)),
  'generated AES keys': async () => described(await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])),
  'AES keys of a wrong length are not generated': () => thrown(() => subtle.generateKey({ name: 'AES-GCM', length: 100 }, true, ['encrypt'])),
  'AES-KW wraps': async () => {
    const by = await raw('AES-KW', ['wrapKey', 'unwrapKey']);
    const wrapped = await subtle.wrapKey('raw', await raw('AES-GCM', ['encrypt']), by, 'AES-KW');
    const back = await subtle.unwrapKey('raw', wrapped, by, 'AES-KW', 'AES-GCM', true, ['encrypt']);
    return [hex(wrapped), hex(await subtle.exportKey('raw', back))];
  },
  'a key as JWK': async () => {
    const jwk = await subtle.exportKey('jwk', await raw('AES-GCM', ['decrypt', 'encrypt']));
    return { ...jwk, key_ops: [...jwk.key_ops].sort() };
  },
  'an HMAC key as JWK': async () => subtle.exportKey('jwk', await raw({ name: 'HMAC', hash: 'SHA-256' }, ['sign'])),
  'a key from JWK': async () => described(await subtle.importKey('jwk', { kty: 'oct', k: 'AAECAwQFBgcICQoLDA0ODw' }, 'AES-CBC', false, ['encrypt'])),
  'a JWK that does not fit': () => Promise.all([
    thrown(() => subtle.importKey('jwk', { kty: 'RSA', k: 'AA' }, 'AES-CBC', false, ['encrypt'])),
    thrown(() => subtle.importKey('jwk', { kty: 'oct', k: 'AAECAwQFBgcICQoLDA0ODw', alg: 'A256CBC' }, 'AES-CBC', false, ['encrypt'])),
    thrown(() => subtle.importKey('jwk', { kty: 'oct', k: 'AAECAwQFBgcICQoLDA0ODw', ext: false }, 'AES-CBC', true, ['encrypt'])),
    thrown(() => subtle.importKey('jwk', { kty: 'oct', k: 'AAECAwQFBgcICQoLDA0ODw', key_ops: ['sign'] }, 'AES-CBC', true, ['encrypt'])),
  ]),
  'a key that is not exported': async () => thrown(async () => subtle.exportKey('raw', await raw('AES-GCM', ['encrypt'], key, false))),
  'a key of another usage': async () => {
    const imported = await raw('AES-GCM', ['decrypt']);
    return thrown(() => subtle.encrypt({ name: 'AES-GCM', iv: key }, imported, utf8('x')));
  },
  'a key of another algorithm': async () => {
    const imported = await raw('AES-CBC', ['encrypt']);
    return thrown(() => subtle.encrypt({ name: 'AES-GCM', iv: key }, imported, utf8('x')));
  },
  'usages that do not fit': () => Promise.all([thrown(() => raw('AES-GCM', ['sign'])), thrown(() => raw('AES-GCM', ['nonsense'])), thrown(() => raw('AES-GCM', []))]),
  'formats that do not fit': () => Promise.all([thrown(() => subtle.importKey('spki', key, 'AES-GCM', true, ['encrypt'])), thrown(() => subtle.importKey('x', key, 'AES-GCM', true, ['encrypt']))]),
  'HKDF': () => derived('HKDF', { salt: utf8('salt'), info: utf8('info') }),
  'PBKDF2': () => derived('PBKDF2', { salt: utf8('salt'), iterations: 1000 }),
  'PBKDF2 without rounds': () => thrown(() => derived('PBKDF2', { salt: utf8('salt'), iterations: 0 })),
  'bits that are no bytes': () => thrown(() => derived('HKDF', { salt: key, info: key }, 12)),
  'too many bits': () => thrown(() => derived('HKDF', { salt: key, info: key }, 255 * 256 + 8)),
  'a derived key': async () => {
    const base = await raw('PBKDF2', ['deriveKey'], utf8('password'), false);
    const made = await subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt: key, iterations: 10 }, base, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
    return hex(await subtle.exportKey('raw', made));
  },
  'keys to derive from are not extractable': () => thrown(() => raw('PBKDF2', ['deriveBits'], key, true)),
  'ECDSA': async () => [await signs(es256, signing), await signs({ name: 'ECDSA', namedCurve: 'P-384' }, { name: 'ECDSA', hash: 'SHA-384' })],
  'P-521': () => signs({ name: 'ECDSA', namedCurve: 'P-521' }, { name: 'ECDSA', hash: 'SHA-512' }),
  'ECDSA keys': () => pair(es256, ['sign', 'verify']),
  'curves that are none': () => thrown(() => subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-1' }, true, ['sign'])),
  'a public key goes out and comes back': async () => {
    const { publicKey } = await subtle.generateKey(es256, false, ['sign', 'verify']);
    const forms = [];
    for (const format of ['raw', 'spki', 'jwk']) {
      const back = await subtle.importKey(format, await subtle.exportKey(format, publicKey), es256, true, ['verify']);
      forms.push(hex(await subtle.exportKey('raw', back)) === hex(await subtle.exportKey('raw', publicKey)));
    }
    return forms;
  },
  'a point that is not on the curve': () => thrown(() => subtle.importKey('raw', new Uint8Array(65).fill(4), es256, true, ['verify'])),
  'ECDH agrees': async () => {
    const first = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
    const second = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
    const one = await subtle.deriveBits({ name: 'ECDH', public: second.publicKey }, first.privateKey, 256);
    const other = await subtle.deriveBits({ name: 'ECDH', public: first.publicKey }, second.privateKey, 256);
    return [one.byteLength, hex(one) === hex(other)];
  },
  'Ed25519': async () => {
    const imported = await subtle.importKey('pkcs8', bytes('302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'), 'Ed25519', false, ['sign']);
    return hex(await subtle.sign('Ed25519', imported, new Uint8Array(0)));
  },
  'Ed25519 keys': async () => [await pair('Ed25519', ['sign', 'verify']), await signs('Ed25519')],
  'X25519 agrees': async () => {
    const first = await subtle.generateKey('X25519', false, ['deriveBits']);
    const second = await subtle.generateKey('X25519', false, ['deriveBits']);
    const one = await subtle.deriveBits({ name: 'X25519', public: second.publicKey }, first.privateKey, 256);
    const other = await subtle.deriveBits({ name: 'X25519', public: first.publicKey }, second.privateKey, 256);
    return hex(one) === hex(other);
  },
  'RSA signs': async () => {
    const rsa = (name) => ({ name, hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) });
    return [await signs(rsa('RSASSA-PKCS1-v1_5'), 'RSASSA-PKCS1-v1_5'), await signs(rsa('RSA-PSS'), { name: 'RSA-PSS', saltLength: 32 })];
  },
  'RSA keys': () => pair({ name: 'RSA-OAEP', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, ['encrypt', 'decrypt']),
  'getRandomValues': () => {
    const array = new Uint8Array(32);
    return [crypto.getRandomValues(array) === array, array.some((byte) => byte !== 0)];
  },
  'getRandomValues of other arrays': () => [new Int8Array(4), new Uint16Array(4), new Int32Array(4), new BigInt64Array(2), new Uint8ClampedArray(4)].map((array) => crypto.getRandomValues(array) === array),
  'getRandomValues of what is none': () => Promise.all([thrown(() => crypto.getRandomValues(new Float32Array(4))), thrown(() => crypto.getRandomValues(new DataView(new ArrayBuffer(4)))), thrown(() => crypto.getRandomValues([])), thrown(() => crypto.getRandomValues())]),
  'too many random values': async () => [await thrown(() => crypto.getRandomValues(new Uint8Array(65_536))), await thrown(() => crypto.getRandomValues(new Uint8Array(65_537)))],
  'randomUUID': () => [/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), crypto.randomUUID() === crypto.randomUUID()],
  'their tags': async () => [crypto, subtle, await raw('AES-GCM', ['encrypt'])].map((one) => Object.prototype.toString.call(one)),
  'their classes': async () => [crypto instanceof Crypto, subtle instanceof SubtleCrypto, (await raw('AES-GCM', ['encrypt'])) instanceof CryptoKey, await thrown(() => new CryptoKey())],
};
