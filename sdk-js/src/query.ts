import type { Document } from './document.js';
import type { DocumentFields, Selected } from './fields.js';
import { Conditions, type Dialect, documents, type Filter } from './filter.js';
import { type CallOptions, encoded, type Http } from './http.js';
import { live, type LiveOptions, type LiveSnapshot } from './live.js';
import { type Segments, urlOf } from './path.js';

/** Some of the documents that a query finds. */
export interface Page<S> {
  readonly documents: readonly Document<S>[];
  /** Where the next page begins; missing after the last. */
  readonly cursor?: string;
  /** How many documents the query finds on all pages, where that was asked for. */
  readonly count?: number;
  /** With the secret key: the index that would spare looking through a large collection. */
  readonly hint?: { readonly message: string; readonly index: { readonly fields: readonly string[]; readonly group?: boolean } };
}

type Fields<T> = keyof DocumentFields<T> & string;

/** What is worked out over documents; at least one of the first five. */
export interface AggregateRequest<F extends string> {
  readonly count?: true;
  /** Of numbers; what is none is left out. */
  readonly sum?: readonly F[];
  readonly avg?: readonly F[];
  readonly min?: readonly F[];
  readonly max?: readonly F[];
  readonly groupBy?: readonly F[];
}

type Each<A extends AggregateRequest<string>, K extends keyof A, V extends Record<string, any>, Fixed = never> = A[K] extends readonly (infer P)[]
  ? { readonly [Q in P & string]: [Fixed] extends [never] ? V[Q] | null : Fixed }
  : never;

/** The values of one group, as far as they were asked for. */
export type Group<A extends AggregateRequest<string>, F extends Record<string, any>> = {
  readonly [K in keyof A as K extends 'groupBy' ? 'key' : K]: K extends 'count'
    ? number
    : K extends 'sum' ? Each<A, K, F, number> : K extends 'avg' ? Each<A, K, F, number | null> : Each<A, K, F>;
};

interface Asked {
  readonly group?: true;
  readonly filters: readonly Filter[];
  readonly order: readonly string[];
  readonly select?: readonly string[];
  readonly limit?: number;
  readonly cursor?: string;
}

/** Larger pages hold more in memory than they save. */
const PAGE = 100;

/**
 * A query on documents of type `T`, of which `S` is shown. Immutable: each method answers another query, and nothing is sent
 * before one of those that answer a promise or are iterated.
 */
export class Query<T, S = T> extends Conditions<DocumentFields<T>, Query<T, S>> implements AsyncIterable<Document<S>> {
  protected override readonly dialect: Dialect = documents;
  readonly #http: Http;
  readonly #collection: Segments;
  readonly #asked: Asked;

  /** @internal */
  constructor(http: Http, collection: Segments, asked: Asked = { filters: [], order: [] }) {
    super();
    this.#http = http;
    this.#collection = collection;
    this.#asked = asked;
  }

  protected override adding(filter: Filter): Query<T, S> {
    return this.#but({ filters: [...this.#asked.filters, filter] });
  }

  /** Sorts, behind what was said before: null, strings, numbers, booleans, arrays, objects; missing values last, or first when `desc`. */
  order(path: Fields<T>, direction: 'asc' | 'desc' = 'asc'): Query<T, S> {
    return this.#but({ order: [...this.#asked.order, documents.name(path) + (direction === 'desc' ? '.desc' : '')] });
  }

  /** At most so many documents, on all pages together. */
  limit(most: number): Query<T, S> {
    return this.#but({ limit: most });
  }

  /** What comes behind the page that had this cursor, of the same query. */
  after(cursor: string): Query<T, S> {
    return this.#but({ cursor });
  }

