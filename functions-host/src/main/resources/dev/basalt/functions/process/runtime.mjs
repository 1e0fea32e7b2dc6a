// Runs JavaScript handlers in Node over the Lambda Runtime API, one loop for each call that may run at a time.
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { call, find, parse } from './signatures.mjs';

const env = process.env;
const BASE = '/2018-06-01/runtime/';
const STREAMING = Symbol.for('basalt.streaming');
const PRELUDE = 'application/vnd.awslambda.http-integration-response';
const signature = env.BASALT_SIGNATURE;
const concurrency = Number(env.BASALT_CONCURRENCY);
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
const [host, port] = (env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const address = env.BASALT_RUNTIME_SOCKET ? { socketPath: env.BASALT_RUNTIME_SOCKET } : { host, port };
// A function can change its environment and its globals; this file goes on with what it began with.
delete env.BASALT_RUNTIME_SOCKET;
const { stringify, parse: parseJson } = JSON;

function open(method, name, headers, onResponse, onError) {
  const request = http.request({ ...address, agent, method, path: BASE + name, headers }, (response) => {
    const parts = [];
    response.on('data', (part) => parts.push(part));
    response.on('end', () => onResponse(response, parts.length === 1 ? parts[0] : Buffer.concat(parts)));
    response.on('error', onError);
  });
  request.setNoDelay(true);
  request.on('error', onError);
  return request;
}

function send(method, name, headers, body) {
  return new Promise((done, failed) => {
    open(method, name, headers, (response, content) => done({ headers: response.headers, content }), failed).end(body);
  });
}

function post(name, body, type) {
  const bytes = Buffer.from(body);
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length };
  return send('POST', name, type ? { ...headers, 'lambda-runtime-function-error-type': type } : headers, bytes);
}

function described(error, type) {
  const is = error instanceof Error || typeof error?.stack === 'string';
  return stringify({
    errorType: type ?? (is ? String(error.name) : typeof error),
    errorMessage: is ? String(error.message) : typeof error === 'string' ? error : String(stringify(error)),
    trace: is ? String(error.stack).split('\n') : [],
  });
}

function fault(type, message) {
  const error = new Error(message);
  error.name = type;
  return error;
}

function moduleFile(named) {
  const root = path.resolve(env.LAMBDA_TASK_ROOT);
  const base = path.resolve(root, named || env.BASALT_ENTRYPOINT);
  const file = [base, `${base}.mjs`, `${base}.js`, `${base}.cjs`].find((each) => fs.statSync(each, { throwIfNoEntry: false })?.isFile());
  return file ?? path.resolve(root, env.BASALT_ENTRYPOINT);
}

/** OpenWhisk's actions need not export what they define. */
function scriptGlobal(file, name) {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) {
    return undefined;
  }
  const body = `(function (exports, require, module) {${fs.readFileSync(file, 'utf8')}\n;return typeof ${name} === 'function' ? ${name} : undefined;})`;
  const module = { exports: {} };
  return vm.runInThisContext(body, { filename: file })(module.exports, createRequire(file), module);
}

async function load() {
  if (signature === 'basalt') {
    const loaded = await import(pathToFileURL(path.resolve(env.LAMBDA_TASK_ROOT, env.BASALT_ENTRYPOINT)));
    return basalt(loaded);
  }
  const name = parse(signature, env._HANDLER);
  const file = moduleFile(name.module);
  const loaded = await import(pathToFileURL(file));
  let handler = find(loaded, name.path);
  if (!handler && signature === 'openwhisk') {
    handler = scriptGlobal(file, name.path[0]);
  }
  if (!handler) {
    throw fault('Runtime.HandlerNotFound', `${path.basename(file)} exports no function ${name.path.join('.')}`);
  }
  const run = (payload, context) => call(signature, handler, payload, context);
  run.streaming = handler[STREAMING] ? handler : undefined;
  return run;
}

/** Basalt's own convention: fetch for requests, onEvent for the rest. */
function basalt(module) {
  const fetcher = module.default?.fetch ?? module.fetch;
  const listener = module.onEvent ?? module.default?.onEvent;
  return async (payload, context, kind) => {
    const ctx = { ...context.basalt, waitUntil() {} };
    if (kind !== 'http') {
      if (typeof listener !== 'function') {
        throw fault('Runtime.HandlerNotFound', 'the function exports no onEvent');
      }
      return listener(payload, ctx);
    }
    if (typeof fetcher !== 'function') {
      throw fault('Runtime.HandlerNotFound', 'the function exports no fetch');
    }
    return fromResponse(await fetcher.call(module.default, toRequest(payload), { ...env }, ctx));
  };
}

