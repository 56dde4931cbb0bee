/** What a trace can be asked to know of each call beside its record: the words of its options. */
export const CALL_EXTRAS = ["waits", "cache"] as const;

/** One of {@linkcode CALL_EXTRAS}. */
export type CallExtra = typeof CALL_EXTRAS[number];

/** The fields of a condition that only a trace with an extra knows. */
export const FIELDS_OF_EXTRAS = {
  waits: ["iowait", "blocked", "runqueue"],
  cache: ["fetched"],
} as const satisfies Record<CallExtra, readonly string[]>;
