// Finds and calls a handler by the convention of its platform. Used by both lanes of JavaScript, so nothing of Node here: what
// comes in is JSON that the host made for the convention, what goes out is JSON that the host understands.

const DEFAULTS = { lambda: 'handler', openwhisk: 'main', kubeless: 'handler' };

/** What a handler's name says: the module's path without its ending, where there is one, and the names of exports below it. */
export function parse(signature, handler) {
  const text = handler || DEFAULTS[signature];
  const slash = text.lastIndexOf('/') + 1;
  const dot = text.indexOf('.', slash);
  return dot < 0 ? { module: '', path: [text] } : { module: text.slice(0, dot), path: text.slice(dot + 1).split('.') };
}

/** The function of that name in a module, whether it is exported by name or through a CommonJS default. */
export function find(module, path) {
  for (const root of [module, module.default]) {
    let found = root;
    for (const name of path) {
      found = found == null || !Object.hasOwn(Object(found), name) ? undefined : found[name];
    }
    if (typeof found === 'function') {
      return found;
    }
  }
  return path.length === 1 && typeof module.default === 'function' ? module.default : undefined;
}

/** Calls a handler; `context` is Lambda's, the other conventions find theirs in the payload. */
export function call(signature, handler, payload, context) {
  switch (signature) {
    case 'openwhisk':
      return handler(payload);
    case 'kubeless':
      return handler(payload.event, payload.context);
    default:
      return handler.length < 3
        ? handler(payload, context)
        : new Promise((done, failed) => {
            const answered = handler(payload, context, (error, value) => (error ? failed(error) : done(value)));
            if (typeof answered?.then === 'function') {
              answered.then(done, failed);
            }
          });
  }
}
