import assert from "node:assert/strict";
import { I386_NUMBERS } from "../../runtime/syscalls/i386.ts";
import { I386_NR } from "../../runtime/syscalls/lookup.ts";
import { URING_FIRST } from "../../runtime/syscalls/aio.ts";
import { numberOfName, syscallByNumber, syscallNumber } from "../../runtime/syscalls/mod.ts";
import {
  FAMILIES,
  familyOf,
  KINDS,
  syscallByName,
  syscallName,
  SYSCALLS as ALL_CALLS,
} from "../../runtime/syscalls/mod.ts";
import type { Arch, ArgRole, ByteClass, Kind, Syscall } from "../../runtime/syscalls/mod.ts";

/** Requests to io_uring are calls to all that shows them, and have a table of their own. */
const isRequest = ({ name }: Syscall) => name.startsWith("io_uring:");
const SYSCALLS = ALL_CALLS.filter((call) => !isRequest(call));

const ARCHES: readonly Arch[] = ["x86_64", "aarch64"];

/** The calls for which `wanted` holds, by name, in the order of the alphabet. */
function namesWhere(wanted: (call: Syscall) => boolean): string[] {
  return SYSCALLS.filter(wanted).map((call) => call.name).sort();
}

function words(text: string): string[] {
  return text.trim().split(/\s+/).sort();
}

Deno.test("no two system calls share a name or an alias", () => {
  const seen = new Map<string, string>();
  for (const call of SYSCALLS) {
    for (const name of [call.name, ...call.aliases]) {
      assert.match(name, /^[a-z_][a-z0-9_]*$/);
      assert.equal(seen.get(name), undefined, `${name} is a name of ${seen.get(name)} and of ${call.name}`);
      seen.set(name, call.name);
    }
  }
});

for (const arch of ARCHES) {
  Deno.test(`no two system calls share a number on ${arch}, and each is found by its own`, () => {
    const seen = new Map<number, string>();
    for (const call of SYSCALLS) {
      const nr = syscallNumber(arch, call);
      if (nr === null) continue;
      assert.ok(Number.isInteger(nr) && nr >= 0 && nr < 512, `${call.name} has number ${nr}`);
      assert.equal(seen.get(nr), undefined, `${nr} is ${seen.get(nr)} and ${call.name}`);
      seen.set(nr, call.name);
      assert.equal(syscallByNumber(arch, nr), call);
    }
    assert.ok(seen.size > 300, `only ${seen.size} calls on ${arch}`);
  });
}

Deno.test("from number 424 on a system call has the same number on both architectures", () => {
  for (const call of SYSCALLS) {
    if ((call.x86_64 ?? 0) >= 424 || (call.arm64 ?? 0) >= 424) {
      assert.equal(call.x86_64, call.arm64, call.name);
    }
  }
});

Deno.test("the numbers of x86-64 have no holes but the one that Linux left", () => {
  const missing: number[] = [];
  for (let nr = 0; nr <= 471; nr++) if (syscallByNumber("x86_64", nr) === undefined) missing.push(nr);
  assert.deepEqual(missing, Array.from({ length: 424 - 337 }, (_, i) => 337 + i));
});

Deno.test("the numbers of arm64 have no holes but the two that Linux left", () => {
  const missing: number[] = [];
  for (let nr = 0; nr <= 471; nr++) if (syscallByNumber("aarch64", nr) === undefined) missing.push(nr);
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  assert.deepEqual(missing, [...range(244, 259), ...range(295, 423)]);
});

Deno.test("every family is in use", () => {
  assert.deepEqual([...new Set(SYSCALLS.map((call) => call.family))], [...FAMILIES]);
});

Deno.test("a system call has at most six arguments, the last one with a role", () => {
  for (const call of SYSCALLS) {
    assert.ok(call.args.length <= 6, call.name);
    assert.notEqual(call.args.at(-1), "-", `${call.name} ends with an argument without a role`);
  }
});

