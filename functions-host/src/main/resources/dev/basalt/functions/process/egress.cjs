// Takes Node's own clients, and what is built upon them, through the way out of the sandbox: before Node 24 they know no proxy.
'use strict';

const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const tls = require('node:tls');

const wayOut = process.env.BASALT_EGRESS_SOCKET;
// Where fetch looks for what it stands on: the second from Node 26 on, beside which the first is a wrapper for older callers.
const FIRST = Symbol.for('undici.globalDispatcher.1');
const SECOND = Symbol.for('undici.globalDispatcher.2');

function isLocal(host) {
  return !host || host === 'localhost' || host === '::1' || (net.isIPv4(host) && host.startsWith('127.'));
}

function tunnel(host, port, done) {
  const path = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const request = http.request({ method: 'CONNECT', path, headers: { host: path }, createConnection: () => net.connect(wayOut) });
  request.once('error', done);
  request.once('connect', (response, socket, head) => {
    if (response.statusCode !== 200) {
      socket.destroy();
      done(Object.assign(new Error(response.statusMessage), { code: 'ECONNREFUSED' }));
      return;
    }
    socket.unshift(head);
    done(null, socket);
  });
  request.end();
}

function reroute({ prototype }, secure) {
  const direct = prototype.createConnection;
  prototype.createConnection = function createConnection(options, done) {
    if (options.socketPath || isLocal(options.host)) {
      return direct.call(this, options, done);
    }
    tunnel(options.host, options.port, (error, socket) => {
      if (error) {
        done(error);
      } else {
        done(null, secure ? direct.call(this, { ...options, socket }) : socket);
      }
    });
    return undefined;
  };
}

function connect({ hostname, port, protocol, servername }, done) {
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = port || (secure ? 443 : 80);
  if (isLocal(host)) {
    const options = { host, port: number, servername: net.isIP(host) ? undefined : servername || host };
    const socket = secure ? tls.connect({ ...options, ALPNProtocols: ['http/1.1'] }) : net.connect(options);
    settle(socket, secure ? 'secureConnect' : 'connect', done);
    return;
  }
  tunnel(host, number, (error, socket) => {
    if (error || !secure) {
      done(error, socket);
      return;
    }
    const name = net.isIP(host) ? undefined : servername || host;
    settle(tls.connect({ socket, servername: name, ALPNProtocols: ['http/1.1'] }), 'secureConnect', done);
  });
}

function settle(socket, ready, done) {
  socket.once('error', done);
  socket.once(ready, () => {
    socket.removeListener('error', done);
    done(null, socket);
  });
}

reroute(http.Agent, false);
reroute(https.Agent, true);

function rerouteFetch() {
  const { [FIRST]: first, [SECOND]: second } = globalThis;
  const { constructor: Agent } = second ?? first;
  const agent = new Agent({ connect });
  if (second) {
    globalThis[SECOND] = agent;
  }
  if (first) {
    const { constructor: Former } = first;
    globalThis[FIRST] = Former === Agent ? agent : new Former(agent);
  }
}

// What fetch stands on takes long to load, so that waits for its first use.
const { fetch } = globalThis;
let rerouted = false;
Object.defineProperty(globalThis, 'fetch', {
  configurable: true,
  enumerable: true,
  writable: true,
  value: function (input, init) {
    if (!rerouted) {
      rerouted = true;
      void globalThis.Response;
      rerouteFetch();
    }
    return fetch(input, init);
  },
});
