import type { FieldPath, ValueAt } from './fields.js';

declare const of: unique symbol;

/** A change that the server works out, on a field that holds a `V`. */
export interface Transform<V> {
  readonly [of]?: V;
}

/** Transforms by the paths of the fields that they change. */
export type Transforms<T> = { readonly [P in FieldPath<T>]?: Transform<NonNullable<ValueAt<T, P>>> };

/** Adds to a number; what is none counts as 0. */
export const increment = (by: number): Transform<number> => ({ increment: by }) as Transform<number>;

/** Makes a number at least this. */
export const max = (least: number): Transform<number> => ({ max: least }) as Transform<number>;

/** Makes a number at most this. */
export const min = (most: number): Transform<number> => ({ min: most }) as Transform<number>;

/** Adds to an array what is not in it. */
export const arrayUnion = <E>(...elements: E[]): Transform<E[]> => ({ arrayUnion: elements }) as Transform<E[]>;

/** Takes out of an array whatever equals one of these. */
export const arrayRemove = <E>(...elements: E[]): Transform<E[]> => ({ arrayRemove: elements }) as Transform<E[]>;

/** The time of the commit, as RFC 3339. */
export const serverTimestamp = (): Transform<string> => ({ serverTimestamp: true }) as Transform<string>;
