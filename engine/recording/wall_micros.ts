const NS_PER_US = 1_000;

/**
 * Microseconds since 1970, cut, of times since `startedWallNs` (nanoseconds since 1970). Exact until the year 2255, when they go
 * beyond the whole numbers of a double.
 */
export function wallMicros(startedWallNs: bigint): (timeNs: number) => number {
  const startNs = Number(startedWallNs % BigInt(NS_PER_US));
  const startUs = Number(startedWallNs / BigInt(NS_PER_US));
  return (timeNs) => {
    const ns = startNs + timeNs;
    const us = Math.floor(ns / NS_PER_US);
    // Of a time of months the quotient may be rounded up to the next whole one.
    return startUs + (us * NS_PER_US > ns ? us - 1 : us);
  };
}