Deno.test("a directory descriptor comes right before the path it is the base of", () => {
  for (const call of SYSCALLS) {
    call.args.forEach((role, index) => {
      if (role !== "dir") return;
      const next = call.args[index + 1];
      assert.ok(
        next === "path" || next === "old_path" || next === "from",
        `${call.name}: dir before ${next}`,
      );
    });
  }
});

Deno.test("a role is given once per call, but for the directories of two paths", () => {
  for (const call of SYSCALLS) {
    for (const role of new Set(call.args)) {
      if (role === "-") continue;
      const limit = role === "dir" && (call.args.includes("old_path") || call.args.includes("from")) ? 2 : 1;
      const times = call.args.filter((other) => other === role).length;
      assert.ok(times <= limit, `${call.name} has ${times} arguments of role ${role}`);
    }
  }
});

Deno.test("a call names no more than one thing as its path and one as its old path", () => {
  const has = (call: Syscall, ...roles: ArgRole[]) => roles.filter((role) => call.args.includes(role)).length;
  for (const call of SYSCALLS) {
    assert.ok(has(call, "path", "dst") <= 1, call.name);
    assert.ok(has(call, "old_path", "target", "src") <= 1, call.name);
    assert.ok(has(call, "fd", "anon_fd", "src") <= 1, call.name);
    if (has(call, "old_path", "target")) assert.ok(call.args.includes("path"), call.name);
    assert.equal(has(call, "src"), has(call, "dst"), call.name);
    if (has(call, "at_flags")) assert.ok(has(call, "dir"), `${call.name} has at_flags and no dir`);
  }
});

Deno.test("the kinds of a call agree with what its arguments and its return value are", () => {
  const names = (call: Syscall) => call.args.some((role) => role === "path" || role === "target");
  const rules: Partial<Record<Kind, (call: Syscall) => boolean>> = {
    open: (call) => call.returns === "fd" || call.name === "uselib",
    read: (call) => call.bytes !== "write",
    write: (call) => call.bytes !== "read",
    copy: (call) => call.bytes === "both",
    rename: (call) => call.args.includes("old_path"),
    delete: (call) => names(call) || call.name === "mq_unlink",
    link: names,
    exec: names,
    sync: (call) => !names(call),
    lock: (call) => call.args[0] === "fd",
    exit: (call) => call.returns === "none",
  };
  for (const call of SYSCALLS) {
    assert.equal(new Set(call.kinds).size, call.kinds.length, call.name);
    for (const kind of call.kinds) {
      assert.ok(rules[kind]?.(call) ?? true, `${call.name} is no call of kind ${kind}`);
    }
  }
});

Deno.test("every call of the default family has a kind, and every kind has calls", () => {
  assert.deepEqual(namesWhere((call) => call.family === "FS" && call.kinds.length === 0), []);
  for (const kind of KINDS) assert.ok(SYSCALLS.some((call) => call.kinds.includes(kind)), kind);
});

Deno.test("kinds have the calls that users mean by them", () => {
  const wanted: Partial<Record<Kind, string>> = {
    delete: "unlink unlinkat rmdir mq_unlink",
    rename: "rename renameat renameat2",
    sync: "fsync fdatasync sync_file_range syncfs sync msync",
    lock: "flock fcntl",
    copy: "copy_file_range sendfile splice tee vmsplice",
    exit: "exit exit_group",
  };
  for (const [kind, names] of Object.entries(wanted)) {
    assert.deepEqual(namesWhere((call) => call.kinds.includes(kind as Kind)), words(names), kind);
  }
});

Deno.test("bytes come from the return value of exactly the calls that move bytes", () => {
  const wanted: Record<ByteClass, string> = {
    read: `read pread64 readv preadv preadv2 readlink readlinkat getdents getdents64 getcwd getxattr lgetxattr
      fgetxattr getxattrat listxattr llistxattr flistxattr listxattrat getrandom recvfrom recvmsg msgrcv
      mq_timedreceive process_vm_readv`,
    write: "write pwrite64 writev pwritev pwritev2 sendto sendmsg process_vm_writev",
    both: "copy_file_range sendfile splice tee vmsplice",
  };
  for (const [bytes, names] of Object.entries(wanted)) {
    assert.deepEqual(namesWhere((call) => call.bytes === bytes), words(names), bytes);
  }
});

