// URLSearchParams, https://url.spec.whatwg.org/#interface-urlsearchparams

import { thrown } from '../tools.js';

const text = (init) => new URLSearchParams(init).toString();
const changed = (init, change) => {
  const params = new URLSearchParams(init);
  change(params);
  return params.toString();
};

export default {
  'from a string': () => [text('a=1&b=2'), text('?a=1'), text('??a=1'), text('a'), text('=a'), text('&&a&'), text('a=b=c')],
  'from pairs': () => text([['a', '1'], ['a', 2], ['b', null]]),
  'from an object': () => text({ a: 1, b: undefined, c: 'x y' }),
  'from another': () => text(new URLSearchParams('a=1&a=2')),
  'from a Map': () => text(new Map([['a', '1'], ['b', '2']])),
  'from FormData': () => {
    const form = new FormData();
    form.append('a', 'b');
    return text(form);
  },
  'from nothing': () => [text(), text(undefined), text(null), text(''), text(1)],
  'from pairs of a wrong length': () => Promise.all([thrown(() => text([['a']])), thrown(() => text([['a', 'b', 'c']])), thrown(() => text(['a']))]),
  'pairs may be strings of two': () => text(['ab', 'cd']),
  'plus and percent are decoded': () => [...new URLSearchParams('a+b=c%20d&%zz=%4&e=%C3%BC&f=%ff')],
  'a byte order mark stays': () => [...new URLSearchParams('%EF%BB%BFa=%EF%BB%BFb')],
  'what is encoded': () => text({ k: ' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~é€😀\n\0' }),
  'lone surrogates': () => text({ '\ud800': '\udc00' }),
  'get, getAll and has': () => {
    const params = new URLSearchParams('a=1&b=2&a=3');
    return [params.get('a'), params.getAll('a'), params.get('x'), params.getAll('x'), params.has('a'), params.has('a', '3'), params.has('a', '4'), params.has('a', undefined), params.size];
  },
  'append': () => changed('a=1', (params) => params.append('a', 2)),
  'append with a lone surrogate': () => {
    const params = new URLSearchParams();
    params.append('a\ud800', '\udfff');
    return [params.get('a\ufffd'), [...params]];
  },
  'set keeps the first place': () => changed('a=1&b=2&a=3', (params) => params.set('a', 4)),
  'set adds': () => changed('a=1', (params) => params.set('b', 2)),
  'delete': () => [changed('a=1&b=2&a=3', (params) => params.delete('a')), changed('a=1&b=2&a=3', (params) => params.delete('a', '3')), changed('a=1', (params) => params.delete('a', undefined))],
  'sort is stable and by code units': () => changed('z=1&a=2&z=0&\ufffd=3&\ud83d\ude00=4&a=1', (params) => params.sort()),
  'iteration': () => {
    const params = new URLSearchParams('a=1&b=2');
    const seen = [];
    params.forEach((value, name, all) => seen.push([value, name, all === params]));
    return [[...params], [...params.keys()], [...params.values()], [...params.entries()], seen];
  },
  'iteration sees changes': () => {
    const params = new URLSearchParams('a=1&b=2');
    const seen = [];
    for (const [name] of params) {
      seen.push(name);
      if (name === 'a') params.append('c', '3');
    }
    return seen;
  },
  'missing arguments': () => {
    const params = new URLSearchParams();
    return Promise.all([thrown(() => params.get()), thrown(() => params.append('a')), thrown(() => params.set('a')), thrown(() => params.has()), thrown(() => params.delete()), thrown(() => params.getAll())]);
  },
  'its tag': () => Object.prototype.toString.call(new URLSearchParams()),
  'iterators have their tag': () => Object.prototype.toString.call(new URLSearchParams().entries()),
  'entries is the iterator': () => URLSearchParams.prototype.entries === URLSearchParams.prototype[Symbol.iterator],
  'forEach wants a function': () => thrown(() => new URLSearchParams('a=1').forEach(1)),
};
