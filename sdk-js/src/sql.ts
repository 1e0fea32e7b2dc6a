import { BasaltError, NetworkError } from './error.js';
import { type CallOptions, type Http, lines } from './http.js';

export interface SqlColumn {
  readonly name: string;
  /** As PostgreSQL calls it: `int4`, `text[]`, … */
  readonly type: string;
}

export interface SqlResult<R> {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly R[];
  /** Rows returned, or written. */
  readonly rowCount: number;
  /** `SELECT`, `INSERT`, … */
  readonly command: string;
}

export interface SqlOptions extends CallOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readOnly?: boolean;
  /** Rows as arrays, which keep columns of the same name apart. */
  rowMode?: 'object' | 'array';
}

/** A query alone, or with the values of its `$1`, `$2`, … */
export type SqlStatement = string | { readonly query: string; readonly params?: readonly unknown[] };

/** SQL for whoever holds the secret key; with a user's token beside it, as that user. Immutable. */
export class Sql {
  readonly #http: Http;

  /** @internal */
  constructor(http: Http) {
    this.#http = http;
  }

  /** Runs one statement with its values, or several without values as one transaction, of which the last one's result is answered. */
  query<R = Record<string, any>>(query: string, params: readonly unknown[] = [], options: SqlOptions = {}): Promise<SqlResult<R>> {
    const { signal, ...rest } = options;
    return this.#http.json('POST', '/sql/v1', { signal, body: { query, params, ...rest } });
  }

  /** Runs statements in one transaction, all or none. `R` are the types of their rows. */
  async transaction<R extends readonly unknown[] = Record<string, any>[]>(
    statements: readonly SqlStatement[],
    options: SqlOptions = {},
  ): Promise<{ readonly [K in keyof R]: SqlResult<R[K]> }> {
    const { signal, ...rest } = options;
    const transaction = statements.map((statement) => (typeof statement === 'string' ? { query: statement } : statement));
    const { results } = await this.#http.json<{ results: any }>('POST', '/sql/v1', { signal, body: { transaction, ...rest } });
    return results;
  }

  /**
   * The rows of one reading query, without a cap on their number; the server fetches them no faster than they are taken. Leaving
   * the loop cancels the statement. Fails where the stream is cut or the server fails on the way.
   */
  async *stream<R = Record<string, any>>(query: string, params: readonly unknown[] = [], options: SqlOptions = {}): AsyncGenerator<R, void, undefined> {
    const { signal, rowMode, ...rest } = options;
    // Rows are asked for as arrays: an object is then never a row, whatever the names of its columns.
    const body = { query, params, ...rest, rowMode: 'array' };
    const answer = await this.#http.send('POST', '/sql/v1', { signal, body, headers: { accept: 'application/x-ndjson' } });
    let columns: readonly SqlColumn[] = [];
    for await (const line of lines(answer, signal)) {
      const said = JSON.parse(line);
      if (Array.isArray(said)) {
        yield (rowMode === 'array' ? said : Object.fromEntries(columns.map(({ name }, i) => [name, said[i]]))) as R;
      } else if (said.columns) columns = said.columns;
      else if (said.error) throw new BasaltError(said.error.status, said.error);
      else return;
    }
    throw new NetworkError('The stream of rows was cut');
  }
}
