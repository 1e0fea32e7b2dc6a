// Types alone: what a document's type says of the paths into it.

/** A document of which nothing is known. */
export type AnyData = Record<string, any>;

type IsAny<T> = 0 extends 1 & T ? true : false;
type Scalar = string | number | boolean | bigint | symbol | null | undefined | Date | ((...args: never[]) => unknown);
type Shallower = [never, 0, 1, 2, 3, 4, 5];

type Below<K extends string, V, D extends number> = K | `${K}.${FieldPath<NonNullable<V>, Shallower[D]>}`;

/** The dotted paths into a `T`, six steps deep: `title`, `author.name`, `tags.0`. */
export type FieldPath<T, D extends number = 6> = [D] extends [0]
  ? never
  : IsAny<T> extends true
    ? string
    : T extends Scalar
      ? never
      : T extends readonly (infer E)[]
        ? Below<`${number}`, E, D>
        : string extends keyof T
          ? string
          : { [K in keyof T & string]-?: K extends `${string}.${string}` ? never : Below<K, T[K], D> }[keyof T & string];

type Member<T, K extends string> = T extends readonly (infer E)[]
  ? K extends `${number}` ? E : never
  : K extends keyof T ? T[K] : never;

/** What stands at a path of a `T`. */
export type ValueAt<T, P extends string> =
  IsAny<T> extends true
    ? any
    : P extends `${infer K}.${infer Rest}`
      ? ValueAt<NonNullable<Member<NonNullable<T>, K>>, Rest>
      : Member<NonNullable<T>, P>;

/** What of a document is its own and not its data's. */
export interface OwnFields {
  $id: string;
  $parent: string;
  $owner: string | null;
  $version: number;
  $createdAt: string;
  $updatedAt: string;
}

/** Every path that a query on documents of type `T` may name, with what stands there. */
export type DocumentFields<T> = { [P in FieldPath<T>]: ValueAt<T, P> } & OwnFields;

type Intersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;

type Part<T, P extends string> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof T ? { [Q in keyof Pick<T, K>]: Part<NonNullable<T[K]>, Rest> } : unknown
  : P extends keyof T ? Pick<T, P> : unknown;

/** What of a `T` is left when only some paths are selected. */
export type Selected<T, P extends string> = IsAny<T> extends true ? any : string extends keyof T ? T : Intersection<P extends unknown ? Part<T, P> : never>;

/** A merge patch (RFC 7396) of a `T`: null takes a member out, an array is replaced as a whole. */
export type MergePatch<T> =
  IsAny<T> extends true
    ? any
    : T extends Scalar | readonly unknown[] ? T : { [K in keyof T]?: MergePatch<NonNullable<T[K]>> | null };

/** An operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; from: string; path: string };
