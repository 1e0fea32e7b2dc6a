import { CommitBuilder, type WriteResult } from './commit.js';
import { BasaltError } from './error.js';
import type { MergePatch, PatchOperation } from './fields.js';
import { type CallOptions, type Http, sleep } from './http.js';
import type { LiveOptions } from './live.js';
import { checked, pathOf, type Segments, urlOf } from './path.js';
import { Query } from './query.js';
import type { Transforms } from './transform.js';

/** A document as it was read. */
export interface Document<T> {
  /** `collection/id`, in which the `/` of an id is `%2F` and its `%` is `%25`. */
  readonly path: string;
  readonly id: string;
  /** Grows with every write and is never used again. */
  readonly version: number;
  /** The user who made it, or null for the server. */
  readonly owner: string | null;
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339. */
  readonly updatedAt: string;
  readonly data: T;
}

/**
 * When a write takes place: a document that is there or not, or is at one version. A document that was read is a
 * precondition: that it has not changed since.
 */
export type Precondition = { version?: number | undefined; exists?: undefined } | { version?: undefined; exists?: boolean | undefined };

export type WriteOptions = CallOptions & Precondition;

/** Failures of a write that was in the way of another. */
const LOST = new Set(['precondition_failed', 'write_conflict']);
const NOT_FOUND = 'document_not_found';
const FIRST_PAUSE = 20;

/** One document, whether it is there or not. Immutable; nothing is sent before a method is called. */
export class DocumentRef<T> {
  readonly #http: Http;
  readonly #segments: Segments;

  /** @internal */
  constructor(http: Http, segments: Segments) {
    if (segments.length % 2) throw new TypeError(`'${pathOf(segments)}' names a collection; a document is collection/id`);
    this.#http = http;
    this.#segments = segments;
  }

  get id(): string {
    return this.#segments.at(-1)!;
  }

  get path(): string {
    return pathOf(this.#segments);
  }

  /** A collection below this document. */
  collection<S = Record<string, any>>(name: string): Collection<S> {
    return new Collection(this.#http, [...this.#segments, checked(name)]);
  }

  /** The document, or null where there is none that the caller may see. `known` is one to be answered if it is still the newest. */
  async get(options: CallOptions & { known?: Document<T> } = {}): Promise<Document<T> | null> {
    const { known, signal } = options;
    const unless = known ? { headers: { 'if-none-match': `"${known.version}"` }, expected: 304 } : {};
    try {
      return (await this.#http.json<Document<T> | undefined>('GET', urlOf(this.#segments), { signal, ...unless })) ?? known!;
    } catch (failure) {
      if (failure instanceof BasaltError && failure.code === NOT_FOUND) return null;
      throw failure;
    }
  }

  /** Replaces the document, or makes it. */
  set(data: T, options: WriteOptions = {}): Promise<Document<T>> {
    return this.#write('PUT', data, options);
  }

  /** Makes the document; `precondition_failed` (412) if it is there. */
  create(data: T, options: CallOptions = {}): Promise<Document<T>> {
    return this.#write('PUT', data, { signal: options.signal, exists: false });
  }

  /** Changes some members: null takes one out, the others stay. `document_not_found` (404) if the document is not there. */
  merge(patch: MergePatch<T>, options: WriteOptions = {}): Promise<Document<T>> {
    return this.#write('PATCH', patch, options, 'application/merge-patch+json');
  }

  /** Applies a JSON patch, all of it or nothing. `document_not_found` (404) if the document is not there. */
  patch(operations: readonly PatchOperation[], options: WriteOptions = {}): Promise<Document<T>> {
    return this.#write('PATCH', operations, options, 'application/json-patch+json');
  }

  /** Counts up, adds to lists and the like, without reading first; makes the document if it is not there. */
  async transform(transforms: Transforms<T>, options: WriteOptions = {}): Promise<WriteResult> {
    const commit = new CommitBuilder();
    commit.transform(this, transforms, options);
    return (await commit.send(this.#http, options)).writes[0]!;
  }

  /**
   * Reads the document, has a function change its data, and writes that if nobody else has written meanwhile; else begins again.
   * Fails as the last of the `attempts` did; with `document_not_found` (404) if the document is not there, unless `initial` says
   * what is changed then.
   *
   * @param change may be called several times
   */
  async update(change: (data: T) => T | Promise<T>, options: CallOptions & { attempts?: number; initial?: T } = {}): Promise<Document<T>> {
    const { attempts = 5, initial, signal } = options;
    for (let failed = 1; ; failed++) {
      const before = await this.get({ signal });
      if (!before && initial === undefined) throw new BasaltError(404, { title: 'No such document', code: NOT_FOUND });
      const data = await change(before ? before.data : initial!);
      try {
        return await this.set(data, { signal, ...(before ? { version: before.version } : { exists: false }) });
      } catch (failure) {
        if (failed >= attempts || !(failure instanceof BasaltError && LOST.has(failure.code))) throw failure;
      }
      await sleep(FIRST_PAUSE * 2 ** failed * Math.random(), signal);
      signal?.throwIfAborted();
    }
  }

  /** Deletes the document, not those below it. `document_not_found` (404) if it is not there. */
  async delete(options: WriteOptions = {}): Promise<void> {
    await this.#http.send('DELETE', urlOf(this.#segments), { signal: options.signal, headers: condition(options) });
  }

  /** The document now and whenever it changes, null while there is none; see {@link Query.live}. */
  async *live(options: LiveOptions = {}): AsyncGenerator<Document<T> | null, void, undefined> {
    const collection = new Query<T>(this.#http, this.#segments.slice(0, -1));
    for await (const { documents } of collection.eq('$id', this.id as never).live(options)) yield documents[0] ?? null;
  }

  #write(method: string, body: unknown, options: WriteOptions, contentType?: string): Promise<Document<T>> {
    return this.#http.json(method, urlOf(this.#segments), {
      signal: options.signal,
      headers: condition(options),
      body: JSON.stringify(body),
      ...(contentType ? { contentType } : {}),
    });
  }
}

/** The documents of a collection: a query for all of them, and a way to each. Immutable. */
export class Collection<T> extends Query<T> {
  readonly #http: Http;
  readonly #segments: Segments;

  /** @internal */
  constructor(http: Http, segments: Segments) {
    if (segments.length % 2 === 0) throw new TypeError(`'${pathOf(segments)}' names a document; a collection is a name, or collection/id/name`);
    super(http, segments);
    this.#http = http;
    this.#segments = segments;
  }

  get path(): string {
    return pathOf(this.#segments);
  }

  doc(id: string): DocumentRef<T> {
    return new DocumentRef(this.#http, [...this.#segments, checked(id)]);
  }

  /** Makes a document with an id of the server's. */
  create(data: T, options: CallOptions = {}): Promise<Document<T>> {
    return this.#http.json('POST', urlOf(this.#segments), { ...options, body: JSON.stringify(data) });
  }
}

function condition({ version, exists }: Precondition): Record<string, string> {
  if (version !== undefined) return { 'if-match': `"${version}"` };
  if (exists === undefined) return {};
  return exists ? { 'if-match': '*' } : { 'if-none-match': '*' };
}

