import { Reference } from './reference.js';

/** One condition: its name, and behind it what it asks for. Made by {@link Conditions}. */
export interface Filter {
  readonly name: string;
  /** An operator and its value, or the members of a group in parentheses. */
  readonly text: string;
}

/** How names and values are written where a filter goes. */
export interface Dialect {
  name(path: string): string;
  value(value: unknown): string;
  /** Of a list that is chosen from. */
  element(value: unknown): string;
  /** Of an array any element. */
  any(values: readonly unknown[]): string;
}

/** The operators of the grammar; docs/data.md and docs/documents.md say what they do. */
export type Operator =
  | 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte' | 'like' | 'ilike' | 'match' | 'imatch' | 'isdistinct'
  | 'cs' | 'cd' | 'ov' | 'fts' | 'plfts' | 'phfts' | 'wfts';

type Widened<V> = V extends string ? V | Date : V;

/** What a field that holds a `V` is compared with; a Date stands for its text in ISO 8601. */
export type Operand<V> = Widened<NonNullable<V>>;

/** What an array or object is asked to contain: all of these. */
export type Contained<V> = NonNullable<V> extends readonly (infer E)[] ? E | readonly E[] : Operand<V> | Partial<NonNullable<V>>;

/** Conditions joined by and, on fields `F` (a name to what stands there). What comes of adding one is an `R`. */
export abstract class Conditions<F, R> {
  protected abstract readonly dialect: Dialect;
  protected abstract adding(filter: Filter): R;

  /** A condition by the operator's name. */
  where<P extends keyof F & string>(path: P, operator: Operator, value: Operand<F[P]> | readonly unknown[]): R {
    return this.adding({ name: this.dialect.name(path), text: `${operator}.${this.dialect.value(value)}` });
  }

  /** Is that value. Null finds what is null, or of a document missing. */
  eq<P extends keyof F & string>(path: P, value: Operand<F[P]> | null): R {
    return value === null ? this.isNull(path) : this.where(path, 'eq', value);
  }

  /** Is another value; of documents null is one. What is missing, and in a table null, is none. */
  neq<P extends keyof F & string>(path: P, value: Operand<F[P]> | null): R {
    return value === null ? this.isNotNull(path) : this.where(path, 'neq', value);
  }

  /** Is greater. Of documents: among values of the same type. */
  gt<P extends keyof F & string>(path: P, value: Operand<F[P]>): R {
    return this.where(path, 'gt', value);
  }

  gte<P extends keyof F & string>(path: P, value: Operand<F[P]>): R {
    return this.where(path, 'gte', value);
  }

  lt<P extends keyof F & string>(path: P, value: Operand<F[P]>): R {
    return this.where(path, 'lt', value);
  }

  lte<P extends keyof F & string>(path: P, value: Operand<F[P]>): R {
    return this.where(path, 'lte', value);
  }

  /** Is one of these. */
  in<P extends keyof F & string>(path: P, values: readonly Operand<F[P]>[]): R {
    return this.adding({ name: this.dialect.name(path), text: `in.(${values.map((value) => this.dialect.element(value)).join()})` });
  }

  /** Matches a pattern, in which `*` and `%` are any text and `_` any character. */
  like<P extends keyof F & string>(path: P, pattern: string): R {
    return this.adding({ name: this.dialect.name(path), text: `like.${this.dialect.value(pattern)}` });
  }

  /** {@link like} whatever the case. */
  ilike<P extends keyof F & string>(path: P, pattern: string): R {
    return this.adding({ name: this.dialect.name(path), text: `ilike.${this.dialect.value(pattern)}` });
  }

  /** Holds an element, or all of several; an object holds what a smaller object says. */
  contains<P extends keyof F & string>(path: P, value: Contained<F[P]>): R {
    return this.adding({ name: this.dialect.name(path), text: `cs.${this.dialect.value(value)}` });
  }

  /** An array that has an element in common with these, which are no lists or objects. */
  overlaps<P extends keyof F & string>(path: P, values: readonly (string | number | boolean | Date)[]): R {
    return this.adding({ name: this.dialect.name(path), text: `ov.${this.dialect.any(values)}` });
  }

