/** Where control groups that limit memory are made, and how the limit's file is called: version 1 and version 2. */
const PLACES = [
  { root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
  { root: "/sys/fs/cgroup", limit: "memory.max" },
] as const;

/** A group of processes that may use only so much memory, the kernel's for them included. */
export interface MemoryLimit extends Disposable {
  /** Its directory. */
  directory: string;
  /** Words put before a command to run it inside. */
  wrapper: string[];
}

/** Makes such a group; `null` where the machine has none to make. */
export function limitMemory(bytes: number): MemoryLimit | null {
  for (const { root, limit } of PLACES) {
    const group = `${root}/ior-test-${Deno.pid}`;
    try {
      Deno.mkdirSync(group);
    } catch {
      continue;
    }
    try {
      Deno.writeTextFileSync(`${group}/${limit}`, String(bytes), { create: false });
    } catch {
      Deno.removeSync(group);
      continue;
    }
    return {
      directory: group,
      wrapper: ["sh", "-c", `echo $$ > ${group}/cgroup.procs && exec "$@"`, "sh"],
      [Symbol.dispose]: () => Deno.removeSync(group),
    };
  }
  return null;
}
