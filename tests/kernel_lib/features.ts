import { fileURLToPath } from "node:url";
import { machineArch } from "../../bpf/machine.ts";
import { type Arch, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import { scratchDirectory } from "./scratch.ts";
import { twinOf } from "./twins.ts";

/** How this machine is asked for what a scenario needs; true when it is there. */
const PROBES: Record<string, () => boolean> = {
  io_uring: () => readable("/proc/sys/kernel/io_uring_disabled", "0"),
  // The kernel's configuration says less than a call: a hypervisor may refuse what the kernel would take.
  ia32: () => Deno.build.arch === "x86_64" && (makes32BitCall ??= succeeds("int80.c")),
  user_xattr: () => (keepsAttributes ??= succeeds("user_xattr.c")),
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
    if (need.startsWith("call:")) return missingNames(machineArch(), [need.slice("call:".length)]).length > 0;
    if (need.startsWith("symbol:")) return !symbol(need.slice("symbol:".length));
    const probe = PROBES[need];
    if (!probe) {
      throw new Error(
        `Nothing asks for the feature ${need}; known are ${
          Object.keys(PROBES).join(", ")
        }, call:NAME, fs:NAME, symbol:NAME`,
      );
    }
    return !probe();
  });
}

/**
 * System calls that a C source, with the headers beside it, makes by their names, and this architecture neither has nor makes by
 * another call.
 */
export function missingCalls(source: string, arch = machineArch()): string[] {
  const text = sourceText(source);
  const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name);
  const made = missingNames(arch, named(/\bCALL\(\s*(\w+)/g)).filter((name) => twinOf(arch, name) === null);
  return [...new Set([...made, ...missingNames(arch, named(/\bSYS_(\w+)/g))])];
}

/** Those of the calls of the table that an architecture has not. */
function missingNames(arch: Arch, names: readonly string[]): string[] {
  return SYSCALLS.filter((call) => syscallNumber(arch, call) === null).map(({ name }) => name)
    .filter((name) => names.includes(name));
}

function sourceText(source: string): string {
  const text = Deno.readTextFileSync(source);
  const folder = source.slice(0, source.lastIndexOf("/"));
  const headers = [...text.matchAll(/^#include "([^"]+)"/gm)].map(([, name]) => name)
    .filter((name) => name !== "twins.h").map((name) => sourceText(`${folder}/${name}`));
  return [text, ...headers].join("\n");
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
let keepsAttributes: boolean | null = null;

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
