/** Limits of the HTTP server: what a client may take of ior, which has a trace to look after. */
export const HTTP_LIMITS = {
  /** Connections: some scrapers, and people. Beyond it the one that has waited longest for a request is closed. */
  connections: 64,
  /** Requests answered at the same time: an answer may be some megabytes. */
  answers: 8,
  /** Bytes of a request with its headers: a token and what browsers send. */
  headBytes: 16 * 1024,
  /** Time of a request from its first byte to its last, milliseconds. */
  headMs: 5_000,
  /** Time between two requests of a connection, milliseconds: scrapers come every minute. */
  idleMs: 120_000,
  /** Time in which the client must take an answer, milliseconds. */
  answerMs: 30_000,
} as const;

/** The limits by which the server closes connections, for their counts. */
export type LimitName = "connections" | "head_time" | "idle_time" | "answer_time";
