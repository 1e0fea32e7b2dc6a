// Vectors of patches, asked over HTTP. A document of ours is an object, so what a vector says of any JSON is tried within one.

import { secretKey, url } from '../../lib/basalt.js';

const send = async (method, path, body, type = 'application/json') => {
  const answer = await fetch(`${url}/documents/v1/${path}`, { method, headers: { apikey: secretKey, 'content-type': type }, body });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
};

/** Writes a document, patches it, and answers the status and the data that are there afterwards. */
export async function patched(path, document, patch, type) {
  const made = await send('PUT', path, JSON.stringify(document));
  if (made.status >= 300) throw new Error(`the document was refused: ${made.status} ${JSON.stringify(made.json)}`);
  const { status, json } = await send('PATCH', path, patch, type);
  const after = await send('GET', path);
  return { status, code: json?.code, data: after.json.data };
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Whether a vector is about whole documents that are objects, before and after. */
export const isOfObjects = (...documents) => documents.every(isObject);

/** JSON Patch operations with their pointers below a member of a document. */
export const below = (member, patch) =>
  patch.map((operation) => ({
    ...operation,
    ...(typeof operation.path === 'string' && /^(\/|$)/.test(operation.path) ? { path: `/${member}${operation.path}` } : {}),
    ...(typeof operation.from === 'string' && /^(\/|$)/.test(operation.from) ? { from: `/${member}${operation.from}` } : {}),
  }));
