/**
 * A value that an earlier request of a batch will have returned: the server puts it where this stands, in a body or as the
 * value of a filter.
 */
export class Reference<V> {
  /** What it stands for; there at compile time alone. */
  declare readonly type: V;
  readonly #steps: readonly string[];

  constructor(steps: readonly string[]) {
    this.#steps = steps;
  }

  /** How it stands in a body: a JSON pointer (RFC 6901) into the list of answers. */
  toJSON(): { $ref: string } {
    return { $ref: `#/${this.#steps.map((step) => step.replace(/~/g, '~0').replace(/\//g, '~1')).join('/')}` };
  }

  /** How it stands in a query string. */
  toString(): string {
    const odd = this.#steps.find((step) => /[.[\]{}]|^$/.test(step));
    if (odd !== undefined) throw new TypeError(`'${odd}' can't be named in a filter; a body can refer to it`);
    return `\${${this.#steps.join('.')}}`;
  }
}
