import { answered, type Answered, BatchBuilder } from './batch.js';
import { CommitBuilder, type CommitResult } from './commit.js';
import { Collection, type Document, DocumentRef } from './document.js';
import type { AnyData } from './fields.js';
import { type CallOptions, Http, type TokenSource } from './http.js';
import { checked, segments } from './path.js';
import { Query } from './query.js';
import { Sql, type SqlOptions } from './sql.js';

/** What of a supabase-js client's `auth` is asked. */
export interface SessionSource {
  getSession(): Promise<{ data: { session: { access_token: string } | null } }>;
}

export interface ClientOptions {
  /** The user's access token; without one requests have the rights of the key alone. */
  accessToken?: TokenSource;
  /** Takes the user's access token from there: `auth: supabase.auth`. */
  auth?: SessionSource;
  /** Sends the requests; the platform's own unless said otherwise. */
  fetch?: typeof fetch;
}

type Data<D> = { readonly [K in keyof D]: D[K] extends DocumentRef<infer T> ? Document<T> | null : never };

/** Documents; see docs/documents.md. Immutable. */
export class Documents {
  readonly #http: Http;

  /** @internal */
  constructor(http: Http) {
    this.#http = http;
  }

  /** A collection by its name, or by the path of one below a document. */
  collection<T = AnyData>(path: string): Collection<T> {
    return new Collection(this.#http, segments(path));
  }

  /** A document by its path, as documents tell it. */
  doc<T = AnyData>(path: string): DocumentRef<T> {
    return new DocumentRef(this.#http, segments(path));
  }

  /** The documents of all collections of a name, whatever documents they are below. */
  group<T = AnyData>(name: string): Query<T> {
    return new Query(this.#http, [checked(name)], { group: true, filters: [], order: [] });
  }

  /** Many documents at one moment, in the order asked for; null where there is none that the caller may see. */
  async batchGet<const D extends readonly DocumentRef<any>[]>(documents: D, options: CallOptions = {}): Promise<Data<D>> {
    const body = { paths: documents.map(({ path }) => path) };
    const found = await this.#http.json<{ documents: Document<unknown>[] }>('POST', '/documents/v1:batchGet', { signal: options.signal, body });
    const byPath = new Map(found.documents.map((document) => [document.path, document]));
    return body.paths.map((path) => byPath.get(path) ?? null) as Data<D>;
  }

  /** Writes, and with the secret key SQL, in one transaction: all or nothing. */
  async commit(build: (commit: CommitBuilder) => unknown, options: CallOptions = {}): Promise<CommitResult> {
    const commit = new CommitBuilder();
    await build(commit);
    return commit.send(this.#http, options);
  }
}

/** Documents, SQL and batches of one Basalt, as one caller. Immutable. */
export class BasaltClient {
  readonly documents: Documents;
  readonly sql: Sql;
  readonly #http: Http;

  /** @internal */
  constructor(http: Http) {
    this.#http = http;
    this.documents = new Documents(http);
    this.sql = new Sql(http);
  }

  /**
   * Several requests on tables and functions in one transaction, all or none.
   *
   * @param build adds requests, and answers those whose bodies are wanted, alone or in an object or array
   */
  async batch<S>(build: (batch: BatchBuilder) => S | Promise<S>, options: CallOptions & Pick<SqlOptions, 'isolation'> = {}): Promise<Answered<S>> {
    const batch = new BatchBuilder();
    const wanted = await build(batch);
    return answered(wanted, await batch.send(this.#http, options));
  }
}

/**
 * A client for one Basalt. It holds no connection and no session of its own.
 *
 * @param url where Basalt answers
 * @param key the publishable key, or on a server the secret key
 */
export function createClient(url: string, key: string, options: ClientOptions = {}): BasaltClient {
  const { accessToken, auth } = options;
  const token = accessToken ?? (auth && (async () => (await auth.getSession()).data.session?.access_token));
  return new BasaltClient(new Http(url, key, token, options.fetch));
}
