// FormData, Blob and File: https://xhr.spec.whatwg.org/#interface-formdata and https://w3c.github.io/FileAPI/

import { drain, hex, response, thrown, utf8 } from '../tools.js';

const form = (...pairs) => {
  const made = new FormData();
  for (const pair of pairs) made.append(...pair);
  return made;
};
const shown = async (data) => {
  const all = [];
  for (const [name, value] of data) all.push([name, typeof value === 'string' ? value : [value.name, value.type, await value.text()]]);
  return all;
};
const back = async (data) => shown(await new Response(data).formData());
const multipart = (body, boundary = 'X') => response(body.replaceAll('\n', '\r\n'), `multipart/form-data; boundary=${boundary}`).formData();

export default {
  'append, get, getAll, has': () => {
    const data = form(['a', '1'], ['b', 2], ['a', null]);
    return [data.get('a'), data.getAll('a'), data.get('b'), data.get('x'), data.getAll('x'), data.has('a'), data.has('x')];
  },
  'set keeps the first place': async () => {
    const data = form(['a', '1'], ['b', '2'], ['a', '3']);
    data.set('a', '4');
    data.set('c', '5');
    return shown(data);
  },
  'delete': async () => {
    const data = form(['a', '1'], ['b', '2'], ['a', '3']);
    data.delete('a');
    data.delete('x');
    return shown(data);
  },
  'iteration': () => {
    const data = form(['a', '1'], ['b', '2']);
    const seen = [];
    data.forEach((value, name, all) => seen.push([value, name, all === data]));
    return [[...data.keys()], [...data.values()], [...data.entries()], seen];
  },
  'a Blob becomes a File': () => {
    const value = form(['a', new Blob(['x'], { type: 'a/b' })]).get('a');
    return [value instanceof File, value.name, value.type, value.size];
  },
  'a Blob with a name': () => form(['a', new Blob(['x']), 'n.txt']).get('a').name,
  'a File with another name': () => form(['a', new File(['x'], 'old.txt'), 'new.txt']).get('a').name,
  'a name without a Blob': () => thrown(() => form(['a', 'x', 'n.txt'])),
  'missing arguments': () => Promise.all([thrown(() => new FormData().append('a')), thrown(() => new FormData().get()), thrown(() => new FormData().set('a')), thrown(() => new FormData().delete())]),
  'there are no forms to make it of': () => thrown(() => new FormData({})),
  'lone surrogates are replaced': () => [...form(['a\ud800', '\udc00'])],
  'its tags': () => [new FormData(), new Blob(), new File([], 'x')].map((one) => Object.prototype.toString.call(one)),
  'there and back': () => back(form(['a', '1'], ['b', new File(['x', 'y'], 'ü.txt', { type: 'text/plain' })], ['a', 'ä'])),
  'new lines in values': () => back(form(['a', 'x\ny\r\nz\r'])),
  'new lines in names': () => back(form(['a\nb', 'x'])),
  'quotes in names': () => back(form(['a"b', new File(['x'], 'c"d.txt')])),
  'a Blob without type': () => back(form(['a', new Blob(['x'])])),
  'an empty form': () => back(new FormData()),
  'an empty file': () => back(form(['a', new File([], 'x.txt')])),
  'binary content': async () => hex(await (await new Response(form(['a', new Blob([new Uint8Array([0, 13, 10, 45, 45, 255])])])).formData()).get('a').arrayBuffer()),
  'a given body': async () => shown(await multipart('--X\nContent-Disposition: form-data; name="a"\n\n1\n--X\nContent-Disposition: form-data; name="f"; filename="n"\nContent-Type: a/b\n\n2\n--X--\n')),
  'a boundary in quotes': async () => shown(await multipart('--X Y\nContent-Disposition: form-data; name="a"\n\n1\n--X Y--\n', '"X Y"')),
  'a body that is none': () => Promise.all(['', '--X', 'x', '--X\n\n1\n--X--', '--Y--'].map((body) => thrown(() => multipart(body)))),
  'no boundary': () => thrown(() => response('x', 'multipart/form-data').formData()),
  'another type': () => Promise.all([thrown(() => response('{}', 'application/json').formData()), thrown(() => new Response(utf8('a=b')).formData())]),
  'a form of the URL kind': async () => shown(await response('a=1&b=x+y%20z&a', 'application/x-www-form-urlencoded').formData()),
  'a Blob\'s parts': async () => new Blob(['a', utf8('b'), utf8('c').buffer, new Blob(['d']), 5, null]).text(),
  'a Blob of no list': () => Promise.all([thrown(() => new Blob('x')), thrown(() => new Blob({})), thrown(() => new Blob(null)), thrown(() => new Blob(5))]),
  'a Blob of an iterable': async () => new Blob(new Set(['a', 'b'])).text(),
  'a Blob\'s type': () => ['A/B; Charset=X', '', undefined, 'é', null].map((type) => new Blob([], { type }).type),
  'an empty Blob': async () => [new Blob().size, new Blob().type, await new Blob().text()],
  'slices': async () => {
    const blob = new Blob(['abcdef'], { type: 'x/y' });
    return Promise.all([blob.slice(1, 3), blob.slice(-2), blob.slice(2, -1), blob.slice(4, 2), blob.slice(0, 99), blob.slice()].map((one) => one.text()));
  },
  'a slice\'s type': () => [new Blob(['abc'], { type: 'x/y' }).slice(1).type, new Blob(['abc']).slice(0, 1, 'A/B').type],
  'a Blob read in each way': async () => {
    const blob = new Blob(['ä']);
    return [await blob.text(), hex(await blob.arrayBuffer()), hex(await blob.bytes()), (await drain(blob.stream())).map(hex)];
  },
  'a Blob is read often': async () => {
    const blob = new Blob(['x']);
    return [await blob.text(), await blob.text()];
  },
  'a Blob keeps its bytes': async () => {
    const given = utf8('abc');
    const blob = new Blob([given]);
    given.fill(120);
    return blob.text();
  },
  'a File': () => {
    const file = new File(['x'], 'n/a.txt', { type: 'a/b', lastModified: 5 });
    return [file.name, file.type, file.size, file.lastModified, file instanceof Blob];
  },
  'a File\'s time is now': () => Math.abs(new File([], 'x').lastModified - Date.now()) < 60_000,
  'a File without name': () => Promise.all([thrown(() => new File()), thrown(() => new File(['x']))]),
  'a File\'s name is a string': () => [new File([], 5).name, new File([], null).name],
  'a slice of a File is a Blob': () => {
    const slice = new File(['abc'], 'x').slice(1);
    return [slice instanceof File, slice instanceof Blob];
  },
};
