/** The classes of calls known from strace's `-e trace=`, derived from ior's table of calls. */
import type { ArgRole, Kind, Syscall } from "../../runtime/syscalls/mod.ts";

const PATHS: readonly ArgRole[] = ["path", "old_path", "target", "from"];
const DESCRIPTORS: readonly ArgRole[] = ["fd", "anon_fd", "src", "dst", "dir"];

const has = (call: Syscall, roles: readonly ArgRole[]) => call.args.some((role) => roles.includes(role));
const does = (call: Syscall, ...kinds: Kind[]) => kinds.some((kind) => call.kinds.includes(kind));

const CLASSES: Readonly<Record<string, (call: Syscall) => boolean>> = {
  file: (call) => has(call, PATHS) || call.returns === "cwd",
  desc: (call) => has(call, DESCRIPTORS) || call.returns === "fd" || call.name === "close_range",
  network: ({ family, name }) => family === "Network" || name === "sendfile",
  process: (call) =>
    does(call, "fork", "exec", "exit") || /^(wait4|waitid|t?g?kill|rt_(tg)?sigqueueinfo)$/.test(call.name),
  memory: (call) => call.family === "Memory" || /^shm(at|dt)$/.test(call.name),
  signal: ({ family }) => family === "Signals",
  ipc: ({ name }) => /^(msg|sem|shm)/.test(name),
  creds: ({ name }) => /^([gs]et(re|res|fs)?[ug]id|get(e)[ug]id|[gs]etgroups|cap[gs]et|prctl)$/.test(name),
  clock: ({ name }) => /^(clock_|[gs]ettimeofday$|adjtimex$|time$)/.test(name),
  stat: ({ name }) => name === "stat",
  lstat: ({ name }) => name === "lstat",
  fstat: ({ name }) => /^(fstat|newfstatat)$/.test(name),
  statfs: ({ name }) => name === "statfs",
  fstatfs: ({ name }) => name === "fstatfs",
  "%stat": ({ name }) => /^(|l|f)stat$|^newfstatat$|^statx$/.test(name),
  "%statfs": ({ name }) => /^(f?statfs|ustat)$/.test(name),
  pure: ({ name }) => /^get(p|pp|t|u|eu|g|eg)id$|^getpgrp$/.test(name),
  all: () => true,
};

/** Other names that strace has for a class. */
const ALIASES: Readonly<Record<string, string>> = { net: "network", fs: "file" };

/** Names of the classes, with their sign. */
export const STRACE_CLASSES: readonly string[] = Object.keys(CLASSES).map((name) => `%${name}`);

/** The test of the class with this name, including the sign; `null` for an unknown class. */
export function straceClass(name: string): ((call: Syscall) => boolean) | null {
  const key = name.slice(1).toLowerCase();
  return CLASSES[ALIASES[key] ?? key] ?? null;
}
