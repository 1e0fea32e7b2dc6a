// The clients of ctx: thin words for Basalt's own APIs. The host adds who asks; the function never holds a key.
(function (host, kit) {
  'use strict';

  const part = (text) => encodeURIComponent(String(text));
  const path = (text) => String(text).split('/').map(part).join('/');
  const query = (values) => {
    const text = new URLSearchParams(values ?? {}).toString();
    return text && '?' + text;
  };

  return (call) => {
    const fetch = (target, init = {}) => {
      const url = new URL(String(target), 'http://basalt.invalid/');
      if (url.host !== 'basalt.invalid') return Promise.reject(new TypeError('ctx.fetch takes a path of this Basalt, as /rest/v1/todos'));
      const request = new Request(url, init);
      return call(
        { method: request.method, url: url.pathname + url.search, headers: kit.headerPairs(request.headers), redirect: 'manual' },
        kit.use(request), kit.signalOf(request),
      );
    };
    // Answers the JSON of a good answer; a bad one is thrown with its status and body.
    const ask = async (method, target, body, headers = {}) => {
      const response = await fetch(target, {
        method,
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      let value = null;
      if (text) {
        try {
          value = JSON.parse(text);
        } catch (notJson) {
          value = text;
        }
      }
      if (response.ok) return value;
      const error = new Error(value?.message ?? value?.detail ?? value?.msg ?? value?.title ?? `${method} ${target} answered ${response.status}`);
      error.name = 'BasaltError';
      error.status = response.status;
      error.code = value?.code ?? value?.error_code;
      error.body = value;
      throw error;
    };
    const back = { prefer: 'return=representation' };
    return {
      fetch,
      data: {
        select: (table, filter) => ask('GET', `/rest/v1/${part(table)}${query(filter)}`),
        insert: (table, rows) => ask('POST', `/rest/v1/${part(table)}`, rows, back),
        upsert: (table, rows, options) =>
          ask('POST', `/rest/v1/${part(table)}${query(options)}`, rows, { prefer: 'return=representation,resolution=merge-duplicates' }),
        update: (table, filter, values) => ask('PATCH', `/rest/v1/${part(table)}${query(filter)}`, values, back),
        delete: (table, filter) => ask('DELETE', `/rest/v1/${part(table)}${query(filter)}`, undefined, back),
        rpc: (name, values = {}) => ask('POST', `/rest/v1/rpc/${part(name)}`, values),
        sql: (text, parameters) => ask('POST', '/sql/v1', parameters === undefined ? { query: text } : { query: text, params: parameters }),
      },
      auth: {
        user: () => ask('GET', '/auth/v1/user'),
        getUser: (id) => ask('GET', `/auth/v1/admin/users/${part(id)}`),
        listUsers: (page) => ask('GET', `/auth/v1/admin/users${query(page)}`),
        createUser: (user) => ask('POST', '/auth/v1/admin/users', user),
        updateUser: (id, values) => ask('PUT', `/auth/v1/admin/users/${part(id)}`, values),
        deleteUser: (id) => ask('DELETE', `/auth/v1/admin/users/${part(id)}`),
      },
      storage: {
        from: (bucket) => ({
          async upload(name, body, options = {}) {
            const response = await fetch(`/storage/v1/object/${part(bucket)}/${path(name)}`, {
              method: options.upsert ? 'PUT' : 'POST',
              body,
              duplex: 'half',
              headers: options.contentType ? { 'content-type': options.contentType } : {},
            });
            if (!response.ok) throw Object.assign(new Error(`the upload answered ${response.status}`), { status: response.status, body: await response.text() });
            return response.json();
          },
          async download(name) {
            const response = await fetch(`/storage/v1/object/${part(bucket)}/${path(name)}`);
            if (!response.ok) throw Object.assign(new Error(`the download answered ${response.status}`), { status: response.status, body: await response.text() });
            return response;
          },
          list: (prefix = '', options = {}) => ask('POST', `/storage/v1/object/list/${part(bucket)}`, { prefix, ...options }),
          remove: (names) => ask('DELETE', `/storage/v1/object/${part(bucket)}`, { prefixes: [].concat(names) }),
        }),
      },
      functions: {
        async invoke(name, payload, options = {}) {
          const response = await fetch(`/functions/v1/${part(name)}`, {
            method: 'POST',
            body: payload === undefined ? undefined : JSON.stringify(payload),
            headers: { 'content-type': 'application/json', ...options.headers },
            signal: options.signal,
          });
          if (!response.ok) throw Object.assign(new Error(`the function answered ${response.status}`), { status: response.status, body: await response.text() });
          return /json/.test(response.headers.get('content-type') ?? '') ? response.json() : response.text();
        },
      },
    };
  };
});
