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
  return groupAt(mountPoint(), `/ior_test_${Deno.pid}_${++groups}`);
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
  const known = mounted();
  if (known !== undefined) return known;
  const aside = Deno.makeTempDirSync({ prefix: "ior_cgroup2_" });
  run("mount", "-t", "cgroup2", "cgroup2", aside);
  return aside;
}

function mounted(): string | undefined {
  const mount = Deno.readTextFileSync("/proc/self/mountinfo").split("\n").find((line) =>
    / - cgroup2 /.test(line)
  );
  return mount?.split(" ")[4];
}
