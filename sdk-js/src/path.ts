import { encoded } from './http.js';

/** A path of documents or collections as its names and ids, which are not encoded. */
export type Segments = readonly string[];

/** Reads a path in which the `/` of an id is `%2F` and its `%` is `%25`, as documents tell theirs. */
export function segments(path: string): Segments {
  return path.split('/').map((segment) => {
    try {
      return checked(decodeURIComponent(segment));
    } catch (failure) {
      throw failure instanceof URIError ? new TypeError(`'${path}' is no path: a % is followed by two hexadecimal digits`) : failure;
    }
  });
}

/** An id or a name that a URL can hold. */
export function checked(segment: string): string {
  // A URL parser takes the dots out, and the request would be one about something else.
  if (typeof segment !== 'string' || /^\.{0,2}$/.test(segment)) throw new TypeError(`'${segment}' is no id`);
  return segment;
}

export function pathOf(parts: Segments): string {
  return parts.map((part) => part.replace(/%/g, '%25').replace(/\//g, '%2F')).join('/');
}

export function urlOf(parts: Segments): string {
  return `/documents/v1/${parts.map(encoded).join('/')}`;
}