  /** Holds the words, as one types them into a search box. */
  search<P extends keyof F & string>(path: P, words: string, configuration?: string): R {
    const operator = configuration === undefined ? 'wfts' : `wfts(${configuration})`;
    return this.adding({ name: this.dialect.name(path), text: `${operator}.${this.dialect.value(words)}` });
  }

  isNull<P extends keyof F & string>(path: P): R {
    return this.adding({ name: this.dialect.name(path), text: 'is.null' });
  }

  isNotNull<P extends keyof F & string>(path: P): R {
    return this.adding({ name: this.dialect.name(path), text: 'not.is.null' });
  }

  /** At least one of several: `or((is) => [is.eq('a', 1), is.gt('b', 2)])`. */
  or(conditions: Build<F>): R {
    return this.adding(this.#group('or', conditions));
  }

  /** All of several, which is of use within `or` and `not`. */
  and(conditions: Build<F>): R {
    return this.adding(this.#group('and', conditions));
  }

  /** Not all of several. */
  not(conditions: Build<F>): R {
    return this.adding(this.#group('not.and', conditions));
  }

  #group(name: string, conditions: Build<F>): Filter {
    return { name, text: `(${grouped(conditions(new Where<F>(this.dialect)))})` };
  }
}

/** Says the conditions of a group. */
export type Build<F> = (is: Where<F>) => readonly Filter[];

/** The conditions themselves, for groups. */
export class Where<F> extends Conditions<F, Filter> {
  protected override readonly dialect: Dialect;

  constructor(dialect: Dialect) {
    super();
    this.dialect = dialect;
  }

  protected override adding(filter: Filter): Filter {
    return filter;
  }
}

/** Filters as they stand within the parentheses of a group. */
export function grouped(filters: readonly Filter[]): string {
  if (filters.length === 0) throw new TypeError('a group holds at least one condition');
  return filters.map(({ name, text }) => (text[0] === '(' ? name + text : `${name}.${text}`)).join();
}

const WORDS = /^(and|or|not|asc|desc|nullsfirst|nullslast|select|order|limit|group|cursor|count|n?eq|gte?|lte?|i?like|i?match|in|is|isdistinct|c[sd]|ov|s[lr]|nx[rl]|adj|(pl|ph|w)?fts)$/;

/** A name of the grammar, in quotes where it would be taken for something else. */
export function named(name: string): string {
  return /^[\w$]+$/.test(name) && !WORDS.test(name) ? name : quoted(name);
}

/** A text in quotes. The backslash before a brace keeps a batch from taking `${…}` in it for a reference. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\{]/g, '\\$&')}"`;
}

/** A value that has no parts, as both dialects write it; undefined for any other. */
function scalar(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (Number.isFinite(value)) return String(value);
      break;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      if (value instanceof Date) return quoted(value.toISOString());
      if (value !== null) return undefined;
  }
  throw new TypeError(`${value} is no value that a filter compares with`);
}

/** Filters on documents: a quoted value is a string, any other what JSON takes it for. */
export const documents: Dialect = {
  name: (path) => (path.includes('"') ? path : path.split('.').map(named).join('.')),
  value: (value) => scalar(value) ?? JSON.stringify(value),
  // The list takes quotes and backslashes off, and what is left spells a value.
  element: (value) => {
    const text = value instanceof Date ? value.toISOString() : value;
    return quoted(typeof text === 'string' ? `"${text}"` : documents.value(text));
  },
  any: (values) => {
    if (values.some((value) => scalar(value) === undefined)) throw new TypeError('a list or object is no element to have in common');
    return array(values);
  },
};

/** Filters on tables: every value is a text of the column's type. */
export const tables: Dialect = {
  name: (column) => (column.includes('->') ? column : named(column)),
  value: (value) => {
    if (value instanceof Reference) return String(value);
    return Array.isArray(value) ? tables.any(value) : (scalar(value) ?? quoted(JSON.stringify(value)));
  },
  element: (value) => tables.value(value),
  any: (values) => quoted(array(values)),
};

/** PostgreSQL's text form of an array. */
function array(values: readonly unknown[]): string {
  const element = (value: unknown) => {
    if (value === null) return 'NULL';
    if (value instanceof Date) return `"${value.toISOString()}"`;
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return `"${text.replace(/["\\]/g, '\\$&')}"`;
  };
  return `{${values.map(element).join()}}`;
}
