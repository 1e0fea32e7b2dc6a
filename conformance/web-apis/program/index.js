// Answers the results of a chapter's cases as JSON: { result } or { threw } for each name.

import abort from './cases/abort.js';
import bodies from './cases/bodies.js';
import compression from './cases/compression.js';
import crypto from './cases/crypto.js';
import encoding from './cases/encoding.js';
import events from './cases/events.js';
import forms from './cases/forms.js';
import globals from './cases/globals.js';
import headers from './cases/headers.js';
import requests from './cases/requests.js';
import responses from './cases/responses.js';
import streams from './cases/streams.js';
import url from './cases/url.js';
import url_search_params from './cases/url_search_params.js';

const chapters = {
  abort, bodies, compression, crypto, encoding, events, forms, globals, headers, requests, responses, streams, url, url_search_params,
};

async function outcome(run) {
  try {
    return { result: await run() };
  } catch (error) {
    return { threw: `${error?.name}: ${error?.message}` };
  }
}

export default {
  async fetch(request) {
    const chapter = chapters[new URL(request.url).pathname.split('/').at(-1)];
    if (!chapter) return Response.json(Object.keys(chapters));
    const results = {};
    for (const [name, run] of Object.entries(chapter)) {
      // One that never ends is a result too, and must not take the others with it.
      const patience = new Promise((resolve) => setTimeout(resolve, 2000, { threw: 'it never ended' }));
      results[name] = await Promise.race([outcome(run), patience]);
    }
    return Response.json(results);
  },
};
