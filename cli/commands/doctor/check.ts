/** Whether a requirement is met: partly is `degraded`, and `unknown` is what this machine does not tell. */
export type CheckStatus = "ok" | "degraded" | "missing" | "unknown";

/** One requirement of ior, and what this machine has of it. */
export interface Check {
  /** Its name, the same on all machines. */
  name: string;
  status: CheckStatus;
  /** What was found, in one line. */
  found: string;
  /** What ior cannot do because of it; `null` when nothing. */
  costs: string | null;
  /** What to do about it; `null` when nothing has to be done, or nothing can be. */
  mend: string | null;
}

/** A requirement that is met. */
export function met(name: string, found: string): Check {
  return { name, status: "ok", found, costs: null, mend: null };
}