  /** Shows only these paths of the data. */
  select<P extends Fields<T>>(...paths: P[]): Query<T, Selected<T, P>> {
    return new Query(this.#http, this.#collection, { ...this.#asked, select: paths.map(documents.name) });
  }

  /** The first page: `limit` documents, or 100. */
  page(options: CallOptions & { count?: boolean } = {}): Promise<Page<S>> {
    return this.#http.json('GET', this.#url(options.count ? { count: 'exact' } : {}), { signal: options.signal });
  }

  /** The documents of the first page. */
  async list(options: CallOptions = {}): Promise<readonly Document<S>[]> {
    return (await this.page(options)).documents;
  }

  /** The first document, or null if the query finds none. */
  async first(options: CallOptions = {}): Promise<Document<S> | null> {
    return (await this.limit(1).page(options)).documents[0] ?? null;
  }

  /** How many documents the query finds, whatever its limit. */
  async count(options: CallOptions = {}): Promise<number> {
    return (await this.aggregate({ count: true }, options))[0]!.count;
  }

  /** Sums, averages and the like, whatever the limit; a group for each combination of the values that `groupBy` names. */
  async aggregate<const A extends AggregateRequest<Fields<T>>>(request: A, options: CallOptions = {}): Promise<Group<A, DocumentFields<T>>[]> {
    const { group, filters } = this.#asked;
    const query = new Query(this.#http, this.#collection, { ...(group ? { group } : {}), filters, order: [] });
    // Names go out as the grammar writes them and come back as the caller does.
    const written = (value: unknown) => (Array.isArray(value) ? value.map(documents.name) : value);
    const body = Object.fromEntries(Object.entries(request).map(([member, value]) => [member, written(value)]));
    const answer = await this.#http.json<{ groups: any[] }>('POST', query.#url({}, ':aggregate'), { signal: options.signal, body });
    return answer.groups.map((found) => renamed(found, request));
  }

  /** Page by page, each read when it is asked for; `size` is at most the server's `max-page`. */
  async *pages(options: CallOptions & { size?: number } = {}): AsyncGenerator<Page<S>, void, undefined> {
    let left = this.#asked.limit ?? Infinity;
    let query: Query<T, S> = this;
    while (left > 0) {
      const page = await query.limit(Math.min(left, options.size ?? PAGE)).page({ signal: options.signal });
      if (page.documents.length > 0) yield page;
      if (page.cursor === undefined) return;
      left -= page.documents.length;
      query = query.after(page.cursor);
    }
  }

  /** All documents, read page by page. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Document<S>, void, undefined> {
    for await (const page of this.pages()) yield* page.documents;
  }

  /**
   * The documents now, and again whenever they change. A lost connection is made anew; whoever takes them slowly gets the sum
   * of what changed. Ends when the loop is left or the signal is aborted; fails when the server refuses, or was not reached
   * for `retries` times.
   */
  live(options: LiveOptions = {}): AsyncGenerator<LiveSnapshot<S>, void, undefined> {
    return live((headers, signal) => this.#http.send('GET', this.#url(), { headers, signal }), options);
  }

  /**
   * {@link live} with a function that is called instead of a loop.
   *
   * @param onError hears why it ended; without it that is an unhandled rejection
   * @returns ends it
   */
  subscribe(onChange: (snapshot: LiveSnapshot<S>) => void, onError?: (failure: unknown) => void, options: LiveOptions = {}): () => void {
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    options.signal?.addEventListener('abort', stop);
    if (options.signal?.aborted) stop();
    const run = async () => {
      try {
        for await (const snapshot of this.live({ ...options, signal: stopping.signal })) onChange(snapshot);
      } finally {
        options.signal?.removeEventListener('abort', stop);
      }
    };
    const running = run();
    if (onError) running.catch(onError);
    return stop;
  }

  #but(change: Partial<Asked>): Query<T, S> {
    return new Query(this.#http, this.#collection, { ...this.#asked, ...change });
  }

  #url(settings: Record<string, string> = {}, action = ''): string {
    const { group, filters, order, select, limit, cursor } = this.#asked;
    const parameters: [string, string][] = filters.map(({ name, text }) => [name, text]);
    if (group) parameters.push(['group', 'true']);
    if (order.length) parameters.push(['order', order.join()]);
    if (select?.length) parameters.push(['select', select.join()]);
    if (limit !== undefined) parameters.push(['limit', String(limit)]);
    if (cursor !== undefined) parameters.push(['cursor', cursor]);
    parameters.push(...Object.entries(settings));
    const search = parameters.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
    return urlOf(this.#collection) + action + (search && `?${search}`);
  }
}

/** A group with the paths as they were asked for. */
function renamed(found: any, request: AggregateRequest<string>): any {
  for (const [member, paths] of Object.entries(request)) {
    const of = found[member === 'groupBy' ? 'key' : member];
    if (!Array.isArray(paths)) continue;
    for (const path of paths) {
      const name = documents.name(path);
      if (name !== path) {
        of[path] = of[name];
        delete of[name];
      }
    }
  }
  return found;
}

