// Numbers that a seed repeats (xorshift32, Marsaglia 2003).

export function generator(seed) {
  let state = seed >>> 0 || 1;
  const below = (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
  return { below, of: (list) => list[below(list.length)] };
}
