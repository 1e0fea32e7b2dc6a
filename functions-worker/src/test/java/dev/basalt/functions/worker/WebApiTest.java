package dev.basalt.functions.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.caoccao.javet.exceptions.JavetException;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The web's own APIs inside an isolate, case by case. Each case is a block of a function that collects in {@code bad} what came
 * out otherwise than it should.
 */
class WebApiTest {
    private static final String TOOLS = """
            const bad = [];
            const eq = (name, got, want) => { const g = JSON.stringify(got), w = JSON.stringify(want); if (g !== w) bad.push(`${name}: ${g} instead of ${w}`); };
            const fails = async (f) => { try { await f(); return 'nothing'; } catch (e) { return e.name; } };
            const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, '0')).join('');
            const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (x) => parseInt(x, 16));
            const utf8 = (text) => new TextEncoder().encode(text);
            """;

    @Test
    void formsGoOutAndComeBack() {
        check("""
                const f = new FormData(); f.append('a', 'x\\r\\ny'); f.append('b"', new File(['\u00e9'], 'n"a.txt', { type: 'Text/Plain' })); f.append('c', new Blob(['z'])); f.append('a', '2');
                const r = new Request('http://h/', { method: 'POST', body: f });
                eq('type', r.headers.get('content-type').startsWith('multipart/form-data; boundary='), true);
                const g = await r.formData();
                eq('text', g.getAll('a'), ['x\\r\\ny', '2']); const file = g.get('b"');
                eq('file', [file.name, file.type, file.size, await file.text(), file instanceof Blob], ['n"a.txt', 'text/plain', 2, '\u00e9', true]);
                eq('blob', [g.get('c').name, await g.get('c').text()], ['blob', 'z']); eq('keys', [...g.keys()], ['a', 'b"', 'c', 'a']);
                g.set('a', 'one'); eq('set', [...g].map((p) => p[0]), ['a', 'b"', 'c']); g.delete('c'); eq('delete', g.has('c'), false);
                const multi = (text) => new Response(text, { headers: { 'content-type': 'multipart/form-data; boundary=X' } }).formData();
                eq('given', (await multi('--X\\r\\nContent-Disposition: form-data; name="q"\\r\\n\\r\\nv\\r\\n--X--')).get('q'), 'v');
                for (const text of ['', '--X', '--X\\r\\n', '--X\\r\\nnonsense\\r\\n\\r\\nv\\r\\n--X--', '--X\\r\\nContent-Disposition: form-data\\r\\n\\r\\nv\\r\\n--X--', '--X\\r\\nContent-Disposition: form-data; name="q"\\r\\n\\r\\nv', 'a=b'])
                  eq('bad ' + text, await fails(() => multi(text)), 'TypeError');
                eq('json', await fails(() => new Response('{}', { headers: { 'content-type': 'application/json' } }).formData()), 'TypeError');
                """);
    }

    @Test
    void blobsAreCutAndRead() {
        check("""
                const b = new Blob(['ab', utf8('cd').buffer, new Uint8Array([101, 102]).subarray(1), new Blob(['g'])], { type: 'X/y' });
                eq('blob', [b.size, b.type, await b.text(), await b.slice(1, -1, 'q').text(), b.slice(1, 2, 'Q').type], [6, 'x/y', 'abcdfg', 'bcdf', 'q']);
                eq('bytes', [...await b.slice(4).bytes()], [102, 103]);
                let all = ''; for await (const part of b.stream().pipeThrough(new TextDecoderStream())) all += part; eq('stream', all, 'abcdfg');
                eq('response', [await new Response(b).text(), new Response(b).headers.get('content-type')], ['abcdfg', 'x/y']);
                eq('parts', await fails(() => new Blob('text')), 'TypeError');
                eq('of response', [(await new Response('x', { headers: { 'content-type': 'a/b' } }).blob()).type], ['a/b']);
                """);
    }

    @Test
    void compressionGoesThereAndBack() {
        check("""
                const pass = async (s, ...chunks) => new Uint8Array(await new Response(ReadableStream.from(chunks).pipeThrough(s)).arrayBuffer());
                const text = 'abc'.repeat(200_000);
                for (const f of ['gzip', 'deflate', 'deflate-raw']) {
                  const packed = await pass(new CompressionStream(f), utf8(text)); eq('less ' + f, packed.length < 5000, true);
                  const whole = await pass(new DecompressionStream(f), packed); eq('back ' + f, new TextDecoder().decode(whole) === text, true);
                  eq('cut ' + f, await fails(() => pass(new DecompressionStream(f), packed.slice(0, -1))), 'TypeError');
                  eq('more ' + f, await fails(() => pass(new DecompressionStream(f), packed, new Uint8Array(1))), 'TypeError');
                }
                """);
    }

