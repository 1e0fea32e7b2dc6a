// Types of functions that run in Basalt with runtime js. Request, Response and the like are the web's own: lib WebWorker.

declare namespace Basalt {
  /** What `export default` and `export` of a function's entrypoint may hold. */
  interface Handlers {
    /** Answers a call by HTTP. */
    fetch?(request: Request, env: Environment, ctx: Context): Response | Promise<Response>;
  }

  /** `export const onEvent: Basalt.EventHandler`: decides about a row before it commits, or hears of it afterwards. */
  type EventHandler<Row extends object = Record<string, unknown>> = (
    event: BeforeEvent<Row> | AfterEvent<Row>,
    ctx: Context,
  ) => EventAnswer<Row> | Promise<EventAnswer<Row>>;

  /** A handler of *before* triggers alone. */
  type BeforeHandler<Row extends object = Record<string, unknown>> = (
    event: BeforeEvent<Row>,
    ctx: Context,
  ) => EventAnswer<Row> | Promise<EventAnswer<Row>>;

  /** A handler of *after* triggers alone. */
  type AfterHandler<Row extends object = Record<string, unknown>> = (
    event: AfterEvent<Row>,
    ctx: Context,
  ) => void | Promise<void>;

  /** The manifest's `env`, and the secrets that it lists. A secret that is not set is not there. */
  type Environment = Readonly<Record<string, string>>;

  /** What a call came with. */
  interface Context {
    readonly requestId: string;
    /** The project's ref. */
    readonly project: string;
    readonly function: string;
    readonly version: number;
    readonly kind: 'http' | 'before' | 'after';
    /** How many functions led to this one. */
    readonly depth: number;
    readonly caller: Caller;
    /** Lets work go on after the answer, within the function's time. */
    waitUntil(work: Promise<unknown>): void;
    /** Tables, in the caller's name. */
    readonly data: Data;
    readonly auth: Auth;
    readonly storage: { from(bucket: string): Bucket };
    readonly functions: { invoke<Answer = unknown>(name: string, payload?: unknown, options?: { headers?: HeadersInit; signal?: AbortSignal }): Promise<Answer> };
    /** Any path of Basalt's own APIs, in the caller's name. */
    fetch(path: string, init?: RequestInit): Promise<Response>;
    /** The same with the rights of the secret key; every call is refused unless the manifest grants them. */
    readonly service: Pick<Context, 'data' | 'auth' | 'storage' | 'functions' | 'fetch'>;
  }

  /** What is thrown where an API refuses. */
  interface BasaltError extends Error {
    readonly status: number;
    readonly code?: string;
    readonly body: unknown;
  }

  /** Filters are PostgREST's: `{ id: 'eq.1', order: 'name' }`. */
  type Filter = Record<string, string>;

  interface Data {
    select<Row = Record<string, unknown>>(table: string, filter?: Filter): Promise<Row[]>;
    insert<Row = Record<string, unknown>>(table: string, rows: object | object[]): Promise<Row[]>;
    upsert<Row = Record<string, unknown>>(table: string, rows: object | object[], options?: Filter): Promise<Row[]>;
    update<Row = Record<string, unknown>>(table: string, filter: Filter, values: object): Promise<Row[]>;
    delete<Row = Record<string, unknown>>(table: string, filter: Filter): Promise<Row[]>;
    rpc<Answer = unknown>(name: string, values?: object): Promise<Answer>;
    /** Takes the service's rights. */
    sql<Answer = unknown>(text: string, parameters?: unknown[]): Promise<Answer>;
  }

  /** All but `user` take the service's rights. */
  interface Auth {
    user(): Promise<Record<string, unknown>>;
    getUser(id: string): Promise<Record<string, unknown>>;
    listUsers(page?: Record<string, string>): Promise<Record<string, unknown>>;
    createUser(user: object): Promise<Record<string, unknown>>;
    updateUser(id: string, values: object): Promise<Record<string, unknown>>;
    deleteUser(id: string): Promise<unknown>;
  }