Deno.test("a size is told only where it bears on the bytes, and for every xattr call that can ask for a size", () => {
  for (const call of SYSCALLS) {
    if (call.args.some((role) => ["size", "msg", "xattr_args"].includes(role))) {
      assert.notEqual(call.bytes, null, `${call.name} has a size and moves no bytes`);
    }
    if (/xattr/.test(call.name) && call.bytes !== null) {
      assert.ok(call.args.includes("size") || call.args.includes("xattr_args"), `${call.name} has no size`);
    }
  }
  assert.deepEqual(namesWhere((call) => call.args.includes("xattr_args")), ["getxattrat"]);
  assert.deepEqual(namesWhere((call) => call.args.includes("msg_flags")), ["recvfrom", "recvmsg"]);
});

Deno.test("the calls that return a descriptor are these, and show no other one", () => {
  const wanted = `open creat openat openat2 open_by_handle_at open_tree open_tree_attr fsopen fsmount fspick
    inotify_init inotify_init1 fanotify_init socket accept accept4 eventfd eventfd2 epoll_create epoll_create1
    memfd_create memfd_secret userfaultfd pidfd_open timerfd_create signalfd signalfd4 perf_event_open
    io_uring_setup mq_open landlock_create_ruleset bpf seccomp`;
  assert.deepEqual(namesWhere((call) => call.returns === "fd"), words(wanted));
  const showing = (call: Syscall) => call.args.some((role) => ["fd", "anon_fd", "src", "dst"].includes(role));
  // The signalfds take one to change, or -1 to make one.
  assert.deepEqual(namesWhere((call) => call.returns === "fd" && showing(call)), ["signalfd", "signalfd4"]);
});

Deno.test("only exits and the return from a signal handler return nothing, and only getcwd a directory", () => {
  assert.deepEqual(namesWhere((call) => call.returns === "none"), ["exit", "exit_group", "rt_sigreturn"]);
  assert.deepEqual(namesWhere((call) => call.returns === "cwd"), ["getcwd"]);
});

Deno.test("the calls with two files name them as the product says", () => {
  const wanted: Record<string, ArgRole[]> = {
    rename: ["old_path", "path"],
    renameat: ["dir", "old_path", "dir", "path"],
    renameat2: ["dir", "old_path", "dir", "path"],
    link: ["old_path", "path"],
    linkat: ["dir", "old_path", "dir", "path", "at_flags"],
    symlink: ["target", "path"],
    symlinkat: ["target", "dir", "path"],
    pivot_root: ["path", "old_path"],
    copy_file_range: ["src", "-", "dst", "-", "size"],
    sendfile: ["dst", "src", "-", "size"],
    splice: ["src", "-", "dst", "-", "size"],
    tee: ["src", "dst", "size"],
  };
  const two = namesWhere((call) => call.args.some((role) => ["old_path", "target", "src"].includes(role)));
  assert.deepEqual(two, Object.keys(wanted).sort());
  for (const [name, args] of Object.entries(wanted)) assert.deepEqual(syscallByName(name)?.args, args, name);
});

Deno.test("a mount is named by its mount point, a watch by the watched path", () => {
  assert.deepEqual(syscallByName("mount")?.args, ["-", "path"]);
  assert.deepEqual(syscallByName("umount2")?.args, ["path"]);
  assert.deepEqual(syscallByName("move_mount")?.args, ["dir", "from", "dir", "path", "at_flags"]);
  assert.deepEqual(syscallByName("inotify_add_watch")?.args, ["fd", "path"]);
  assert.deepEqual(syscallByName("fanotify_mark")?.args, ["fd", "-", "-", "dir", "path"]);
  assert.deepEqual(syscallByName("mmap")?.args, ["-", "-", "-", "-", "anon_fd"]);
  assert.deepEqual(syscallByName("execveat")?.args, ["dir", "path", "-", "-", "at_flags"]);
});

