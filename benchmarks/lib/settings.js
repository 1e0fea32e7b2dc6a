// What a run can be told by its environment.

const number = (name, value) => {
  const given = process.env[name];
  if (given === undefined) {
    return value;
  }
  if (!/^\d+$/.test(given) || Number(given) === 0) {
    throw new Error(`${name} must be a whole number above 0`);
  }
  return Number(given);
};

/** Seconds of one measured round. */
export const seconds = number('BENCH_SECONDS', 10);
/** Seconds each side is warmed up before its first round. */
export const warmup = number('BENCH_WARMUP', 20);
/** Measured rounds of each side. */
export const rounds = number('BENCH_ROUNDS', 5);
/** Rows of the table that is read. */
export const rows = number('BENCH_ROWS', 100_000);
