// Where Basalt answers otherwise than workerd: what it has to answer, and why. Where the reason speaks of workerd or of a standard,
// the answer is the standard's.

export const departures = {
  abort: {
    'onabort': {
      why: 'in workerd the handler is called without the signal as this',
      expected: [true, 'abort'],
    },
    'AbortSignal.timeout that is none': {
      why: 'workerd takes what Web IDL refuses for an unsigned long long',
      expected: ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
    },
    'a pipe is aborted': {
      why: 'workerd waits for the source',
      expected: 'AbortError',
    },
  },
  bodies: {
    'a lone surrogate is replaced': {
      why: 'workerd does not convert to a USVString',
      expected: '61efbfbd62',
    },
  },
  compression: {
    'chunks that are none': {
      why: 'workerd takes strings',
      expected: ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    },
    'a reader that leaves': {
      why: 'workerd loses the reason',
      expected: 'why',
    },
  },
  crypto: {
    'usages that do not fit': {
      why: 'an unknown usage is a TypeError of Web IDL',
      expected: ['SyntaxError', 'TypeError', 'SyntaxError'],
    },
  },
  events: {
    'an event': {
      why: 'in workerd target and currentTarget are undefined, and not null, before the event is sent',
      expected: { type: 'x', bubbles: false, cancelable: false, composed: false, defaultPrevented: false, target: null, currentTarget: null, eventPhase: 0, isTrusted: false, returnValue: true, cancelBubble: false },
    },
    'a capturing listener is another': {
      why: 'workerd refuses capture',
      expected: [1, 1, true],
    },
    'after the event it has no current target': {
      why: 'workerd keeps the current target',
      expected: [true, null, 0, 0],
    },
    'preventDefault': {
      why: 'workerd cancels what is not cancelable',
      expected: [false, true],
    },
    'returnValue': {
      why: 'workerd does not let it be set',
      expected: [false, true],
    },
  },
  forms: {
    'a Blob becomes a File': {
      why: 'its name is "blob" by XHR',
      expected: [true, 'blob', 'a/b', 1],
    },
    'a name without a Blob': {
      why: 'no overload of Web IDL takes a string with a file name',
      expected: 'TypeError',
    },
    'there are no forms to make it of': {
      why: 'Web IDL wants an HTMLFormElement',
      expected: 'TypeError',
    },
    'lone surrogates are replaced': {
      why: 'workerd does not convert to a USVString',
      expected: [['a�', '�']],
    },
    'new lines in values': {
      why: 'the encoding of multipart forms makes them CRLF',
      expected: [['a', 'x\r\ny\r\nz\r\n']],
    },
    'new lines in names': {
      why: 'the encoding of multipart forms makes them CRLF, and reading it decodes them',
      expected: [['a\r\nb', 'x']],
    },
    'quotes in names': {
      why: 'workerd does not decode them',
      expected: [['a"b', ['c"d.txt', 'application/octet-stream', 'x']]],
    },
    'a Blob without type': {
      why: 'its name is "blob" by XHR',
      expected: [['a', ['blob', 'application/octet-stream', 'x']]],
    },
    'a Blob of an iterable': {
      why: 'a sequence of Web IDL is any iterable',
      expected: 'ab',
    },
  },
  globals: {
    'an id is a number': {
      why: 'in workerd it is an object of Node',
      expected: ['number', true],
    },
    'clone of errors of one\'s own': {
      why: 'the standard keeps the names of the language alone',
      expected: ['Error', null, 'Error'],
    },
    'transfer': {
      why: 'a detached buffer cannot be transferred',
      expected: [0, '616263', 'DataCloneError'],
    },
    'transfer of what is not': {
      why: 'what cannot be transferred is a DataCloneError',
      expected: ['DataCloneError', 'TypeError'],
    },
    'transfer twice': {
      why: 'the standard refuses it',
      expected: 'DataCloneError',
    },
    'DOMException\'s own names': {
      why: 'name is of the prototype',
      expected: false,
    },
    'global names': {
      why: 'Basalt has no events of the global scope, so no addEventListener there',
      expected: ['object', 'object', 'function', 'object', 'object', 'undefined', 'function', 'function', 'function'],
    },
  },
  headers: {
    'names that are none': {
      why: 'workerd takes the empty name and latin letters',
      expected: ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
    },
    'values that are none': {
      why: 'workerd takes more than bytes',
      expected: ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    },
    'asking for a name that is none': {
      why: 'workerd does not check names that are asked for',
      expected: ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
    },
  },
  requests: {
    'methods that are forbidden': {
      why: 'workerd takes TRACE',
      expected: ['TypeError', 'TypeError', 'TypeError'],
    },
    'a URL with credentials': {
      why: 'workerd takes it',
      expected: 'TypeError',
    },
    'redirect mode error': {
      why: 'workerd does not have it',
      expected: 'error',
    },
    'redirect modes that are none': {
      why: 'workerd takes another case',
      expected: ['TypeError', 'TypeError', 'TypeError'],
    },
    'a stream as the body without duplex': {
      why: 'workerd does not ask for it',
      expected: 'TypeError',
    },
    'modes, credentials and caches': {
      why: 'workerd does not have them',
      expected: { mode: 'cors', credentials: 'same-origin', destination: '', referrer: 'about:client', referrerPolicy: '', integrity: '', keepalive: false },
    },
  },
  responses: {
    'an empty text is a body too': {
      why: 'workerd takes it',
      expected: ['TypeError', 'TypeError', 'TypeError'],
    },
    'status texts that are none': {
      why: 'workerd takes more than bytes',
      expected: ['TypeError', 'TypeError', 'TypeError'],
    },
    'status texts of latin letters': {
      why: 'workerd refuses them',
      expected: 'é\tx',
    },
    'json of what is none': {
      why: 'what is not JSON is a TypeError',
      expected: ['TypeError', 'TypeError', 'TypeError', 'TypeError'],
    },
  },
  streams: {
    'start that throws': {
      why: 'workerd only fails the stream',
      expected: 'RangeError',
    },
    'desiredSize of closed and failed streams': {
      why: 'workerd lets error() in start end it',
      expected: [0, null],
    },
    'strategies that are none': {
      why: 'the standard says RangeError',
      expected: ['RangeError', 'RangeError', 'TypeError'],
    },
    'tee cancels with both': {
      why: 'the reason is a list of both',
      expected: [0, [['a', 'b']]],
    },
    'a stream of bytes takes bytes only': {
      why: 'workerd only fails the stream',
      expected: 'TypeError',
    },
    'a stream of bytes takes no empty ones': {
      why: 'workerd only fails the stream',
      expected: 'TypeError',
    },
  },
  url: {
    'hosts of other scripts': {
      why: 'Basalt has IDNA 2003 of the JDK, where ß is ss; the standard keeps it: xn--fa-hia.de',
      expected: ['http://xn--bcher-kva.example/', 'http://xn--wgv71a119e.jp/', 'http://fass.de/'],
    },
  },
  url_search_params: {
    'pairs may be strings of two': {
      why: 'a sequence of Web IDL is any iterable',
      expected: 'a=b&c=d',
    },
    'iterators have their tag': {
      why: 'the iterators of Basalt are generators; the standard says URLSearchParams Iterator',
      expected: '[object Generator]',
    },
  },
};
