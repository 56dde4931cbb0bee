const NS_PER_US = 1_000;

/**
 * Converts times since `startedWallNs` (nanoseconds since 1970) to microseconds since 1970, truncated. Exact until the year
 * 2255, beyond which a double does not hold them.
 */
export function wallMicros(startedWallNs: bigint): (timeNs: number) => number {
  const startNs = Number(startedWallNs % BigInt(NS_PER_US));
  const startUs = Number(startedWallNs / BigInt(NS_PER_US));
  return (timeNs) => {
    const ns = startNs + timeNs;
    const us = Math.floor(ns / NS_PER_US);
    // For times of months the quotient may be rounded up to the next integer.
    return startUs + (us * NS_PER_US > ns ? us - 1 : us);
  };
}
