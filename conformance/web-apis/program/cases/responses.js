// Response, https://fetch.spec.whatwg.org/#response-class

import { thrown } from '../tools.js';

const shown = ({ status, statusText, ok, type, url, redirected, headers }) => ({ status, statusText, ok, type, url, redirected, headers: [...headers] });

export default {
  'a plain response': () => shown(new Response()),
  'a text': () => shown(new Response('x')),
  'an init': () => shown(new Response('x', { status: 201, statusText: 'Made', headers: { a: 'b' } })),
  'ok ends at 299': () => [200, 204, 299, 300, 404, 500].map((status) => new Response(null, { status }).ok),
  'statuses that are none': () => Promise.all([0, 100, 199, 600, 1000, -1, 'x', NaN].map((status) => thrown(() => new Response(null, { status })))),
  'statuses that are rounded': () => [new Response(null, { status: '201' }).status, new Response(null, { status: 200.9 }).status],
  'statuses without body': () => Promise.all([204, 205, 304].map((status) => thrown(() => new Response('x', { status })))),
  'an empty text is a body too': () => Promise.all([204, 205, 304].map((status) => thrown(() => new Response('', { status })))),
  'status 101 is not to be had': () => thrown(() => new Response(null, { status: 101 })),
  'status texts that are none': () => Promise.all(['a\nb', '€', '\0'].map((statusText) => thrown(() => new Response(null, { statusText })))),
  'status texts of latin letters': () => new Response(null, { statusText: 'é\tx' }).statusText,
  'json': async () => {
    const response = Response.json({ a: [1, 'ü'] });
    return [shown(response), await response.text()];
  },
  'json with an init': () => shown(Response.json(1, { status: 202, headers: { a: 'b' } })),
  'json with a type of its own': () => Response.json(1, { headers: { 'content-type': 'application/problem+json' } }).headers.get('content-type'),
  'json of what is none': () => Promise.all([thrown(() => Response.json(undefined)), thrown(() => Response.json(() => 1)), thrown(() => Response.json(1n)), thrown(() => Response.json(Symbol('x')))]),
  'json of what throws': () => thrown(() => Response.json({ toJSON() { throw new RangeError('x'); } })),
  'json with status 204': () => thrown(() => Response.json(null, { status: 204 })),
  'redirect': () => shown(Response.redirect('http://h/a b')),
  'redirect with a status': () => [301, 302, 303, 307, 308].map((status) => Response.redirect('http://h', status).status),
  'redirect with a status that is none': () => Promise.all([200, 300, 304, 306, 400].map((status) => thrown(() => Response.redirect('http://h', status)))),
  'redirect to no URL': () => thrown(() => Response.redirect('x y')),
  'the headers of a redirect are fixed': () => thrown(() => Response.redirect('http://h').headers.set('a', 'b')),
  'error': () => shown(Response.error()),
  'the headers of an error are fixed': () => thrown(() => Response.error().headers.set('a', 'b')),
  'clone': async () => {
    const first = new Response('x', { status: 201, headers: { a: '1' } });
    const second = first.clone();
    second.headers.set('a', '2');
    return [await first.text(), await second.text(), second.status, first.headers.get('a'), second.headers.get('a')];
  },
  'clone of what was read': async () => {
    const first = new Response('x');
    await first.text();
    return thrown(() => first.clone());
  },
  'clone of what is locked': () => {
    const first = new Response('x');
    first.body.getReader();
    return thrown(() => first.clone());
  },
  'clone without body': () => new Response(null).clone().body,
  'clone of a stream': async () => {
    const first = new Response(new Response('abc').body);
    const second = first.clone();
    return [await second.text(), await first.text()];
  },
  'clones are not the same stream': () => {
    const first = new Response('x');
    return first.clone().body === first.body;
  },
  'headers are not shared': () => {
    const headers = new Headers({ a: '1' });
    const response = new Response(null, { headers });
    response.headers.set('a', '2');
    return headers.get('a');
  },
  'init from another response': () => shown(new Response('y', new Response('x', { status: 202, statusText: 'Ok', headers: { a: '1' } }))),
  'its tag': () => Object.prototype.toString.call(new Response()),
  'Response wants new': () => thrown(() => Response()),
  'init that is no object': () => Promise.all([thrown(() => new Response('x', 1)), thrown(() => new Response('x', 'y'))]),
  'init that is null': () => thrown(() => new Response('x', null)),
  'status is not set': () => {
    const response = new Response();
    return thrown(() => { response.status = 201; });
  },
};
