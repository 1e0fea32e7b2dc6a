// URL, https://url.spec.whatwg.org/

import { thrown } from '../tools.js';

const href = (input, base) => new URL(input, base).href;
const set = (input, property, value) => {
  const url = new URL(input);
  url[property] = value;
  return url.href;
};
const parts = ({ protocol, username, password, hostname, port, pathname, search, hash, origin, host }) =>
  ({ protocol, username, password, hostname, port, pathname, search, hash, origin, host });

export default {
  'all parts of a URL': () => parts(new URL('https://user:pass@Example.COM:8443/a/b?c=d#e')),
  'a default port is left out': () => [href('http://a:80/'), href('https://a:443/'), href('ws://a:80/'), href('ftp://a:21/')],
  'an empty path becomes a slash': () => href('http://example.com'),
  'dot segments are resolved': () => href('http://h/a/b/../c/./d/..'),
  'dots do not climb above the root': () => href('http://h/../../a'),
  'encoded dots are dots': () => href('http://h/a/%2e%2E/b/%2e/c'),
  'backslashes of special schemes are slashes': () => href('http:\\\\h\\a\\b'),
  'backslashes of other schemes stay': () => href('foo://h/a\\b'),
  'tabs and newlines go': () => href('ht\ttp://h/a\nb\r'),
  'spaces around go': () => href('  http://h/a b  '),
  'too many slashes': () => href('https:////h/a'),
  'no slashes': () => href('https:h/a'),
  'a relative path': () => href('c?d#e', 'http://h/a/b?x#y'),
  'a relative path that climbs': () => href('../../c', 'http://h/a/b/d/e'),
  'a rooted path': () => href('/c', 'http://h/a/b'),
  'only a query': () => href('?q', 'http://h/a/b?x#y'),
  'only a fragment': () => href('#f', 'http://h/a/b?x#y'),
  'an empty reference keeps the query': () => href('', 'http://h/a/b?x#y'),
  'another host': () => href('//other/x', 'https://h/a'),
  'the same special scheme without slashes is relative': () => href('http:c', 'http://h/a/b'),
  'another special scheme without slashes is not': () => href('https:c', 'http://h/a/b'),
  'a base of opaque path takes fragments only': async () => [href('#x', 'mailto:a@b'), await thrown(() => new URL('x', 'mailto:a@b'))],
  'non-special URLs': () => [href('foo:bar baz'), href('foo://H/a b'), href('foo:/a/../b'), href('mailto:Ann@Example.com')],
  'data URLs': () => parts(new URL('data:text/plain,hello world?q#f')),
  'file URLs': () => [href('file:///c:/a/../b'), href('file:c|/x'), href('file://localhost/x'), href('/x', 'file:///C:/y/z')],
  'file URLs keep their drive': () => [href('file:///C:/..'), href('..', 'file:///C:/a'), href('file:///C|/a')],
  'file URLs have no origin': () => new URL('file:///a').origin,
  'a blob URL has the origin inside': () => new URL('blob:https://h:444/uuid').origin,
  'IPv4 in many ways': () => ['http://0x7f.1', 'http://127.1', 'http://0300.168.0.1', 'http://4294967295', 'http://1.2.3'].map((one) => href(one)),
  'IPv4 that is none': () => Promise.all(['http://256.1.1.1', 'http://1.2.3.4.5', 'http://0x100000000', 'http://1.2.3.08', 'http://09.1'].map((one) => thrown(() => new URL(one)))),
  'a dot behind IPv4': () => href('http://1.2.3.4./'),
  'IPv6 is made short': () => ['[1:0:0:0:0:0:0:1]', '[::]', '[::1.2.3.4]', '[2001:DB8::0:1]', '[1:0:0:2:0:0:0:3]'].map((one) => href(`http://${one}/`)),
  'IPv6 that is none': () => Promise.all(['[1:2]', '[::1', '[:::]', '[1::2::3]', '[12345::]', '[::1.2.3]', '[::256.1.1.1]'].map((one) => thrown(() => new URL(`http://${one}/`)))),
  'hosts with forbidden characters': () => Promise.all(['http://a b', 'http://a<b', 'http://a^b', 'http://a|b', 'http://a%20b', 'http://a%00b', 'http://[', 'http://'].map((one) => thrown(() => new URL(one)))),
  'hosts in percent signs': () => href('http://%65xample.com/'),
  'hosts of other scripts': () => [href('http://bücher.example/'), href('http://日本語.jp/'), href('http://FAß.de/')],
  'wide letters in hosts': () => href('http://ＧＯ.com/'),
  'hosts of other scripts in opaque hosts': () => href('foo://bücher/'),
  'a full stop of another script': () => href('http://a。b/'),
  'a soft hyphen goes': () => href('http://ex\u00adample.com/'),
  'punycode that is broken': () => thrown(() => new URL('http://xn--/')),
  'ports': () => Promise.all(['http://h:', 'http://h:00080', 'http://h:65535', 'http://h:65536', 'http://h:x', 'http://h:-1'].map(async (one) => {
    const url = URL.parse(one);
    return url === null ? null : url.href;
  })),
  'credentials are encoded': () => href('http://us er:p@ss:w@h/'),
  'empty credentials go': () => [href('http://@h/'), href('http://:@h/'), href('http://u:@h/'), href('http://:p@h/')],
  'paths are encoded': () => href('http://h/a b"<>`{}|^[]é%zz%41'),
  'queries are encoded': () => href('http://h/?a b"<>`{}|^\'é%zz'),
  'queries of other schemes keep the quote': () => href('foo://h/?a\'b'),
  'fragments are encoded': () => href('http://h/#a b"<>`{}é'),
  'a lone surrogate': () => href('http://h/\ud800?\udc00#\ud800'),
  'an empty query and fragment are kept': () => [href('http://h/?'), href('http://h/#'), href('http://h/?#'), new URL('http://h/?#').search, new URL('http://h/?#').hash],
  'what is no URL': () => Promise.all(['', 'x', '/x', '//x', 'http', ':x', '1a:b', 'http:///'].map((one) => thrown(() => new URL(one)))),
  'canParse': () => [URL.canParse('http://h'), URL.canParse('h'), URL.canParse('h', 'http://b'), URL.canParse('h', 'b')],
  'parse': () => [URL.parse('http://h')?.href, URL.parse('h'), URL.parse('h', 'http://b/c/d').href],
  'arguments become strings': () => [new URL({ toString: () => 'http://h/x' }).href, new URL(new URL('http://h/y')).href, new URL('z', new URL('http://h/y')).href],
  'no argument at all': () => thrown(() => new URL()),
  'URL wants new': () => thrown(() => URL('http://h')),
  'toString and toJSON': () => [String(new URL('http://h')), JSON.stringify({ url: new URL('http://h') }), Object.prototype.toString.call(new URL('http://h'))],
  'setting protocol': () => [set('http://h:443/', 'protocol', 'https'), set('http://h/', 'protocol', 'foo'), set('foo://h/', 'protocol', 'http'), set('http://h/', 'protocol', 'ftp:ignored'), set('http://h/', 'protocol', '1')],
  'setting protocol to file': () => [set('http://h:81/', 'protocol', 'file'), set('file://h/', 'protocol', 'http'), set('file:///', 'protocol', 'http')],
  'setting credentials': () => [set('http://h/', 'username', 'a b@'), set('http://h/', 'password', 'c:d'), set('file:///x', 'username', 'a'), set('mailto:x', 'password', 'a')],
  'setting host': () => [set('http://h:81/', 'host', 'x'), set('http://h/', 'host', 'x:82'), set('http://h/', 'host', 'x/path'), set('http://h/', 'host', ''), set('http://h/', 'host', 'x:99999')],
  'setting hostname': () => [set('http://h:81/', 'hostname', 'x'), set('http://h/', 'hostname', 'x:82'), set('http://h/', 'hostname', 'a b'), set('http://h/', 'hostname', '0x7f000001'), set('mailto:x', 'hostname', 'h')],
  'setting hostname with more behind it': () => [set('http://h/', 'hostname', 'x/y'), set('http://h/', 'hostname', 'x?y'), set('http://h/', 'hostname', 'x#y'), set('foo://h/', 'hostname', '')],
  'setting port': () => [set('http://h:81/', 'port', ''), set('http://h/', 'port', '82abc'), set('http://h:81/', 'port', '80'), set('http://h:81/', 'port', '70000'), set('http://h:81/', 'port', 'x'), set('file:///', 'port', '1')],
  'setting pathname': () => [set('http://h/a', 'pathname', 'b/../c d'), set('http://h/a', 'pathname', '?#'), set('http://h/a', 'pathname', ''), set('mailto:x', 'pathname', 'y'), set('foo://h/a', 'pathname', '')],
  'setting search': () => [set('http://h/?a', 'search', ''), set('http://h/', 'search', '?'), set('http://h/', 'search', 'a b#c'), set('http://h/', 'search', '??x')],
  'setting hash': () => [set('http://h/#a', 'hash', ''), set('http://h/', 'hash', '#'), set('http://h/', 'hash', 'a b#c'), set('mailto:x', 'hash', 'y')],
  'setting href': async () => [set('http://h/', 'href', 'foo:bar'), await thrown(() => set('http://h/', 'href', 'bar'))],
  'origin is not set': () => thrown(() => set('http://h/', 'origin', 'http://x')),
  'searchParams follow the URL': () => {
    const url = new URL('http://h/?a=1');
    const { searchParams } = url;
    url.search = '?b=2';
    const first = String(searchParams);
    url.href = 'http://x/?c=3';
    return [first, String(searchParams), searchParams === url.searchParams];
  },
  'the URL follows searchParams': () => {
    const url = new URL('http://h/?a=1 2#x');
    const before = url.href;
    url.searchParams.append('b', 'ü &');
    const after = url.href;
    url.searchParams.delete('a');
    url.searchParams.delete('b');
    return [before, after, url.href];
  },
  'an empty host with a path of two slashes': () => [href('foo:/.//p'), href('foo:///p'), new URL('foo:/.//p').pathname],
  'spaces at the end of an opaque path': () => [href('data:x   '), href('data:x   ?y'), href('data:x   #z')],
};
