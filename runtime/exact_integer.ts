/** Integers of any size: a number where a double holds it exactly, a bigint beyond. */

/** A count, a sum or a return value: a number where it is exact, a bigint where it is not. */
export type ExactInteger = number | bigint;

/** The integer as a number when that is exact. */
export function exactInteger(value: bigint): ExactInteger {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** The sum, exactly. */
export function exactSum(values: readonly ExactInteger[]): ExactInteger {
  // Doubles are exact as long as no sum on the way is too large, and many times faster.
  let near = 0;
  for (const value of values) {
    if (typeof value === "bigint" || !Number.isSafeInteger(near += value)) return sumOfBigints(values);
  }
  return near;
}

/** `a - b`, exactly. */
export function exactDifference(a: ExactInteger, b: ExactInteger): ExactInteger {
  if (typeof a === "number" && typeof b === "number" && Number.isSafeInteger(a - b)) return a - b;
  return exactInteger(BigInt(a) - BigInt(b));
}

function sumOfBigints(values: readonly ExactInteger[]): ExactInteger {
  return exactInteger(values.reduce<bigint>((sum, value) => sum + BigInt(value), 0n));
}
