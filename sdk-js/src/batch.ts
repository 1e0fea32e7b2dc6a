import { type Build, type Filter, grouped, tables, Where } from './filter.js';
import { type CallOptions, encoded, type Http } from './http.js';
import { Reference } from './reference.js';
import type { SqlOptions } from './sql.js';

/** One request of a batch, whose answer has a body of type `R`. */
export class Step<R> {
  declare readonly type: R;
  /** @internal */
  readonly index: number;

  /** @internal */
  constructor(index: number) {
    this.index = index;
  }

  /** A value of the body for a later request: `author.ref((row) => row.id)`. */
  ref<V>(pick: (body: R) => V): Reference<V> {
    return new Reference([String(this.index), 'body', ...stepsOf(pick)]);
  }
}

/** A row to be written, whose values may be those of earlier requests. */
export type Referring<T> = { [K in keyof T]: T[K] | Reference<NonNullable<T[K]>> };

/** Conditions on the columns of a table. */
export type RowFilter<R> = Build<Referring<R> & Record<never, never>>;

export interface SelectOptions<R> {
  /** What PostgREST's `select` says: columns, casts, related tables. */
  columns?: string;
  where?: RowFilter<R>;
  /** `title`, `price.desc`, … */
  order?: string;
  limit?: number;
  offset?: number;
}

export interface RowOptions {
  /** What PostgREST's `select` says of the rows that come back. */
  columns?: string;
  /** False where the caller may write and not read: nothing comes back, and nothing can refer to it. */
  returning?: boolean;
}

export interface UpsertOptions extends RowOptions {
  /** The columns whose values tell rows apart; the primary key unless said otherwise. */
  onConflict?: string;
  /** Leaves the rows that are there as they are. */
  ignoreDuplicates?: boolean;
}

/** Any request on tables and functions. */
export interface RawRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below `/rest/v1`, with its query string. */
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** What a batch comes to: each request in it by its answer. */
export type Answered<S> = S extends Step<infer R> ? R : S extends object ? { [K in keyof S]: Answered<S[K]> } : S;

const OBJECT = 'application/vnd.pgrst.object+json';

/** Gathers requests on tables and functions for one transaction; they run in this order. */
export class BatchBuilder {
  readonly #requests: object[] = [];

  /** Rows of a table or view. */
  select<R = Record<string, any>>(table: string, options: SelectOptions<R> = {}): Step<R[]> {
    const { columns, where, order, limit, offset } = options;
    return this.request({ path: path(table, { select: columns, order, limit, offset }, where) });
  }

  /** Inserts a row, which comes back as one, or several. */
  insert<R = Record<string, any>>(table: string, rows: readonly Referring<Partial<R>>[], options?: RowOptions): Step<R[]>;
  insert<R = Record<string, any>>(table: string, row: Referring<Partial<R>>, options?: RowOptions): Step<R>;
  insert(table: string, rows: object, options: RowOptions = {}): Step<any> {
    return this.#write('POST', path(table, { select: options.columns }), rows, options);
  }

  /** Inserts rows, or changes those that are there. */
  upsert<R = Record<string, any>>(table: string, rows: readonly Referring<Partial<R>>[], options?: UpsertOptions): Step<R[]>;
  upsert<R = Record<string, any>>(table: string, row: Referring<Partial<R>>, options?: UpsertOptions): Step<R>;
  upsert(table: string, rows: object, options: UpsertOptions = {}): Step<any> {
    const resolution = options.ignoreDuplicates ? 'ignore-duplicates' : 'merge-duplicates';
    return this.#write('POST', path(table, { select: options.columns, on_conflict: options.onConflict }), rows, options, `resolution=${resolution}`);
  }

  /** Changes the rows that the conditions find. */
  update<R = Record<string, any>>(table: string, values: Referring<Partial<R>>, where: RowFilter<R>, options: RowOptions = {}): Step<R[]> {
    return this.#write('PATCH', path(table, { select: options.columns }, where), values, options, undefined, false);
  }