Deno.test("the kernel's own spellings lead to the headers' names", () => {
  const wanted: Record<string, string> = {
    newfstat: "fstat",
    newstat: "stat",
    newlstat: "lstat",
    newuname: "uname",
    sendfile64: "sendfile",
    umount: "umount2",
    pread: "pread64",
    pwrite: "pwrite64",
    fstatat: "newfstatat",
    fadvise64_64: "fadvise64",
    arm64_personality: "personality",
  };
  for (const [alias, name] of Object.entries(wanted)) assert.equal(syscallByName(alias)?.name, name);
  assert.equal(syscallByName("no_such_call"), undefined);
  assert.equal(syscallByName("toString"), undefined);
});

Deno.test("a number that the table does not know is shown as itself, in the family Misc", () => {
  assert.equal(syscallName("x86_64", 0), "read");
  assert.equal(syscallName("aarch64", 0), "io_setup");
  assert.equal(syscallName("x86_64", 400), "400");
  assert.equal(syscallName("aarch64", 65534), "65534");
  assert.equal(familyOf("x86_64", 0), "FS");
  assert.equal(familyOf("aarch64", 0), "AIO");
  assert.equal(familyOf("x86_64", 400), "Misc");
  assert.equal(syscallByNumber("x86_64", -1), undefined);
  assert.equal(syscallByNumber("x86_64", 1e9), undefined);
});

Deno.test("the default family holds the plain calls on files and descriptors", () => {
  const wanted = `read write open openat close dup dup2 dup3 fcntl stat fstat statx rename link symlink mkdir
    unlink getdents64 getxattr fsync truncate chmod chown utimensat mount umount2 copy_file_range sendfile splice
    statfs getcwd chdir inotify_add_watch fanotify_mark`;
  for (const name of words(wanted)) assert.equal(syscallByName(name)?.family, "FS", name);
});

Deno.test("a name that rows have leads back to its number, also where only a number is known", () => {
  for (const nr of [0, 471, 600, -5, 100_000, I386_NR + 113]) {
    assert.equal(numberOfName("x86_64", syscallName("x86_64", nr)), nr);
  }
  assert.equal(syscallName("x86_64", I386_NR + 113), "i386:113");
  for (const name of ["nothing", "i386:", "i386:x", "3000000000", "open"]) {
    assert.equal(numberOfName("aarch64", name), null, name);
  }
});

Deno.test("a number of the 32-bit table belongs to one call, which x86-64 has", () => {
  const seen = new Map<number, string>();
  for (const [name, numbers] of Object.entries(I386_NUMBERS)) {
    assert.equal(typeof syscallByName(name)?.x86_64, "number", name);
    for (const nr of numbers) {
      assert.equal(seen.get(nr), undefined, `${nr} is ${seen.get(nr)} and ${name}`);
      seen.set(nr, name);
    }
  }
});

Deno.test("a request to io_uring is known by its operation, in two spellings, and is of family AIO", () => {
  const requests = ALL_CALLS.filter(isRequest);
  // The operations of linux/io_uring.h, in their order.
  assert.equal(requests.length, 63);
  requests.forEach((request, op) => {
    assert.match(request.name, /^io_uring:[A-Z][A-Z0-9_]*$/);
    assert.deepEqual(request.aliases, [request.name.toLowerCase()]);
    assert.equal(request.family, "AIO");
    for (const arch of ARCHES) {
      assert.equal(syscallNumber(arch, request), URING_FIRST + op);
      assert.equal(syscallByNumber(arch, URING_FIRST + op), request);
      assert.equal(numberOfName(arch, request.name), URING_FIRST + op);
    }
    if (request.bytes !== null) assert.deepEqual(request.args, ["fd"], request.name);
  });
  assert.equal(syscallByName("io_uring:read"), syscallByName("io_uring:READ"));
});