    @Test
    void compressionStreamsInUseAreCounted() {
        check("const open = () => new CompressionStream('gzip'); const all = []; for (let i = 0; i < "
                + Compression.MAX_OPEN
                + "; i++) all.push(open()); eq('one more', await fails(open), 'RangeError');"
                + " await all[0].readable.cancel(); eq('one left', await fails(open), 'nothing');");
    }

    @Test
    void streamsPipeTeeAndCancel() {
        check("""
                const numbers = () => { let n = 0; return new ReadableStream({ pull(c) { if (n === 4) c.close(); else c.enqueue(n++); } }); };
                const read = async (s) => { const out = []; for await (const x of s) out.push(x); return out; };
                eq('read', await read(numbers()), [0, 1, 2, 3]);
                eq('pipe', await read(numbers().pipeThrough(new TransformStream({ transform(x, c) { c.enqueue(x * 2); } }))), [0, 2, 4, 6]);
                const [a, b] = numbers().tee(); eq('tee', [await read(a), await read(b)], [[0, 1, 2, 3], [0, 1, 2, 3]]);
                const seen = []; await numbers().pipeTo(new WritableStream({ write(x) { seen.push(x); } })); eq('write', seen, [0, 1, 2, 3]);
                let why; await new ReadableStream({ cancel(r) { why = r; } }).cancel('enough'); eq('cancel', why, 'enough');
                eq('from', await read(ReadableStream.from([1, 2])), [1, 2]);
                const r = new Response('\u00e9\u20ac'); eq('body', [r.body instanceof ReadableStream, r.bodyUsed, r.body === r.body], [true, false, true]);
                eq('text', [await r.text(), r.bodyUsed, await fails(() => r.text())], ['\u00e9\u20ac', true, 'TypeError']);
                const locked = new Response('x'); locked.body.getReader(); eq('locked', await fails(() => locked.text()), 'TypeError');
                const one = new Response(new ReadableStream({ start(c) { c.enqueue(utf8('hi')); c.close(); } })); const two = one.clone();
                eq('clone', [await one.text(), await two.text()], ['hi', 'hi']);
                eq('no bytes', await fails(() => new Response(numbers()).text()), 'TypeError');
                eq('half', await fails(() => new Request('http://h', { method: 'POST', body: numbers() })), 'TypeError');
                eq('encode', hex(await new Response(ReadableStream.from(['\\ud83d', '\\ude00x']).pipeThrough(new TextEncoderStream())).arrayBuffer()), 'f09f988078');
                eq('byob', hex((await new Response('abc').body.getReader({ mode: 'byob' }).read(new Uint8Array(2))).value), '6162');
                eq('null', [new Response(null).body, await new Response().text()], [null, '']);
                """);
    }

    @Test
    void textIsDecodedByItsLabel() {
        check("""
                const d = (label, text, options) => new TextDecoder(label, options).decode(bytes(text));
                eq('latin', d('latin1', '80e9'), '\\u20ac\\u00e9'); eq('le', d('utf-16le', '61003dd800de'), 'a\\ud83d\\ude00'); eq('be', d('utf-16be', '0061'), 'a');
                eq('lone', [d('utf-16le', '3dd8'), await fails(() => d('utf-16le', '3dd86100', { fatal: true }))], ['\\ufffd', 'TypeError']);
                eq('bom', [d('utf-8', 'efbbbf61'), d('utf-8', 'efbbbf61', { ignoreBOM: true })], ['a', '\\ufeffa']);
                eq('label', await fails(() => new TextDecoder('klingon')), 'RangeError'); eq('name', new TextDecoder('ASCII').encoding, 'windows-1252');
                """);
    }

