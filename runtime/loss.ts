/** Kinds of loss, by the names that every output uses. */
export const LOSS_KINDS = [
  /** The ring had no room for the call's record or for a name it needs. */
  "ring_full",
  /** The kernel had no memory for the thread's state. */
  "storage_full",
  /** The kernel skipped a run of the programs. */
  "skipped",
  /** The call was made through the 32-bit table, which is decoded on x86-64 only. */
  "compat_32bit",
] as const;

/** One of {@linkcode LOSS_KINDS}. */
export type LossKind = typeof LOSS_KINDS[number];

/** Lost calls by kind. */
export interface LossBy extends Record<LossKind, number> {
  /** Calls that were seen, and not shown any more when ior was told to stop; left out when there are none. */
  not_shown?: number;
}

/**
 * Calls lost so far. `unknown` means that the counters could not be read, and is never shown as none.
 * `calls` is the sum of `by`.
 */
export type Loss =
  & (
    | { state: "none"; calls: 0; by: LossBy }
    | { state: "some"; calls: number; by: LossBy }
    | { state: "unknown"; calls: null; by: null }
  )
  & {
    /** Calls that are not lost and whose files, or thread too, are not known; left out when there are none. */
    unnamed?: number;
  };

/** Builds the {@linkcode Loss} of counters that were read. */
export function lossOf(by: LossBy): Loss {
  let calls = by.not_shown ?? 0;
  for (const kind of LOSS_KINDS) calls += by[kind];
  return calls === 0 ? { state: "none", calls: 0, by } : { state: "some", calls, by };
}

/** Whether a larger ring would have kept some of the calls that are lost. */
export function wasRingFull({ by }: { by: Partial<LossBy> | null }): boolean {
  return (by?.ring_full ?? 0) > 0;
}

/** A {@linkcode Loss} and the calls that were seen and not shown. */
export function withNotShown(loss: Loss, calls: number): Loss {
  if (calls === 0 || loss.state === "unknown") return loss;
  return withUnnamed(lossOf({ ...loss.by, not_shown: calls }), loss.unnamed ?? 0);
}

/** A {@linkcode Loss} and the calls without names. */
export function withUnnamed(loss: Loss, unnamed: number): Loss {
  return unnamed === 0 ? loss : { ...loss, unnamed };
}

/** What two traces have lost, one after the other; unknown when either is. */
export function addLoss(a: Loss, b: Loss): Loss {
  const unnamed = (a.unnamed ?? 0) + (b.unnamed ?? 0);
  if (a.by === null || b.by === null) return withUnnamed(UNKNOWN_LOSS, unnamed);
  const by = { ...a.by };
  for (const kind of LOSS_KINDS) by[kind] += b.by[kind];
  return withUnnamed(withNotShown(lossOf(by), (a.by.not_shown ?? 0) + (b.by.not_shown ?? 0)), unnamed);
}

/** The {@linkcode Loss} of counters that could not be read. */
export const UNKNOWN_LOSS: Loss = { state: "unknown", calls: null, by: null };

/** ior's own cost. */
export interface Cost {
  /** CPU time of ior's process, user and system, nanoseconds. */
  cpuNs: number;
  /** Mean time of a run of the kernel programs, nanoseconds, as measured by the kernel; `null` when it saw too few. */
  bpfNsPerRun: number | null;
  /** Largest resident set of ior's process, bytes. */
  maxRssBytes: number;
}
