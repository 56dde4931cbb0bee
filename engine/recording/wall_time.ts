/** RFC 3339 in UTC, with nanoseconds or any fewer digits. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/** Nanoseconds since 1970 of a timestamp, `null` for text that is none. */
export function parseWallTime(text: string): bigint | null {
  const match = TIMESTAMP.exec(text);
  const ms = match === null ? NaN : Date.parse(`${match[1]}Z`);
  if (match === null || Number.isNaN(ms)) return null;
  return BigInt(ms) * 1_000_000n + BigInt((match[2] ?? "").padEnd(9, "0"));
}