  interface Bucket {
    upload(name: string, body: BodyInit, options?: { upsert?: boolean; contentType?: string }): Promise<Record<string, unknown>>;
    download(name: string): Promise<Response>;
    list(prefix?: string, options?: object): Promise<Record<string, unknown>[]>;
    remove(names: string | string[]): Promise<unknown>;
  }

  interface Caller {
    readonly role: 'anon' | 'authenticated' | 'service_role';
    /** The user's id, where a user calls. */
    readonly id?: string;
    /** The claims of the user's token. */
    readonly claims?: Readonly<Record<string, unknown>>;
  }

  type Operation = 'insert' | 'update' | 'delete';

  interface RowChange<Row extends object> {
    readonly type: Operation;
    readonly schema: string;
    readonly table: string;
    /** The row as it will be or is; null of a delete. */
    readonly record: Row | null;
    /** The row as it was; null of an insert. */
    readonly old_record: Row | null;
  }

  /** A write that has not happened yet. */
  interface BeforeEvent<Row extends object = Record<string, unknown>> extends RowChange<Row> {
    readonly specversion?: undefined;
  }

  /** A user, as a hook on `users` sees it; it may change the metadata. */
  interface User extends Record<string, unknown> {
    readonly id: string;
    readonly email: string;
    readonly role: string;
    readonly is_anonymous: boolean;
    user_metadata: Record<string, unknown>;
    app_metadata: Record<string, unknown>;
  }

  /** An object, as a hook on `objects` sees it; it may change the type, the cache control and the user's metadata. */
  interface StoredObject extends Record<string, unknown> {
    readonly bucket_id: string;
    readonly name: string;
    readonly owner_id: string | null;
    metadata: { mimetype: string; cacheControl: string; readonly size: number } & Record<string, unknown>;
    user_metadata: Record<string, unknown> | null;
  }

  /** A write that has: a CloudEvent 1.0. The same event may come again, under the same id. */
  interface AfterEvent<Row extends object = Record<string, unknown>> {
    readonly specversion: '1.0';
    readonly id: string;
    readonly source: string;
    readonly type: string;
    readonly subject?: string;
    readonly time: string;
    readonly data: RowChange<Row>;
  }

  /** Nothing lets the row pass, `record` is the whole row instead, `reject` refuses the write. Of an after event it has no meaning. */
  type EventAnswer<Row extends object> =
    | void
    | undefined
    | null
    | { record: Row }
    | { reject: { status?: number; code?: string; message?: string } };

  type Runtime = 'js' | 'nodejs' | 'python' | 'java' | 'provided' | 'http';
  type Signature = 'basalt' | 'lambda' | 'openwhisk' | 'kubeless' | 'functions-framework' | 'azure';

  /** `basalt.function.yaml` or `.json`. */
  interface Manifest {
    name?: string;
    runtime?: Runtime;
    signature?: Signature;
    entrypoint?: string;
    handler?: string;
    url?: string;
    build?: boolean;
    timeoutMs?: number;
    memoryMb?: number;
    maxNestedGbSeconds?: number;
    concurrency?: number;
    minInstances?: number;
    maxInstances?: number;
    idleMs?: number;
    queue?: number;
    public?: boolean;
    env?: Record<string, string>;
    secrets?: string[];
    egress?: string[];
    grants?: { service?: boolean };
    triggers?: Trigger[];
  }

  interface AnyTrigger {
    events: Operation[];
    timeoutMs?: number;
    onFailure?: 'reject' | 'allow';
  }

  interface BeforeTrigger extends AnyTrigger {
    when: 'before';
    /** Hooks on one write run in ascending order, those of the same order by their function's name; -1000 to 1000. */
    order?: number;
  }

  /** On rows of a table, before or after they are written, or on users and objects before. */
  type Trigger =
    | ((BeforeTrigger | (AnyTrigger & { when: 'after' })) & { on?: 'table'; table: string })
    | (BeforeTrigger & { on: 'users' | 'objects' });
}
