import type { RowRecord } from "./rows.ts";
import type { ComparedCall } from "./strace_log_rows.ts";

/** A difference that is known, and why it is no fault. */
interface Explanation {
  why: string;
  /** Makes the two sides alike where this explains them; answers with the very same call where it does not. */
  alike(call: ComparedCall): ComparedCall;
}

/** Explanations that have explained something in this run: one that never does is to be removed. */
const used = new Set<Explanation>();

const inPaths = (why: string, pattern: RegExp, text: string): Explanation => ({
  why,
  alike(call) {
    const replaced = (path: string | null) => path?.replace(pattern, text) ?? null;
    const [path, old_path] = [replaced(call.path), replaced(call.old_path)];
    return path === call.path && old_path === call.old_path ? call : { ...call, path, old_path };
  },
});

const inResult = (why: string, calls: readonly string[]): Explanation => ({
  why,
  alike: (call) =>
    calls.includes(call.syscall) && call.ret !== null && call.ret > 0n ? { ...call, ret: 1n } : call,
});

/** What the tracers say differently of the same call. */
const TRACERS: readonly Explanation[] = [
  {
    why: "the value of rt_sigreturn is the register that it restores, not a result; ior shows none",
    alike: (call) => call.syscall === "rt_sigreturn" ? { ...call, ret: null, errno: null } : call,
  },
];

/** What differs between two runs of the same program, whoever watches. */
const RUNS: readonly Explanation[] = [
  inResult("addresses: the kernel gives each run others", ["brk", "mmap", "mremap"]),
  inResult("numbers of processes and threads: no two runs share them", [
    "clone",
    "clone3",
    "vfork",
    "getpid",
    "getppid",
    "gettid",
    "set_tid_address",
    "wait4",
  ]),
  inPaths(
    "inode numbers of pipes and sockets count up",
    /^(pipe|UNIX-[A-Z]+|TCP|NETLINK):\[\d+(->\d+)?\]$/,
    "$1:[N]",
  ),
  inPaths("git: names of new objects until they are complete are random", /\/tmp_obj_\w{6}$/, "/tmp_obj_X"),
  inPaths("git: the name with which init tries symlinks is random", /\/\.git\/t\w{6}$/, "/.git/tX"),
  inPaths("gcc: names of temporary files are random", /\/cc\w{6}((?:\.\w+)+)$/, "/ccX$1"),
];

/** Calls that one run makes more often than another, and why; they are left out where runs are compared. */
const COUNTS: readonly Explanation[] = [
  {
    why:
      "the C library asks again for 8 random bytes when a temporary name from them would not be random enough",
    alike: (call) => call.syscall === "getrandom" && call.ret === 8n ? { ...call, syscall: "" } : call,
  },
];

/** The reasons of explanations that no comparison of this run has needed; those of counts are seldom needed. */
export function unusedExplanations(): string[] {
  return [...TRACERS, ...RUNS].filter((one) => !used.has(one)).map(({ why }) => why);
}

function explained(call: ComparedCall, by: readonly Explanation[]): ComparedCall {
  for (const one of by) {
    const alike = one.alike(call);
    if (alike !== call) used.add(one);
    call = alike;
  }
  return call;
}

/** The calls of a trace of ior, in the words of a comparison. */
export function callsOfRows(rows: readonly RowRecord[]): ComparedCall[] {
  return rows.map(({ tid, syscall, fd, path, old_path, ret, errno, latency_ns }) => ({
    tid,
    syscall,
    fd,
    path,
    old_path,
    ret: ret === null || errno !== null ? null : BigInt(ret),
    errno,
    durationNs: latency_ns,
  }));
}

/** One call in one line, without what is not compared. */
export function callText({ syscall, fd, path, old_path, ret, errno }: ComparedCall): string {
  const parts = [`fd=${fd}`, `path=${path}`, `old_path=${old_path}`, `ret=${ret}`, `errno=${errno}`];
  return [syscall, ...parts.filter((part) => !part.endsWith("=null"))].join(" ");
}

/** Differences that are shown; the first ones say what is wrong. */
const SHOWN = 30;

