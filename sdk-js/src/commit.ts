import type { Collection, DocumentRef, Precondition } from './document.js';
import type { MergePatch, PatchOperation } from './fields.js';
import { documents } from './filter.js';
import type { CallOptions, Http } from './http.js';
import type { SqlResult } from './sql.js';
import type { Transforms } from './transform.js';

/** What became of one write. */
export interface WriteResult {
  readonly path: string;
  readonly action: 'created' | 'updated' | 'deleted' | 'none';
  /** Missing where there is no document afterwards. */
  readonly version?: number;
}

export interface CommitResult {
  /** In the order of the writes. */
  readonly writes: readonly WriteResult[];
  /** In the order of the statements. */
  readonly sql: readonly SqlResult<any>[];
}

/** What a write changes beside its data, and when it takes place. */
export type TransformingOptions<T> = Precondition & { transforms?: Transforms<T> };

/** Gathers writes for one transaction. They take place in this order, the SQL after them. */
export class CommitBuilder {
  readonly #writes: object[] = [];
  readonly #sql: object[] = [];

  /** Makes a document: of this id, or in this collection with an id of the server's. `document_exists` (409) if it is there. */
  create<T>(target: DocumentRef<T> | Collection<T>, data: T, options: { transforms?: Transforms<T> } = {}): this {
    return this.#add('create', target.path, data, {}, options.transforms);
  }

  /** Replaces a document, or makes it. */
  set<T>(document: DocumentRef<T>, data: T, options: TransformingOptions<T> = {}): this {
    return this.#add('set', document.path, data, options, options.transforms);
  }

  /** Changes some members of a document, or makes it. */
  merge<T>(document: DocumentRef<T>, patch: MergePatch<T>, options: TransformingOptions<T> = {}): this {
    return this.#add('merge', document.path, patch, options, options.transforms);
  }

  /** Counts up, adds to lists and the like; makes the document if it is not there. */
  transform<T>(document: DocumentRef<T>, transforms: Transforms<T>, precondition: Precondition = {}): this {
    return this.#add('merge', document.path, undefined, precondition, transforms);
  }

  /** Applies a JSON patch. */
  patch<T>(document: DocumentRef<T>, operations: readonly PatchOperation[], precondition: Precondition = {}): this {
    return this.#add('patch', document.path, operations, precondition);
  }

  /** Deletes a document; that it is not there is no error. */
  delete(document: DocumentRef<any>, precondition: Precondition = {}): this {
    return this.#add('delete', document.path, undefined, precondition);
  }

  /** Runs a statement after the writes; with the secret key alone. */
  sql(query: string, params: readonly unknown[] = []): this {
    this.#sql.push({ query, params });
    return this;
  }

  /** @internal */
  async send(http: Http, options: CallOptions): Promise<CommitResult> {
    if (this.#writes.length + this.#sql.length === 0) return { writes: [], sql: [] };
    const body = { writes: this.#writes, ...(this.#sql.length ? { sql: this.#sql } : {}) };
    const { writes, sql = [] } = await http.json<Partial<CommitResult>>('POST', '/documents/v1:commit', { signal: options.signal, body });
    return { writes: writes ?? [], sql };
  }

  #add(op: string, path: string, data: unknown, { version, exists }: Precondition, transforms?: Transforms<any>): this {
    const precondition = version !== undefined ? { version } : exists !== undefined ? { exists } : undefined;
    const changes = Object.entries(transforms ?? {}).map(([field, transform]) => ({ field: documents.name(field), ...(transform as object) }));
    this.#writes.push({ op, path, data, precondition, ...(changes.length ? { transforms: changes } : {}) });
    return this;
  }
}
