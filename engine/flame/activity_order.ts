/** Bits of a digit; two digits hold the ages of a run of four million batches. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Indexes of `activity` by value, least first, the last of equal ones first. A radix sort of the distances from the least
 * value, digit by digit: ten times as fast as sorting numbers, because most ages have one digit.
 */
export function leastActiveFirst(activity: Int32Array): Int32Array {
  const { length } = activity;
  let largest = 0;
  let smallest = Infinity;
  for (const value of activity) {
    if (value > largest) largest = value;
    if (value < smallest) smallest = value;
  }
  let order = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = length - 1 - i;
  // JavaScript takes shift counts modulo 32.
  for (let shift = 0; shift < 32 && (largest - smallest) >>> shift > 0; shift += DIGIT_BITS) {
    order = byDigit(order, (index) => (activity[index] - smallest) >>> shift & (DIGITS - 1));
  }
  return order;
}

/**
 * Indexes of nodes in the order of folding: first the less active half, deepest first, so that programs and directories
 * stay longest; then the others, least active first. A node comes after all nodes below it, because none of them is more
 * active.
 */
export function foldingOrder(activity: Int32Array, depth: Int32Array): Int32Array {
  const order = leastActiveFirst(activity);
  const half = order.subarray(0, order.length >> 1);
  half.set(byDigit(half, (index) => DIGITS - 1 - Math.min(depth[index], DIGITS - 1)));
  return order;
}

/** Sorts indexes by one digit; those with equal digits keep their order. */
function byDigit(order: Int32Array, digitOf: (index: number) => number): Int32Array<ArrayBuffer> {
  const places = new Int32Array(DIGITS + 1);
  for (const index of order) places[digitOf(index) + 1]++;
  for (let digit = 0; digit < DIGITS; digit++) places[digit + 1] += places[digit];
  const sorted = new Int32Array(order.length);
  for (const index of order) sorted[places[digitOf(index)]++] = index;
  return sorted;
}