/**
 * Compares what both tracers say of one run: each thread's calls, in their order, with every value.
 *
 * @returns Lines of the difference (`-` strace, `+` ior), none when there is none.
 */
export function differencesOfOneRun(strace: readonly ComparedCall[], ior: readonly ComparedCall[]): string[] {
  const lines: string[] = [];
  const found = ior.map((call) => explained(call, TRACERS));
  const lastUses = lastUsesOfSockets(found);
  const byThread = Map.groupBy([...found.entries()], ([, call]) => call.tid);
  for (const [tid, wanted] of Map.groupBy(strace.map((call) => explained(call, TRACERS)), ({ tid }) => tid)) {
    const rows = byThread.get(tid) ?? [];
    byThread.delete(tid);
    for (let i = 0; i < Math.max(wanted.length, rows.length); i++) {
      const [position, row] = rows[i] ?? [];
      const says = wanted[i] && callText(forgotten(wanted[i], row, position, lastUses));
      const finds = row && callText(row);
      if (says === finds && wanted[i]) {
        lines.push(...latencyLines(wanted[i], row!));
        continue;
      }
      lines.push(`thread ${tid}, call ${i + 1}`);
      if (says) lines.push(`- ${says}`);
      if (finds) lines.push(`+ ${finds}`);
      // A call too many or too few moves all that follow.
      if (wanted.length !== rows.length) {
        lines.push(`  … of ${wanted.length} calls by strace, ${rows.length} by ior`);
        break;
      }
    }
  }
  for (const [tid, rows] of byThread) {
    lines.push(`+ thread ${tid}, which strace does not know: ${callText(rows[0][1])}`);
  }
  return shortened(lines);
}

/**
 * strace remembers the other end of a socket that it has once seen; the kernel, and so ior, knows none once that end is
 * closed. So it must not be used any more.
 */
function forgotten(
  call: ComparedCall,
  row: ComparedCall | undefined,
  position: number | undefined,
  lastUses: Map<string, number>,
): ComparedCall {
  const [, own, peer] = /^(UNIX-\w+:\[\d+)->(\d+)\]$/.exec(call.path ?? "") ?? [];
  if (own === undefined || row?.path !== `${own}]`) return call;
  return (lastUses.get(peer) ?? -1) < position! ? { ...call, path: row.path } : call;
}

/** Where in the rows each socket is last used, by its inode number. */
function lastUsesOfSockets(rows: readonly ComparedCall[]): Map<string, number> {
  const uses = new Map<string, number>();
  rows.forEach(({ path }, index) => {
    const [, inode] = /^UNIX-\w+:\[(\d+)/.exec(path ?? "") ?? [];
    if (inode !== undefined) uses.set(inode, index);
  });
  return uses;
}

/** ior measures inside of what strace measures: ptrace's stop comes before the enter and after the exit. */
function latencyLines(strace: ComparedCall, ior: ComparedCall): string[] {
  if (strace.durationNs === null || ior.durationNs === null || ior.durationNs <= strace.durationNs) return [];
  return [
    `${callText(ior)} took ${ior.durationNs} ns by ior, more than the ${strace.durationNs} ns by strace`,
  ];
}

/**
 * Compares what the tracers say of one run each: the multiset of calls.
 *
 * @returns Lines of the difference (`-` strace, `+` ior), none when there is none.
 */
export function differencesOfTwoRuns(
  strace: readonly ComparedCall[],
  ior: readonly ComparedCall[],
): string[] {
  const counts = new Map<string, number>();
  const count = (calls: readonly ComparedCall[], step: number) => {
    for (const call of calls) {
      const alike = explained(call, [...TRACERS, ...RUNS, ...COUNTS]);
      if (alike.syscall === "") continue;
      const text = callText(alike);
      counts.set(text, (counts.get(text) ?? 0) + step);
    }
  };
  count(strace, 1);
  count(ior, -1);
  return shortened(
    [...counts].filter(([, balance]) => balance !== 0).map(([text, balance]) =>
      `${balance > 0 ? "-" : "+"} ${text} (${Math.abs(balance)} times)`
    ),
  );
}

function shortened(lines: string[]): string[] {
  return lines.length <= SHOWN
    ? lines
    : [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} lines more`];
}