function toRequest(event) {
  const { method } = event.requestContext.http;
  const headers = new Headers(event.headers);
  if (event.cookies) {
    headers.set('cookie', event.cookies.join('; '));
  }
  const bodiless = method === 'GET' || method === 'HEAD' || event.body == null;
  return new Request(event.requestContext.basalt.url, {
    method,
    headers,
    body: bodiless ? undefined : event.isBase64Encoded ? Buffer.from(event.body, 'base64') : event.body,
  });
}

async function fromResponse(response) {
  if (!(response instanceof Response)) {
    throw fault('TypeError', 'fetch must return a Response');
  }
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'));
  const body = Buffer.from(await response.arrayBuffer()).toString('base64');
  return { statusCode: response.status, headers, cookies: response.headers.getSetCookie(), body, isBase64Encoded: true };
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const given = parseJson(headers['lambda-runtime-client-context'] ?? '{}');
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    clientContext: given,
    basalt: parseJson(given.custom?.basalt ?? '{}'),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function stream(id) {
  let request;
  let type = 'application/octet-stream';
  let ended;
  const answered = new Promise((done, failed) => {
    ended = { done, failed };
  });
  const begin = () => {
    request ??= open(
      'POST',
      `invocation/${id}/response`,
      { 'content-type': type, 'lambda-runtime-function-response-mode': 'streaming', 'transfer-encoding': 'chunked' },
      () => ended.done(),
      ended.failed,
    );
    return request;
  };
  const out = new Writable({
    write: (part, encoding, next) => void begin().write(part, next),
    final: (next) => void begin().end(next),
    destroy: (error, next) => {
      request?.destroy();
      next(error);
    },
  });
  out.setContentType = (given) => {
    type = given;
  };
  out.failed = (error) => {
    request.addTrailers({
      'lambda-runtime-function-error-type': String(error?.name ?? 'Error').replace(/[^\w.$-]/g, ''),
      'lambda-runtime-function-error-body': Buffer.from(described(error)).toString('base64'),
    });
    request.end();
  };
  out.begun = () => request !== undefined;
  out.answered = answered;
  answered.catch(() => {});
  return out;
}

globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[STREAMING] = true;
    return handler;
  },
  HttpResponseStream: {
    from(out, prelude) {
      out.setContentType(PRELUDE);
      out.write(stringify(prelude));
      out.write(Buffer.alloc(8));
      return out;
    },
  },
};

const running = new Set();

async function streamed(handler, id, payload, context) {
  const out = stream(id);
  try {
    await handler.streaming(payload, out, context);
    if (!out.writableEnded) {
      out.end();
    }
    await out.answered;
  } catch (error) {
    if (out.begun()) {
      // What was sent can't be taken back: the trailers are how the host hears of it.
      console.error(error);
      out.failed(error);
      await out.answered.catch(() => {});
    } else {
      await post(`invocation/${id}/error`, described(error), String(error?.name));
    }
  }
}

async function serve(handler) {
  for (;;) {
    const { headers, content } = await send('GET', 'invocation/next', {});
    const id = headers['lambda-runtime-aws-request-id'];
    running.add(id);
    const context = contextOf(headers);
    const payload = parseJson(content.toString());
    if (handler.streaming) {
      await streamed(handler, id, payload, context);
    } else {
      let body;
      let error;
      try {
        const value = await handler(payload, context, headers['basalt-invocation-kind']);
        body = value === undefined ? 'null' : stringify(value) ?? 'null';
      } catch (thrown) {
        error = { thrown };
      }
      await (error
        ? post(`invocation/${id}/error`, described(error.thrown), String(error.thrown?.name ?? 'Error'))
        : post(`invocation/${id}/response`, body));
    }
    running.delete(id);
  }
}

async function fatal(error) {
  console.error(error);
  const ids = [...running];
  await Promise.allSettled(ids.map((id) => post(`invocation/${id}/error`, described(error, `Runtime.${error?.name ?? 'Error'}`))));
  process.exit(129);
}

process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

/** Programs that the function starts look for a proxy at a port. */
function openWayOut() {
  const server = net.createServer((program) => {
    const host = net.connect(env.BASALT_EGRESS_SOCKET);
    program.on('error', () => host.destroy());
    host.on('error', () => program.destroy());
    program.pipe(host).pipe(program);
  });
  return new Promise((done) => server.listen(Number(new URL(env.HTTP_PROXY).port), '127.0.0.1', done));
}

try {
  if (env.BASALT_EGRESS_SOCKET) {
    await openWayOut();
  }
  const handler = await load();
  await Promise.all(Array.from({ length: concurrency }, () => serve(handler)));
} catch (error) {
  const type = error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND' ? 'Runtime.ImportModuleError' : error instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : undefined;
  console.error(error);
  await post('init/error', described(error, type)).catch(() => {});
  process.exit(1);
}
