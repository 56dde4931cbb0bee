/**
 * Holds the table of system calls and the names of errors against the kernel that runs and the headers that are
 * installed. The kernel tells names and arguments (tracefs), the headers tell numbers; for calls newer than the
 * headers, the call itself is made and the kernel names it.
 */
import assert from "node:assert/strict";
import { errnoName, errnoNumber } from "../../runtime/errno.ts";
import { I386_IPC, I386_NUMBERS, I386_SOCKETCALL } from "../../runtime/syscalls/i386.ts";
import { syscallByName, syscallByNumber, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";
import type { Arch, ArgRole, Syscall } from "../../runtime/syscalls/mod.ts";
import { exists, run, withTracefs } from "../kernel_lib/system.ts";

const ARCH = Deno.build.arch as Arch;
const HEADERS = "/usr/include";

/** Other machines have no headers of x86-64. */
const NOT_X86 = ARCH === "x86_64" ? "" : " (skipped: this is not x86-64)";

interface KernelArg {
  type: string;
  name: string;
}

/** Every call of the kernel by the kernel's own name, with its arguments. */
function kernelCalls(tracefs: string): Map<string, KernelArg[]> {
  const calls = new Map<string, KernelArg[]>();
  for (const { name } of Deno.readDirSync(`${tracefs}/events/syscalls`)) {
    if (!name.startsWith("sys_enter_")) continue;
    const format = Deno.readTextFileSync(`${tracefs}/events/syscalls/${name}/format`);
    const fields = [...format.matchAll(/^\tfield:(.*?)(\w+);/gm)].map(([, type, name]) => ({ type, name }));
    const first = fields.findIndex((field) => field.name === "__syscall_nr") + 1;
    assert.ok(first > 0, `${name} has no __syscall_nr`);
    calls.set(name.slice("sys_enter_".length), fields.slice(first));
  }
  assert.ok(calls.size > 250, `only ${calls.size} calls in ${tracefs}`);
  return calls;
}

/** Descriptor arguments without a role, and why, by the headers' name of the call. */
const HIDDEN_DESCRIPTORS: Record<string, string> = {
  "accept.fd": "the row shows the descriptor that the call makes",
  "accept4.fd": "the row shows the descriptor that the call makes",
  "fsmount.fs_fd": "the row shows the descriptor that the call makes",
  "open_by_handle_at.mountdirfd": "the row shows the descriptor that the call makes",
  "perf_event_open.group_fd": "the row shows the descriptor that the call makes",
  "dup2.newfd": "the row shows the descriptor that is copied",
  "dup3.newfd": "the row shows the descriptor that is copied",
  "pidfd_getfd.fd": "a number in another process's table",
  "epoll_ctl.fd": "the row shows the epoll descriptor",
  "close_range.fd": "a range has no single descriptor",
  "close_range.max_fd": "a range has no single descriptor",
  "kexec_file_load.initrd_fd": "the row shows the kernel image",
};

/** Text arguments that are no path, by name alone: buffers, keys, types. */
const TEXT_NAMES = new Set(
  "buf ubuf list optval shmaddr u_msg_ptr uname u_name type _type _description _callout_info _key _fs_name"
    .split(" "),
);

/** Text arguments that are no path although others of that name are, and why. */
const HIDDEN_TEXTS: Record<string, string> = {
  "mount.dev_name": "the row shows the mount point",
  "sethostname.name": "a host's name",
  "setdomainname.name": "a domain's name",
  "delete_module.name_user": "a module's name",
  "init_module.uargs": "a module's parameters",
  "finit_module.uargs": "a module's parameters",
  "kexec_file_load.cmdline_ptr": "a command line",
};

/** Arguments that decide what another one or the result is, and why. */
const DECIDING: Record<string, ArgRole> = {
  "bpf.cmd": "made_by", // some commands make a descriptor
  "seccomp.flags": "made_if", // a listener is made
  "io_uring_enter.flags": "index_if", // the ring is registered
  "io_uring_register.opcode": "index_if", // the ring is registered
};

/** The roles that argument `index` may have, judged by what the kernel calls it. */
function allowedRoles(call: Syscall, args: KernelArg[], index: number): ArgRole[] {
  const { type, name } = args[index];
  const key = `${call.name}.${name}`;
  if (key in DECIDING) return [DECIDING[key]];
  const isText = /^(const )?char \*/.test(type) && !/\*.*\*/.test(type);
  if (!type.includes("*") && /fd$|^fd|^fildes$|^mqdes$/.test(name)) {
    if (key in HIDDEN_DESCRIPTORS) return ["-"];
    if (/^(old|new|to_|from_)?dfd$/.test(name) || key === "execveat.fd") return ["dir"];
    return /signalfd|mmap/.test(call.name) ? ["anon_fd"] : ["fd", "src", "dst"];
  }
  if (isText && !TEXT_NAMES.has(name) && !(key in HIDDEN_TEXTS) && !/xattr(at)?\.name$/.test(key)) {
    if (key === "move_mount.from_pathname") return ["from"]; // the row shows the mount point
    return /^oldname$|^put_old$/.test(name) ? ["old_path", "target"] : ["path"];
  }
  if (call.bytes !== null && /^(count|len|size|bufsiz|msgsz|msg_len)$/.test(name)) return ["size"];
  if (/^p(read|write)(64|v2?)$/.test(call.name) && /^pos(_l)?$/.test(name)) return ["offset"];
  if (name === "flags" && /^open(at|_by_handle_at)?$/.test(call.name)) return ["flags"];
  if (type.startsWith("struct open_how *")) return ["how"];
  if (name === "at_flags") return ["at_flags"];
  if (name === "flags" && /^recv(from|msg)$/.test(call.name)) return ["msg_flags"];
  if (/^(flags|flag)$/.test(name)) return ["at_flags", "-"];
  if (type.startsWith("struct user_msghdr *")) return ["msg"];
  if (type.includes("struct landlock_ruleset_attr *")) return ["made_if"]; // without it a version is asked for
  if (type.startsWith("struct xattr_args *")) return ["xattr_args"];
  return ["-"];
}

const ROOT_ONLY = { ignore: Deno.uid() !== 0 };

Deno.test("every system call of the running kernel is in the table", ROOT_ONLY, async () => {
  await withTracefs((tracefs) => {
    const unknown = [...kernelCalls(tracefs).keys()].filter((name) => syscallByName(name) === undefined);
    assert.deepEqual(unknown, [], "runtime/syscalls lacks calls of this kernel");
  });
});

Deno.test(
  "the arguments of every system call have the roles that their names in the kernel tell",
  ROOT_ONLY,
  async () => {
    await withTracefs((tracefs) => {
      const wrong: string[] = [];
      for (const [kernelName, args] of kernelCalls(tracefs)) {
        const call = syscallByName(kernelName);
        if (call === undefined) continue;
        if (call.args.length > args.length) {
          wrong.push(`${call.name}: ${call.args.length} roles for ${args.length}`);
        }
        args.forEach(({ type, name }, index) => {
          const role = call.args[index] ?? "-";
          const allowed = allowedRoles(call, args, index);
          if (allowed.includes(role)) return;
          wrong.push(`${call.name} argument ${index} (${type}${name}): ${role}, not ${allowed.join(" or ")}`);
        });
      }
      assert.deepEqual(wrong, []);
    });
  },
);

Deno.test("every exception of this test is about an argument that the kernel has", ROOT_ONLY, async () => {
  await withTracefs((tracefs) => {
    const calls = kernelCalls(tracefs);
    for (const key of [...Object.keys(HIDDEN_DESCRIPTORS), ...Object.keys(HIDDEN_TEXTS)]) {
      const [name, argument] = key.split(".");
      const call = syscallByName(name);
      assert.ok(call !== undefined, key);
      // A call that this kernel was built without has nothing to compare with.
      const args = [call.name, ...call.aliases].map((spelling) => calls.get(spelling)).find((found) => found);
      if (args !== undefined) assert.ok(args.some((arg) => arg.name === argument), key);
    }
  });
});

/** Makes the calls with these numbers, all arguments -1, and returns what the kernel called them (`null`: nothing). */
async function namesGivenByKernel(tracefs: string, numbers: number[]): Promise<Map<number, string | null>> {
  const instance = `${tracefs}/instances/ior_syscall_table_${Deno.pid}`;
  const names = new Map<number, string | null>();
  Deno.mkdirSync(instance);
  try {
    const script = `$| = 1; print "ready"; <STDIN>; syscall($_, ${Array(6).fill(-1).join(", ")}) for (@ARGV)`;
    // One of the calls ends its caller by SIGILL; no core file of that.
    const args = ["-c", 'ulimit -c 0; exec perl -e "$@"', "sh", script, ...numbers.map(String)];
    const child = new Deno.Command("sh", { args, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
    // Its calls before that are its own start-up.
    for await (const _ready of child.stdout) break;
    Deno.writeTextFileSync(`${instance}/set_event_pid`, String(child.pid));
    for (const events of ["raw_syscalls", "syscalls"]) {
      Deno.writeTextFileSync(`${instance}/events/${events}/enable`, "1");
    }
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("go\n"));
    await writer.close();
    await child.status;
    Deno.writeTextFileSync(`${instance}/events/enable`, "0");

    // Per call one line with the number and, when the kernel knows it, one with the name, in either order.
    let number: number | undefined, name: string | undefined;
    const finish = () => {
      if (number !== undefined) names.set(number, name ?? null);
      number = name = undefined;
    };
    for (const line of Deno.readTextFileSync(`${instance}/trace`).split("\n")) {
      const entered = /: sys_enter: NR (\d+) /.exec(line);
      const named = /: sys_(\w+)\(/.exec(line);
      if (entered) number = Number(entered[1]);
      else if (named) name = named[1];
      else finish();
    }
    finish();
  } finally {
    Deno.removeSync(instance);
  }
  return names;
}

Deno.test("the kernel calls the newest system calls, once made, as the table does", ROOT_ONLY, async () => {
  await withTracefs(async (tracefs) => {
    const known = kernelCalls(tracefs);
    const numbered = (calls: readonly Syscall[]) =>
      calls.map((call) => syscallNumber(ARCH, call)).filter((nr) => nr !== null);
    // Arguments of -1 leave all of these without effect. A probe call ends its caller, so each has one of its own.
    const newest = numbered(SYSCALLS).filter((nr) => nr >= 451);
    const probes = numbered([syscallByName("uretprobe")!, syscallByName("uprobe")!]);
    assert.ok(newest.length > 20, `only ${newest.length} calls to compare`);
    for (const batch of [newest, ...probes.map((nr) => [nr])]) {
      const names = await namesGivenByKernel(tracefs, batch);
      for (const nr of batch) {
        const call = syscallByNumber(ARCH, nr)!;
        const ours = [call.name, ...call.aliases].find((name) => known.has(name)) ?? null;
        assert.equal(names.get(nr), ours, `number ${nr}, ${call.name} in the table`);
      }
    }
  });
});

/** Numbers by name, from the macros that a header leaves defined. */
function headerNumbers(header: string, ...options: string[]): Map<string, number> {
  assert.ok(exists(header), `${header} is missing: install linux-libc-dev`);
  const macros = new Map<string, string>();
  for (const line of run("clang", "-E", "-dM", ...options, "-x", "c", header).split("\n")) {
    const found = /^#define __NR(3264)?_(\w+) (\w+)$/.exec(line);
    if (found) macros.set(`__NR${found[1] ?? ""}_${found[2]}`, found[3]);
  }
  const numbers = new Map<string, number>();
  for (const [macro, value] of macros) {
    // Bounds, not calls.
    if (macro.startsWith("__NR3264_") || /^__NR_(syscalls|arch_specific_syscall)$/.test(macro)) continue;
    numbers.set(macro.slice("__NR_".length), Number(macros.get(value) ?? value));
  }
  assert.ok(numbers.size > 280, `only ${numbers.size} numbers in ${header}`);
  return numbers;
}

/** Compares in both directions; `absent` are calls that some headers leave out below their highest number. */
function assertNumbers(arch: Arch, header: Map<string, number>, absent: string[]): void {
  const sorted = (numbers: Iterable<[string, number]>) =>
    Object.fromEntries([...numbers].sort((a, b) => a[1] - b[1]));
  const highest = Math.max(...header.values());
  const table: [string, number][] = [];
  for (const call of SYSCALLS) {
    const nr = syscallNumber(arch, call);
    if (nr === null || nr > highest || (absent.includes(call.name) && !header.has(call.name))) continue;
    table.push([call.name, nr]);
  }
  assert.deepEqual(sorted(table), sorted(header));
}

Deno.test({
  name: "names and numbers of x86-64 are those of the headers" + NOT_X86,
  ignore: NOT_X86 !== "",
  fn() {
    const header = `${HEADERS}/x86_64-linux-gnu/asm/unistd_64.h`;
    assertNumbers("x86_64", headerNumbers(header), ["uretprobe", "uprobe"]);
  },
});

/** Calls of the 32-bit table that are ours by a name that neither an ending nor a prefix makes, as `32-bit name: ours`. */
const OTHER_I386_NAMES: Readonly<Record<string, string>> = {
  waitpid: "wait4",
  umount: "umount2",
  stime: "settimeofday",
  nice: "setpriority",
  signal: "rt_sigaction",
  sigaction: "rt_sigaction",
  sigreturn: "rt_sigreturn",
  sigsuspend: "rt_sigsuspend",
  sigpending: "rt_sigpending",
  sigprocmask: "rt_sigprocmask",
  sgetmask: "rt_sigprocmask",
  ssetmask: "rt_sigprocmask",
  ulimit: "setrlimit",
  ugetrlimit: "getrlimit",
  oldolduname: "uname",
  readdir: "getdents",
  _newselect: "select",
  _llseek: "lseek",
  mmap2: "mmap",
  fstatat64: "newfstatat",
  sendfile64: "sendfile",
  fadvise64_64: "fadvise64",
};

/** Calls that no kernel of today has, or that only 32-bit kernels have. */
const NO_I386_CALLS = "break stty gtty ftime prof lock mpx profil idle vm86old bdflush vm86".split(" ");

Deno.test({
  name:
    "numbers of the 32-bit table of x86 are those of the headers, each under the call that does the same" +
    NOT_X86,
  ignore: NOT_X86 !== "",
  fn() {
    const header = headerNumbers(`${HEADERS}/x86_64-linux-gnu/asm/unistd_32.h`);
    const ours = new Map<number, string>();
    for (const [name, numbers] of Object.entries(I386_NUMBERS)) for (const nr of numbers) ours.set(nr, name);
    const spelled = (name: string) =>
      ours.get(header.get(name)!) === name
        ? name
        : name.replace(/^old|^_/, "").replace(/(?:_time64|64|32)$/, "");
    for (const [name, nr] of header) {
      if (NO_I386_CALLS.includes(name)) assert.equal(ours.get(nr), undefined, name);
      else if (name === "socketcall") assert.equal(nr, I386_SOCKETCALL);
      else if (name === "ipc") assert.equal(nr, I386_IPC);
      else assert.equal(ours.get(nr), OTHER_I386_NAMES[name] ?? spelled(name), name);
    }
  },
});

Deno.test("names and numbers of arm64 are those of the generic headers", () => {
  // What the kernel's arch/arm64/include/asm/unistd.h asks the generic list for.
  const wants = ["RENAMEAT", "NEW_STAT", "SET_GET_RLIMIT", "SYS_CLONE3", "MEMFD_SECRET"];
  const options = wants.map((want) => `-D__ARCH_WANT_${want}`);
  assertNumbers("aarch64", headerNumbers(`${HEADERS}/asm-generic/unistd.h`, ...options), ["nfsservctl"]);
});

Deno.test("names and numbers of errors are those of the headers", () => {
  const text = ["errno-base.h", "errno.h"].map((file) =>
    Deno.readTextFileSync(`${HEADERS}/asm-generic/${file}`)
  ).join("");
  const named = new Set<number>();
  for (const [, name, value] of text.matchAll(/^#define\s+(E[A-Z0-9]+)\s+(\w+)/gm)) {
    if (/^\d+$/.test(value)) {
      named.add(Number(value));
      assert.equal(errnoName(Number(value)), name);
      assert.equal(errnoNumber(name), Number(value));
    } else {
      assert.equal(errnoNumber(name), errnoNumber(value), `${name} is ${value}`);
    }
  }
  for (let errno = 1; errno <= Math.max(...named); errno++) {
    if (!named.has(errno)) assert.equal(errnoName(errno), `E${errno}`);
  }
  assert.ok(named.size >= 131, `only ${named.size} errors in the headers`);
});
