import { fileURLToPath } from "node:url";
import { scratchDirectory } from "./scratch.ts";

/** How this machine is asked for what a scenario needs; true when it is there. */
const PROBES: Record<string, () => boolean> = {
  io_uring: () => readable("/proc/sys/kernel/io_uring_disabled", "0"),
  // The kernel's configuration says less than a call: a hypervisor may refuse what the kernel would take.
  ia32: () => Deno.build.arch === "x86_64" && (makes32BitCall ??= succeeds("int80.c")),
  overlayfs: () => fileSystem("overlay"),
  time_namespace: () => exists("/proc/self/ns/time"),
  userfaultfd: () => exists("/proc/sys/vm/unprivileged_userfaultfd"),
  fanotify: () => exists("/proc/sys/fs/fanotify"),
  mqueue: () => fileSystem("mqueue"),
  memfd_secret: () => symbol("secretmem_init"),
  seccomp: () => exists("/proc/sys/kernel/seccomp"),
  unix_sockets: () => exists("/proc/net/unix"),
  ipv6: () => exists("/proc/net/if_inet6"),
};

/** The features among `needs` that this machine lacks. Throws on one that nothing asks for. */
export function missingFeatures(needs: readonly string[]): string[] {
  return needs.filter((need) => {
    if (need.startsWith("fs:")) return !fileSystem(need.slice("fs:".length));
    if (need.startsWith("symbol:")) return !symbol(need.slice("symbol:".length));
    const probe = PROBES[need];
    if (!probe) {
      throw new Error(
        `Nothing asks for the feature ${need}; known are ${
          Object.keys(PROBES).join(", ")
        }, fs:NAME, symbol:NAME`,
      );
    }
    return !probe();
  });
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function readable(path: string, wanted: string): boolean {
  return exists(path) && Deno.readTextFileSync(path).trim() === wanted;
}

function fileSystem(name: string): boolean {
  return Deno.readTextFileSync("/proc/filesystems").split("\n").some((line) => line.split("\t")[1] === name);
}

let makes32BitCall: boolean | null = null;

/** True when the program of a source beside this file ends with status 0. */
function succeeds(source: string): boolean {
  const program = `${scratchDirectory("feature")}/program`;
  const path = fileURLToPath(new URL(source, import.meta.url));
  const { success, stderr } = new Deno.Command("gcc", { args: ["-o", program, path] }).outputSync();
  if (!success) throw new Error(`gcc cannot compile ${path}:\n${new TextDecoder().decode(stderr)}`);
  return new Deno.Command(program).outputSync().success;
}

let symbols: string | null = null;

function symbol(pattern: string): boolean {
  symbols ??= Deno.readTextFileSync("/proc/kallsyms");
  return new RegExp(` (?:${pattern})$`, "m").test(symbols);
}
