/** A limit of `man 2 getrlimit`, all bits set for none. */
export interface ResourceLimit {
  resource: bigint;
  soft: bigint;
  hard: bigint;
}

/** What ior was started with, before the runtime changed any of it. */
export interface Started {
  /** Mask of the ignored signals: bit 0 is signal 1. */
  ignored: bigint;
  /** Mask of the blocked signals. */
  blocked: bigint;
  /** Mask of the descriptors 0 to 2 that were closed. */
  closed: bigint;
  /** Descriptor of the working directory when the runtime could not start in it, `null` when ior is in it. */
  directory: number | null;
  /** Mask of the capabilities that ior has from the launch helper's file, and its user has not. */
  capabilities: bigint;
  /** Original values of the limits that were changed for ior. */
  limits: readonly ResourceLimit[];
}

/** The variable that the launch helper leaves, see launch/start.h. */
export const STARTED_VARIABLE = "IOR_STARTED";

/** The variable with the path of ior's own file, where it is one file: see launch/front.c. */
export const FRONT_VARIABLE = "IOR_FRONT";

/** The variables that `ior` sets for itself where the user has not, and the values it gives, which nobody writes so. */
export const OWN_VARIABLES = { MALLOC_ARENA_MAX: "01", MALLOC_MMAP_THRESHOLD_: "0x20000" } as const;

/** The helper's value for no descriptor. */
const NO_DESCRIPTOR = 2n ** 64n - 1n;

/** Numbers before the limits, and numbers per limit. */
const FIXED = 6;
const OF_LIMIT = 3;

/** SIGPIPE, which the runtime sets to be ignored. */
const SIGPIPE_BIT = 1n << 12n;

/**
 * What ior was started with, from the helper's note. Without a note of this process, as in a plain `deno run`, the
 * status is used: what the runtime has changed by then is lost (the soft limit of open files, closed descriptors 0
 * to 2, whether SIGPIPE was ignored).
 *
 * @param note Value of {@linkcode STARTED_VARIABLE}.
 * @param pid This process.
 * @param status Text of `/proc/self/status`, read before any signal is listened to.
 */
export function startedFrom(note: string | undefined, pid: number, status: string): Started {
  const numbers = note !== undefined && /^\d+( \d+)*$/.test(note) ? note.split(" ").map(BigInt) : [];
  // Another number means that the note was inherited from another process.
  if (numbers[0] !== BigInt(pid) || (numbers.length - FIXED) % OF_LIMIT !== 0) {
    return {
      ignored: maskIn(status, "SigIgn") & ~SIGPIPE_BIT,
      blocked: maskIn(status, "SigBlk"),
      closed: 0n,
      directory: null,
      capabilities: 0n,
      limits: [],
    };
  }
  const [, ignored, blocked, closed, directory, capabilities, ...rest] = numbers;
  const limits: ResourceLimit[] = [];
  for (let i = 0; i < rest.length; i += OF_LIMIT) {
    limits.push({ resource: rest[i], soft: rest[i + 1], hard: rest[i + 2] });
  }
  return {
    ignored,
    blocked,
    closed,
    directory: directory === NO_DESCRIPTOR ? null : Number(directory),
    capabilities,
    limits,
  };
}

function maskIn(status: string, field: string): bigint {
  const found = new RegExp(`^${field}:\\s*([0-9a-f]+)$`, "m").exec(status);
  return found ? BigInt(`0x${found[1]}`) : 0n;
}