    @Test
    void eventsSignalsAndTimersBehave() {
        check("""
                const t = new EventTarget(); const got = []; const c = new AbortController();
                t.addEventListener('x', (e) => got.push(e.type, e.target === t, e.detail), { once: true }); t.addEventListener('x', { handleEvent() { got.push('object'); } }, { signal: c.signal });
                t.addEventListener('x', () => { throw new Error('of a listener'); });
                t.dispatchEvent(new CustomEvent('x', { detail: 5 })); c.abort(); t.dispatchEvent(new Event('x')); eq('events', got, ['x', true, 5, 'object']);
                const e = new Event('y', { cancelable: true }); t.addEventListener('y', (y) => { y.preventDefault(); y.stopImmediatePropagation(); }); t.addEventListener('y', () => got.push('never'));
                eq('prevent', [t.dispatchEvent(e), e.defaultPrevented, got.length], [false, true, 4]);
                const a = new AbortController(); const any = AbortSignal.any([a.signal, AbortSignal.timeout(10000)]); a.abort('why'); eq('any', [any.aborted, any.reason], [true, 'why']);
                eq('throwIf', await fails(() => AbortSignal.abort().throwIfAborted()), 'AbortError'); eq('illegal', await fails(() => new AbortSignal()), 'TypeError');
                const order = []; await new Promise((d) => { setTimeout(() => { order.push(2); d(); }, 5); setTimeout((x) => order.push(x), 0, 1); const i = setInterval(() => order.push('i'), 1); clearInterval(i); }); eq('timers', order, [1, 2]);
                eq('now', performance.now() >= 0 && performance.now() < 60000, true);
                const dom = new DOMException('m', 'DataError'); eq('dom', [dom.name, dom.message, dom instanceof Error, new DOMException('', 'AbortError').code], ['DataError', 'm', true, 20]);
                const buffer = new ArrayBuffer(4); const moved = structuredClone(buffer, { transfer: [buffer] }); eq('transfer', [buffer.byteLength, moved.byteLength], [0, 4]);
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "SHA-1,a9993e364706816aba3e25717850c26c9cd0d89d",
        "SHA-256,ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha-384,cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    })
    void digestsAreTheKnownOnes(String hash, String want) {
        check("eq('digest', hex(await crypto.subtle.digest('" + hash + "', utf8('abc'))), '" + want + "');");
    }

    @Test
    void secretsSignEncryptAndDeriveAsTheVectorsSay() {
        check("""
                const s = crypto.subtle; const raw = (k, alg, u) => s.importKey('raw', k, alg, false, u);
                // RFC 4231 case 2, RFC 5869 case 1, RFC 6070-like for SHA-256, NIST SP 800-38A F.2.1 and F.5.1, GCM case 4
                const h = await raw(utf8('Jefe'), { name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify']); const mac = await s.sign('HMAC', h, utf8('what do ya want for nothing?'));
                eq('hmac', hex(mac), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
                eq('verify', [await s.verify('HMAC', h, mac, utf8('what do ya want for nothing?')), await s.verify('HMAC', h, mac, utf8('x')), await s.verify('HMAC', h, mac.slice(1), utf8('x'))], [true, false, false]);
                const ikm = await raw(bytes('0b'.repeat(22)), 'HKDF', ['deriveBits', 'deriveKey']); const salt = bytes('000102030405060708090a0b0c'), info = bytes('f0f1f2f3f4f5f6f7f8f9');
                eq('hkdf', hex(await s.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, ikm, 336)), '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
                eq('hkdf1', hex(await s.deriveBits({ name: 'HKDF', hash: 'SHA-1', salt: new Uint8Array(0), info: new Uint8Array(0) }, ikm, 336)), '0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0ea00033de03984d34918');
                const pw = await raw(utf8('password'), 'PBKDF2', ['deriveBits']);
                eq('pbkdf2', hex(await s.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: utf8('salt'), iterations: 4096 }, pw, 256)), 'c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a');
                const k128 = bytes('2b7e151628aed2a6abf7158809cf4f3c'), plain = bytes('6bc1bee22e409f96e93d7e117393172a');
                const cbc = await raw(k128, 'AES-CBC', ['encrypt', 'decrypt']); const iv = bytes('000102030405060708090a0b0c0d0e0f');
                eq('cbc', hex(await s.encrypt({ name: 'AES-CBC', iv }, cbc, plain)).slice(0, 32), '7649abac8119b246cee98e9b12e9197d');
                const ctr = await raw(k128, 'AES-CTR', ['encrypt']); eq('ctr', hex(await s.encrypt({ name: 'AES-CTR', counter: bytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'), length: 128 }, ctr, plain)), '874d6191b620e3261bef6864990db6ce');
                const block = (counter) => s.encrypt({ name: 'AES-CTR', counter: bytes(counter), length: 8 }, ctr, new Uint8Array(16));
                eq('ctr wraps', hex(await s.encrypt({ name: 'AES-CTR', counter: bytes('00'.repeat(15) + 'ff'), length: 8 }, ctr, new Uint8Array(32))), hex(await block('00'.repeat(15) + 'ff')) + hex(await block('00'.repeat(16))));
                eq('ctr repeats', await fails(() => s.encrypt({ name: 'AES-CTR', counter: new Uint8Array(16), length: 1 }, ctr, new Uint8Array(48))), 'OperationError');
                const gcm = await raw(bytes('feffe9928665731c6d6a8f9467308308'), 'AES-GCM', ['encrypt', 'decrypt']);
                const g = { name: 'AES-GCM', iv: bytes('cafebabefacedbaddecaf888'), additionalData: bytes('feedfacedeadbeeffeedfacedeadbeefabaddad2') };
                const sealed = await s.encrypt(g, gcm, bytes('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39'));
                eq('gcm', hex(sealed).slice(-32), '5bc94fbc3221a5db94fae95ae7121a47'); eq('open', hex(await s.decrypt(g, gcm, sealed)).slice(0, 8), 'd9313225');
                const broken = new Uint8Array(sealed); broken[0] ^= 1; eq('tampered', await fails(() => s.decrypt(g, gcm, broken)), 'OperationError');
                const kw = await raw(bytes('000102030405060708090A0B0C0D0E0F'), 'AES-KW', ['wrapKey', 'unwrapKey']); const inner = await s.importKey('raw', bytes('00112233445566778899AABBCCDDEEFF'), 'AES-GCM', true, ['encrypt']);
                const wrapped = await s.wrapKey('raw', inner, kw, 'AES-KW'); eq('wrap', hex(wrapped), '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5');
                eq('unwrap', hex(await s.exportKey('raw', await s.unwrapKey('raw', wrapped, kw, 'AES-KW', 'AES-GCM', true, ['encrypt']))), '00112233445566778899aabbccddeeff');
                const made = await s.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']); const jwk = await s.exportKey('jwk', made); eq('jwk', [jwk.kty, jwk.alg, jwk.k.length], ['oct', 'A256GCM', 43]);
                const derived = await s.deriveKey({ name: 'HKDF', hash: 'SHA-512', salt, info }, ikm, { name: 'AES-GCM', length: 128 }, true, ['encrypt']); eq('deriveKey', derived.algorithm.length, 128);
                """);
    }

    @Test
    void keysAreUsedForWhatTheyAreForOnly() {
        check("""
                const s = crypto.subtle; const h = await s.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
                eq('export', await fails(() => s.exportKey('raw', h)), 'InvalidAccessError'); eq('usage', await fails(() => s.verify('HMAC', h, new Uint8Array(32), new Uint8Array(1))), 'InvalidAccessError');
                eq('other', await fails(() => s.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, h, new Uint8Array(1))), 'InvalidAccessError');
                eq('name', await fails(() => s.digest('MD5', new Uint8Array(1))), 'NotSupportedError'); eq('no key', await fails(() => s.sign('HMAC', {}, new Uint8Array(1))), 'TypeError');
                eq('length', await fails(() => s.importKey('raw', new Uint8Array(5), 'AES-GCM', false, ['encrypt'])), 'DataError'); eq('no usage', await fails(() => s.importKey('raw', new Uint8Array(16), 'AES-GCM', false, [])), 'SyntaxError');
                eq('wrong usage', await fails(() => s.importKey('raw', new Uint8Array(16), 'AES-GCM', false, ['sign'])), 'SyntaxError'); eq('garbage', await fails(() => s.importKey('spki', new Uint8Array(40), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify'])), 'DataError');
                eq('off curve', await fails(() => s.importKey('raw', new Uint8Array(65).fill(4), { name: 'ECDH', namedCurve: 'P-256' }, true, [])), 'DataError');
                eq('huge', await fails(() => s.generateKey({ name: 'RSA-PSS', modulusLength: 8192, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign'])), 'NotSupportedError');
                eq('illegal', await fails(() => new CryptoKey()), 'TypeError'); eq('iv', await fails(() => s.importKey('raw', new Uint8Array(16), 'AES-CBC', false, ['encrypt']).then((k) => s.encrypt({ name: 'AES-CBC', iv: new Uint8Array(3) }, k, new Uint8Array(1)))), 'OperationError');
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ name: 'ECDSA', namedCurve: 'P-256', sign: { name: 'ECDSA', hash: 'SHA-256' }, raw: 65, length: 64 }",
                "{ name: 'ECDSA', namedCurve: 'P-384', sign: { name: 'ECDSA', hash: 'SHA-384' }, raw: 97, length: 96 }",
                "{ name: 'ECDSA', namedCurve: 'P-521', sign: { name: 'ECDSA', hash: 'SHA-512' }, raw: 133, length: 132 }",
                "{ name: 'Ed25519', sign: 'Ed25519', raw: 32, length: 64 }",
                "{ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256', sign: 'RSASSA-PKCS1-v1_5', length: 256 }",
                "{ name: 'RSA-PSS', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256', sign: { name: 'RSA-PSS', saltLength: 32 }, length: 256 }",
            })
    void pairsSignAndSurviveEveryFormat(String algorithm) {
        check("const algorithm = " + algorithm + ";\n" + """
                const s = crypto.subtle; const { publicKey, privateKey } = await s.generateKey(algorithm, true, ['sign', 'verify']);
                const data = utf8('a message'); const signed = await s.sign(algorithm.sign, privateKey, data); eq('length', signed.byteLength, algorithm.length);
                eq('kinds', [publicKey.type, publicKey.extractable, publicKey.usages, privateKey.usages], ['public', true, ['verify'], ['sign']]);
                const formats = ['spki', 'jwk', ...(algorithm.raw ? ['raw'] : [])];
                for (const format of formats) {
                  const out = await s.exportKey(format, publicKey); if (format === 'raw') eq('raw', out.byteLength, algorithm.raw);
                  const back = await s.importKey(format, out, algorithm, true, ['verify']);
                  eq(format, [await s.verify(algorithm.sign, back, signed, data), await s.verify(algorithm.sign, back, signed, utf8('another'))], [true, false]);
                }
                for (const format of ['pkcs8', 'jwk']) {
                  const out = await s.exportKey(format, privateKey); const back = await s.importKey(format, out, algorithm, true, ['sign']);
                  eq(format, await s.verify(algorithm.sign, publicKey, await s.sign(algorithm.sign, back, data), data), true);
                  if (format === 'jwk') { const open = await s.exportKey('jwk', publicKey); for (const name of ['x', 'y', 'n', 'e']) eq(name, out[name], open[name]); }
                }
                const short = new Uint8Array(signed).slice(1); eq('short', await s.verify(algorithm.sign, publicKey, short, data), false);
                """);
    }

    @Test
    void secretsAreAgreedOnAndEncryptedFor() {
        check("""
                const s = crypto.subtle;
                for (const algorithm of [{ name: 'ECDH', namedCurve: 'P-256' }, { name: 'ECDH', namedCurve: 'P-384' }, { name: 'ECDH', namedCurve: 'P-521' }, { name: 'X25519' }]) {
                  const a = await s.generateKey(algorithm, true, ['deriveBits']), b = await s.generateKey(algorithm, true, ['deriveBits']);
                  const ab = await s.deriveBits({ name: algorithm.name, public: b.publicKey }, a.privateKey, 256), ba = await s.deriveBits({ name: algorithm.name, public: a.publicKey }, b.privateKey, 256);
                  eq(algorithm.name, [hex(ab) === hex(ba), ab.byteLength], [true, 32]);
                  const back = await s.importKey('jwk', await s.exportKey('jwk', a.privateKey), algorithm, false, ['deriveBits']);
                  eq('jwk', hex(await s.deriveBits({ name: algorithm.name, public: b.publicKey }, back, 256)), hex(ab));
                }
                const oaep = { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }; const pair = await s.generateKey(oaep, true, ['encrypt', 'decrypt']);
                const sealed = await s.encrypt({ name: 'RSA-OAEP', label: utf8('l') }, pair.publicKey, utf8('secret'));
                eq('oaep', [new TextDecoder().decode(await s.decrypt({ name: 'RSA-OAEP', label: utf8('l') }, pair.privateKey, sealed)), await fails(() => s.decrypt('RSA-OAEP', pair.privateKey, sealed))], ['secret', 'OperationError']);
                """);
    }

    private static void check(String body) {
        try {
            assertThat(run(body)).isEqualTo("[]");
        } catch (JavetException | FailedException e) {
            throw new AssertionError(e);
        }
    }

    private static String run(String body) throws JavetException, FailedException {
        Outside outside = new Outside() {
            @Override
            public void send(FrameWriter frame) {
                throw new IllegalStateException("no host here");
            }

            @Override
            public void print(int run, int level, String text) {}
        };
        String source = TOOLS + "export const onEvent = async () => {\n" + body + "\nreturn bad; };";
        LoadRequest request =
                new LoadRequest(5000, 128, 1 << 20, 1 << 16, 10, 10, 1, "{}", "main.js", Map.of("main.js", source));
        try (Isolate isolate = new Isolate(outside)) {
            isolate.limits().arm(System.nanoTime() + 60_000_000_000L);
            isolate.prepare();
            isolate.load(request);
            isolate.begin(1, 1, "{\"event\":{},\"ctx\":{}}\n", new byte[0], false);
            while (true) {
                Isolate.Word word = isolate.poll();
                if (word != null) {
                    return word.text();
                }
                if (isolate.waitMillis() < 0) {
                    return "stalled";
                }
                LockSupport.parkNanos(isolate.waitMillis() * 1_000_000L);
            }
        }
    }
}
