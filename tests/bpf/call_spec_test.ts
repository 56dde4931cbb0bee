import assert from "node:assert/strict";
import { byteClasses, callTable, openFlagsText, targetCalls } from "../../bpf/call_spec.ts";
import type { CallSet } from "../../runtime/filter/mod.ts";
import { CALLS, Offset, Size, SpecFlag } from "../../bpf/wire.ts";
import { type Arch, syscallByName, syscallNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";

const ARCHES: readonly Arch[] = ["x86_64", "aarch64"];
const { TRACKED, SHOWN, RETURNS_FD, CWD, ANON_FD, NO_RETURN, CREDENTIALS, MORE } = SpecFlag;

function numberOf(name: string, arch: Arch = "x86_64"): number {
  const call = syscallByName(name);
  const nr = call && syscallNumber(arch, call);
  assert.ok(typeof nr === "number", `${name} has no number on ${arch}`);
  return nr;
}

function specIn(table: Uint8Array, nr: number): Uint8Array {
  return table.slice(nr * Size.call_spec, (nr + 1) * Size.call_spec);
}

const selected = (...syscalls: string[]): CallSet => ({ syscalls, unknownSyscalls: false });

/** Bytes of a spec from its fields; the others are 0. */
function bytesOf(fields: Partial<Record<keyof typeof Offset.call_spec, number>>): Uint8Array {
  const bytes = new Uint8Array(Size.call_spec);
  for (const [field, value] of Object.entries(fields)) {
    const at = Offset.call_spec[field as keyof typeof Offset.call_spec];
    if (field === "flag") new DataView(bytes.buffer).setUint32(at, value, true);
    else if (field === "made") new DataView(bytes.buffer).setBigInt64(at, BigInt(value), true);
    else bytes[at] = value;
  }
  return bytes;
}

const ROW = TRACKED | SHOWN;

/** The spec of a call that is followed. */
const followed = (fields: Parameters<typeof bytesOf>[0]) => bytesOf({ ...fields, exits: 1 });

/** AT_EMPTY_PATH */
const EMPTY = 0x1000;

/** What the kernel side is told of each call; positions count from 1. */
const SPECS: Record<string, Parameters<typeof bytesOf>[0]> = {
  read: { flags: ROW, fd: 1, file: 1, size: 3 },
  close: { flags: ROW, fd: 1, file: 1 },
  sync: { flags: ROW },
  openat: { flags: ROW | RETURNS_FD | MORE, dir: 1, path: 2 },
  newfstatat: { flags: ROW | MORE, dir: 1, path: 2, at_flags: 4, flag: EMPTY },
  renameat2: { flags: ROW | MORE, old_dir: 1, old_path: 2, dir: 3, path: 4 },
  linkat: { flags: ROW | MORE, old_dir: 1, old_path: 2, dir: 3, path: 4, at_flags: 5, flag: EMPTY },
  symlinkat: { flags: ROW | MORE, old_path: 1, dir: 2, path: 3 },
  symlink: { flags: ROW | MORE, old_path: 1, path: 2 },
  copy_file_range: { flags: ROW | MORE, old_file: 1, file: 3, fd: 1, size: 5 },
  sendfile: { flags: ROW | MORE, file: 1, old_file: 2, fd: 1, size: 4 },
  mmap: { flags: ROW | ANON_FD, fd: 5, file: 5 },
  signalfd4: { flags: ROW | RETURNS_FD | ANON_FD, fd: 1, file: 1 },
  recvmsg: { flags: ROW | MORE, fd: 1, file: 1, msg: 2, msg_flags: 3 },
  recvfrom: { flags: ROW | MORE, fd: 1, file: 1, size: 3, msg_flags: 4 },
  getxattrat: { flags: ROW | MORE, dir: 1, path: 2, at_flags: 3, flag: EMPTY, xattr_args: 5 },
  move_mount: { flags: ROW | MORE, old_dir: 1, from: 2, dir: 3, path: 4, at_flags: 5, flag: 0x40 },
  landlock_create_ruleset: { flags: ROW | RETURNS_FD | MORE, made_if: 1, made: -1 },
  seccomp: { flags: ROW | RETURNS_FD | MORE, made_if: 2, made: 8 },
  bpf: { flags: ROW | RETURNS_FD | MORE, made_by: 1, made: 0x13_500e_60a1 },
  io_uring_enter: { flags: ROW | MORE, ring: 1, index_if: 4, flag: 16 },
  io_uring_register: { flags: ROW | MORE, ring: 1, index_if: 2, flag: 0x8000_0000 },
  readlinkat: { flags: ROW | MORE, dir: 1, path: 2, size: 4, flag: EMPTY },
  utimensat: { flags: ROW | MORE, dir: 1, path: 2, at_flags: 4, flag: EMPTY, null_is_dir: 1 },
  execveat: { flags: ROW | CREDENTIALS | MORE, dir: 1, path: 2, at_flags: 5, flag: EMPTY },
  getcwd: { flags: ROW | CWD | MORE, size: 2 },
  inotify_add_watch: { flags: ROW | MORE, fd: 1, path: 2 },
  exit_group: { flags: ROW | NO_RETURN },
  setresuid: { flags: ROW | CREDENTIALS },
};

for (const [name, fields] of Object.entries(SPECS)) {
  Deno.test(`the kernel side is told what to capture of ${name}`, () => {
    const nr = numberOf(name);
    const table = callTable("x86_64", selected(name));
    assert.equal(table.length, CALLS * Size.call_spec);
    assert.deepEqual(specIn(table, nr), followed(fields));
  });
}

Deno.test("calls that are not selected are not followed, but for those that restarts, users and groups hang on", () => {
  for (const arch of ARCHES) {
    const table = callTable(arch, selected());
    const expected = new Map<number, number>([
      [numberOf("rt_sigreturn", arch), TRACKED],
      [numberOf("restart_syscall", arch), TRACKED],
      ...["setuid", "setreuid", "setresuid", "setgid", "setregid", "setresgid"].map((name) =>
        [numberOf(name, arch), TRACKED | CREDENTIALS] as const
      ),
      ...["execve", "execveat", "prctl"].map((name) => [numberOf(name, arch), CREDENTIALS] as const),
    ]);
    for (let nr = 0; nr < CALLS; nr++) {
      const spec = specIn(table, nr);
      const flags = spec[0] & (TRACKED | SHOWN | CREDENTIALS);
      assert.equal(flags, expected.get(nr) ?? 0, `${arch} ${nr}`);
      assert.equal(spec[Offset.call_spec.exits], flags & TRACKED, `${arch} ${nr}`);
    }
  }
});

Deno.test("with execveat goes execve, whose number its exit has, and it has no rows of its own", () => {
  const table = callTable("x86_64", selected("execveat"));
  assert.deepEqual(
    specIn(table, numberOf("execve")),
    followed({ flags: TRACKED | CREDENTIALS | MORE, path: 1 }),
  );
  const both = callTable("x86_64", selected("execveat", "execve"));
  assert.equal(specIn(both, numberOf("execve"))[0], ROW | CREDENTIALS | MORE);
});

Deno.test("numbers that no table knows are followed when they are asked for, the last place for all beyond", () => {
  for (const arch of ARCHES) {
    const table = callTable(arch, { syscalls: [], unknownSyscalls: true });
    const known = new Set(SYSCALLS.map((call) => syscallNumber(arch, call)));
    for (let nr = 0; nr < CALLS; nr++) {
      if (!known.has(nr)) assert.deepEqual(specIn(table, nr), followed({ flags: ROW }), `${arch} ${nr}`);
    }
    assert.equal(known.has(CALLS - 1), false);
    assert.equal(specIn(table, numberOf("read", arch))[0] & ROW, 0);
  }
});

Deno.test("whatever is selected, the specs differ in their flags and whether exits are followed", () => {
  const roles = (selection: CallSet) => {
    const table = callTable("x86_64", selection);
    for (let at = 0; at < table.length; at += Size.call_spec) {
      table[at + Offset.call_spec.flags] &= ~ROW;
      table[at + Offset.call_spec.exits] = 0;
    }
    return table;
  };
  const all = SYSCALLS.map(({ name }) => name);
  assert.deepEqual(roles(selected(...all)), roles(selected()));
});

Deno.test("a selected number that the table does not know is left out without harm", () => {
  const empty = callTable("x86_64", selected());
  assert.deepEqual(callTable("x86_64", selected("1000", "no_such_call")), empty);
});

for (const arch of ARCHES) {
  Deno.test(`every call of ${arch} has a spec that the kernel side can follow`, () => {
    const table = callTable(arch, selected(...SYSCALLS.map(({ name }) => name)));
    const at = Offset.call_spec;
    for (const call of SYSCALLS) {
      const nr = syscallNumber(arch, call);
      if (nr === null) continue;
      const spec = specIn(table, nr);
      assert.equal(spec[at.flags] & ROW, ROW, call.name);
      for (let field = 1; field < at.flag; field++) assert.ok(spec[field] <= 6, call.name);
      assert.equal(spec[at.exits], 1, call.name);
      assert.equal(spec[at.path] !== 0, call.args.includes("path"), call.name);
      assert.equal(
        spec[at.old_path] !== 0,
        call.args.some((role) => role === "old_path" || role === "target"),
      );
      assert.equal(Boolean(spec[at.flags] & RETURNS_FD), call.returns === "fd", call.name);
      // Without MORE only a descriptor and its size are looked at.
      const plain: number[] = [
        at.flags,
        at.exits,
        at.fd,
        at.size,
        ...(spec[at.file] === spec[at.fd] ? [at.file] : []),
      ];
      const more = spec.some((byte, index) => byte !== 0 && !plain.includes(index)) ||
        (spec[at.flags] & CWD) !== 0;
      assert.equal(Boolean(spec[at.flags] & MORE), more, call.name);
      // The kernel side reads two texts when it reads an old one.
      if (spec[at.old_path]) assert.notEqual(spec[at.path], 0, call.name);
      if (spec[at.dir]) assert.notEqual(spec[at.path], 0, call.name);
      if (spec[at.old_dir]) assert.notEqual(spec[at.old_path] | spec[at.from], 0, call.name);
    }
  });

  Deno.test(`byte classes and symlinks of ${arch} are those of the table`, () => {
    const classes = byteClasses(arch);
    const targets = targetCalls(arch);
    const expected = new Uint8Array(CALLS);
    for (const call of SYSCALLS) {
      const nr = syscallNumber(arch, call);
      if (nr === null) continue;
      if (call.bytes !== null) expected[nr] = 1;
      assert.equal(targets.has(nr), ["symlink", "symlinkat"].includes(call.name), call.name);
    }
    assert.deepEqual(classes, expected);
    assert.ok(classes[numberOf("read", arch)] === 1 && classes[numberOf("close", arch)] === 0);
  });
}

Deno.test("Flags of an open have the names of their machine, and bits without one are a number", () => {
  assert.equal(openFlagsText("x86_64", 0), "O_RDONLY");
  assert.equal(openFlagsText("x86_64", 0o2000001), "O_WRONLY|O_CLOEXEC");
  assert.equal(openFlagsText("x86_64", 0o40000 | 2), "O_RDWR|O_DIRECT");
  assert.equal(openFlagsText("aarch64", 0o40000), "O_RDONLY|O_DIRECTORY");
  assert.equal(openFlagsText("x86_64", 0o3), "O_ACCMODE");
  assert.equal(openFlagsText("x86_64", 0xc000_0000), "O_RDONLY|0xc0000000");
});

Deno.test("A flag that has the bit of another is named once", () => {
  assert.equal(openFlagsText("x86_64", 0o4010002), "O_RDWR|O_SYNC");
  assert.equal(openFlagsText("x86_64", 0o10002), "O_RDWR|O_DSYNC");
  assert.equal(openFlagsText("aarch64", 0o20040001), "O_WRONLY|O_TMPFILE");
});