  /** Deletes the rows that the conditions find. */
  delete<R = Record<string, any>>(table: string, where: RowFilter<R>, options: RowOptions = {}): Step<R[]> {
    return this.#write('DELETE', path(table, { select: options.columns }, where), undefined, options, undefined, false);
  }

  /** Calls a function of the database. */
  call<R = any>(name: string, args: Record<string, unknown> = {}): Step<R> {
    return this.request({ method: 'POST', path: `/rpc/${encoded(name)}`, body: args });
  }

  /** What the other methods do not say. */
  request<R = any>({ method = 'GET', path, headers, body }: RawRequest): Step<R> {
    this.#requests.push({ method, path, headers, body: referring(body) });
    return new Step(this.#requests.length - 1);
  }

  /** @internal */
  async send(http: Http, options: CallOptions & Pick<SqlOptions, 'isolation'>): Promise<unknown[]> {
    const { signal, isolation } = options;
    if (this.#requests.length === 0) return [];
    const body = { requests: this.#requests, isolation };
    const { responses } = await http.json<{ responses: { body: unknown }[] }>('POST', '/rest/v1:batch', { signal, body });
    return responses.map((answer) => answer.body);
  }

  #write(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object | undefined, options: RowOptions, preference?: string, one = !Array.isArray(body)): Step<any> {
    const returning = options.returning ?? true;
    const prefer = [`return=${returning ? 'representation' : 'minimal'}`, ...(preference ? [preference] : [])].join();
    return this.request({ method, path, body, headers: { prefer, ...(one && returning ? { accept: OBJECT } : {}) } });
  }
}

/** The value with each step in it replaced by the body of its answer. */
export function answered<S>(steps: S, bodies: readonly unknown[]): Answered<S> {
  if (steps instanceof Step) return bodies[steps.index] as Answered<S>;
  if (Array.isArray(steps)) return steps.map((one) => answered(one, bodies)) as Answered<S>;
  if (steps === null || typeof steps !== 'object') return steps as Answered<S>;
  return Object.fromEntries(Object.entries(steps).map(([name, one]) => [name, answered(one, bodies)])) as Answered<S>;
}

function path<R>(table: string, settings: Record<string, string | number | undefined>, where?: RowFilter<R>): string {
  const filters: readonly Filter[] = where?.(new Where(tables)) ?? [];
  const search = [
    ...Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encoded(String(value))}`])),
    // Within a group every value may stand in quotes, so that none is taken for syntax.
    ...(filters.length ? [`and=${encoded(`(${grouped(filters)})`)}`] : []),
  ].join('&');
  return `/${encoded(table)}${search && `?${search}`}`;
}

/** A body in which what only looks like a reference is marked as none. */
function referring(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Reference) return value;
  if (Array.isArray(value)) return value.map(referring);
  if ('toJSON' in value && typeof value.toJSON === 'function') return referring(value.toJSON());
  const entries = Object.entries(value);
  if (entries.length === 1 && /^\$(ref|literal)$/.test(entries[0]![0])) return { $literal: value };
  return Object.fromEntries(entries.map(([name, member]) => [name, referring(member)]));
}

/** The members that a function steps through, from an object to what it answers. */
function stepsOf(pick: (body: any) => unknown): string[] {
  const taken = new WeakMap<object, string[]>();
  const recorder = (steps: string[]): object => {
    const place = new Proxy({}, {
      get(_, member) {
        if (typeof member === 'symbol') throw new TypeError('a reference only steps into members: (row) => row.id');
        return recorder([...steps, member]);
      },
    });
    taken.set(place, steps);
    return place;
  };
  const steps = taken.get(pick(recorder([])) as object);
  if (!steps) throw new TypeError('a reference only steps into members: (row) => row.id');
  return steps;
}
