/**
 * A request that Basalt refused. `code` is what programs compare: of documents and SQL the codes of the API
 * (`precondition_failed`, `sql_error`, …), of a batch those of PostgREST and PostgreSQL (`PGRST205`, `23505`, …).
 */
export class BasaltError extends Error {
  override readonly name: string = 'BasaltError';
  readonly code: string;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  /** After how many seconds it makes sense to try again. */
  declare readonly retryAfter?: number;
  /** The whole answer, with members that have no name here, such as `violations` and `position`. */
  readonly problem: Readonly<Record<string, any>>;

  constructor(status: number, problem: Record<string, any>, retryAfter?: number, cause?: unknown) {
    const title: string = problem['title'] ?? problem['message'] ?? `HTTP ${status}`;
    const detail: string | null = problem['detail'] ?? problem['details'];
    super(detail && detail !== title ? `${title}: ${detail}` : title, cause === undefined ? {} : { cause });
    this.code = problem['code'] ?? 'unexpected_answer';
    this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.problem = problem;
  }

  /** What is wrong with this very request. */
  get detail(): string | undefined {
    return this.problem['detail'] ?? this.problem['details'] ?? undefined;
  }

  get hint(): string | undefined {
    return this.problem['hint'] ?? undefined;
  }

  /** The JSON pointer (RFC 6901) of what is wrong in a document; the first of several. */
  get pointer(): string | undefined {
    return this.problem['pointer'] ?? this.problem['violations']?.[0]?.pointer;
  }

  /** PostgreSQL's own code (PostgreSQL, appendix A). */
  get sqlstate(): string | undefined {
    return this.problem['sqlstate'] ?? (/^[0-9A-Z]{5}$/.test(this.code) ? this.code : undefined);
  }

  /** Which write of a commit was refused, from 0. */
  get write(): number | undefined {
    return this.problem['write'];
  }

  /** Which request of a batch, or statement of a transaction, was refused, from 0. */
  get index(): number | undefined {
    return this.problem['index'] ?? this.problem['statement'];
  }
}

/** No answer, or half of one: the server was not reached, or the connection broke. `cause` says how. */
export class NetworkError extends BasaltError {
  override readonly name: string = 'NetworkError';

  constructor(title: string, cause?: unknown) {
    super(0, { title, code: 'network_error' }, undefined, cause);
  }
}
