// Headers, https://fetch.spec.whatwg.org/#headers-class

import { thrown } from '../tools.js';

export default {
  'names are in lower case and sorted': () => [...new Headers({ 'X-B': '1', a: '2', 'Content-Type': 'x/y' })],
  'names are found in any case': () => {
    const headers = new Headers({ 'X-A': '1' });
    return [headers.get('x-a'), headers.get('X-A'), headers.has('x-A'), headers.get('x-b'), headers.has('x-b')];
  },
  'values are joined': () => {
    const headers = new Headers([['a', '1'], ['A', '2']]);
    headers.append('a', '3');
    return [headers.get('a'), [...headers]];
  },
  'set replaces all': () => {
    const headers = new Headers([['a', '1'], ['a', '2']]);
    headers.set('A', '3');
    return [...headers];
  },
  'delete': () => {
    const headers = new Headers({ a: '1', b: '2' });
    headers.delete('A');
    headers.delete('c');
    return [...headers];
  },
  'cookies stay apart': () => {
    const headers = new Headers();
    headers.append('set-cookie', 'a=1');
    headers.append('Set-Cookie', 'b=2');
    headers.append('b', '1');
    return [headers.getSetCookie(), [...headers], headers.get('set-cookie')];
  },
  'no cookies': () => new Headers().getSetCookie(),
  'cookies are copied': () => new Headers(new Headers([['set-cookie', 'a'], ['set-cookie', 'b']])).getSetCookie(),
  'a set cookie replaces the others': () => {
    const headers = new Headers([['set-cookie', 'a'], ['set-cookie', 'b']]);
    headers.set('set-cookie', 'c');
    return headers.getSetCookie();
  },
  'spaces around values go': () => new Headers({ a: ' \t x y \r\n' }).get('a'),
  'spaces inside values stay': () => new Headers({ a: 'x \t y' }).get('a'),
  'empty values': () => [new Headers({ a: '' }).get('a'), new Headers([['a', ''], ['a', 'b'], ['a', '']]).get('a')],
  'values become strings': () => [...new Headers({ a: 1, b: null, c: undefined, d: true })],
  'names that are none': () => Promise.all(['', 'a b', 'a:', 'é', 'a\n', '(', 'a/b', '"'].map((name) => thrown(() => new Headers({ [name]: 'x' })))),
  'names that are': () => [...new Headers({ "!#$%&'*+-.^_`|~09az": 'x' })],
  'values that are none': () => Promise.all(['a\nb', 'a\rb', 'a\0b', '€'].map((value) => thrown(() => new Headers({ a: value })))),
  'latin letters in values': () => new Headers({ a: 'é' }).get('a'),
  'control characters in values': () => new Headers({ a: 'x\x01y\x7f' }).get('a'),
  'asking for a name that is none': () => {
    const headers = new Headers();
    return Promise.all([thrown(() => headers.get('a b')), thrown(() => headers.has('')), thrown(() => headers.delete('é')), thrown(() => headers.append('a b', '')), thrown(() => headers.set('a', '\n\0'))]);
  },
  'from what is no headers': () => Promise.all([1, 'a', null, true].map((init) => thrown(() => new Headers(init)))),
  'from pairs of a wrong length': () => Promise.all([[['a']], [['a', 'b', 'c']], ['a'], [1]].map((init) => thrown(() => new Headers(init)))),
  'from a Map': () => [...new Headers(new Map([['a', '1']]))],
  'from a generator': () => [...new Headers((function* () { yield ['a', '1']; yield ['a', '2']; })())],
  'a copy is a copy': () => {
    const first = new Headers({ a: '1' });
    const second = new Headers(first);
    second.set('a', '2');
    return [first.get('a'), second.get('a')];
  },
  'forEach': () => {
    const headers = new Headers({ b: '1', a: '2' });
    const seen = [];
    headers.forEach(function (value, name, all) { seen.push([value, name, all === headers, this.x]); }, { x: 1 });
    return seen;
  },
  'keys, values, entries': () => {
    const headers = new Headers({ b: '1', a: '2' });
    return [[...headers.keys()], [...headers.values()], [...headers.entries()]];
  },
  'iteration is that of entries': () => Headers.prototype[Symbol.iterator] === Headers.prototype.entries,
  'its tag': () => Object.prototype.toString.call(new Headers()),
  'missing arguments': () => {
    const headers = new Headers();
    return Promise.all([thrown(() => headers.get()), thrown(() => headers.set('a')), thrown(() => headers.append('a')), thrown(() => headers.has()), thrown(() => headers.delete())]);
  },
  'Headers wants new': () => thrown(() => Headers()),
  'undefined is no init': () => [...new Headers(undefined)],
  'inherited names are not taken': () => [...new Headers(Object.create({ a: '1' }, { b: { value: '2', enumerable: true }, c: { value: '3', enumerable: false } }))],
  'symbols as names are refused': () => thrown(() => new Headers({ [Symbol('a')]: '1' })),
};
