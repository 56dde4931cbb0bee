import { waitFor } from "../wait.ts";
import { run } from "./system.ts";

/** A control group of a test; disposing it removes it with the groups below it, once their processes have ended. */
export interface ControlGroup extends AsyncDisposable {
  /** Its path in the hierarchy. */
  path: string;
  /** Its directory. */
  directory: string;
  /** Moves a process into it. */
  take(pid: number): void;
  /** Makes a group below it. */
  make(name: string): ControlGroup;
}

let groups = 0;

/** Makes a control group directly below the root. Mounts the hierarchy (cgroup v2) when the machine has not done so. */
export function makeGroup(): ControlGroup {
  return newGroup(mountPoint());
}

/** Makes a group whose threads may run for so many percent of the time, and says for how long they were kept from it. */
export function makeProcessorGroup(percent: number): ControlGroup & { throttledNs(): number } {
  const periodUs = 100_000;
  const quotaUs = periodUs * percent / 100;
  const { group, isUnified } = makeLimited("cpu", "cpu");
  if (isUnified) {
    Deno.writeTextFileSync(`${group.directory}/cpu.max`, `${quotaUs} ${periodUs}`);
  } else {
    Deno.writeTextFileSync(`${group.directory}/cpu.cfs_period_us`, `${periodUs}`);
    Deno.writeTextFileSync(`${group.directory}/cpu.cfs_quota_us`, `${quotaUs}`);
  }
  return {
    ...group,
    throttledNs() {
      const stat = Deno.readTextFileSync(`${group.directory}/cpu.stat`);
      const [, unit, time] = /^throttled_(usec|time) (\d+)$/m.exec(stat)!;
      return Number(time) * (unit === "usec" ? 1000 : 1);
    },
  };
}

/** Makes a group that may read so many bytes a second of a block device, `MAJOR:MINOR`. */
export function makeReadGroup(device: string, bytesPerSecond: number): ControlGroup {
  const { group, isUnified } = makeLimited("blkio", "io");
  const [file, limit] = isUnified ? ["io.max", "rbps="] : ["blkio.throttle.read_bps_device", ""];
  Deno.writeTextFileSync(`${group.directory}/${file}`, `${device} ${limit}${bytesPerSecond}`);
  return group;
}

/** A group with a controller: in its own hierarchy (cgroup v1), or in the unified one, where it has another name. */
function makeLimited(v1: string, v2: string): { group: ControlGroup; isUnified: boolean } {
  const own = mounted(new RegExp(` - cgroup \\S+ \\S*\\b${v1}\\b`));
  const root = own ?? mountPoint();
  if (own === undefined) Deno.writeTextFileSync(`${root}/cgroup.subtree_control`, `+${v2}`);
  return { group: newGroup(root), isUnified: own === undefined };
}

function newGroup(root: string): ControlGroup {
  return groupAt(root, `/ior_test_${Deno.pid}_${++groups}`);
}

function groupAt(root: string, path: string): ControlGroup {
  const directory = root + path;
  Deno.mkdirSync(directory);
  const below: ControlGroup[] = [];
  return {
    path,
    directory,
    take: (pid) => Deno.writeTextFileSync(`${directory}/cgroup.procs`, String(pid)),
    make(name) {
      const group = groupAt(root, `${path}/${name}`);
      below.push(group);
      return group;
    },
    async [Symbol.asyncDispose]() {
      for (const group of below) await group[Symbol.asyncDispose]();
      await waitFor(() => isRemoved(directory), { timeoutMs: 10_000, what: `${directory} to be empty` });
    },
  };
}

/** Removes a group; false while a process is in it. */
function isRemoved(directory: string): boolean {
  try {
    Deno.removeSync(directory);
    return true;
  } catch {
    return false;
  }
}

function mountPoint(): string {
  const known = mounted(/ - cgroup2 /);
  if (known !== undefined) return known;
  const aside = Deno.makeTempDirSync({ prefix: "ior_cgroup2_" });
  run("mount", "-t", "cgroup2", "cgroup2", aside);
  return aside;
}

function mounted(kind: RegExp): string | undefined {
  const mount = Deno.readTextFileSync("/proc/self/mountinfo").split("\n").find((line) => kind.test(line));
  return mount?.split(" ")[4];
}
