import assert from "node:assert/strict";
import { kernelCallsOf } from "../../bpf/kernel_calls.ts";
import { syscallByName } from "../../runtime/syscalls/mod.ts";
import { filesOf } from "./special_files.ts";

const X86 = [
  "0000000000000000 T __x64_sys_read",
  "0000000000000000 t __x64_sys_newfstat",
  "ffffffff81398130 W __x64_sys_kexec_load",
  "ffffffff81398130 w __x64_sys_uselib",
  "ffffffff81398130 T __x64_sys_writev",
  "ffffffff81398130 T __ia32_sys_write",
  "ffffffff81398130 t __x64_sys_pread64\t[module]",
  "",
].join("\n");

const presence = (text: string | null, arch: "x86_64" | "aarch64", name: string, types?: string) =>
  kernelCallsOf(
    filesOf({
      ...(text === null ? {} : { "/proc/kallsyms": text }),
      ...(types === undefined ? {} : { "/sys/kernel/btf/vmlinux": types }),
    }),
    arch,
  )(syscallByName(name)!);

Deno.test("a kernel has the calls that have a function of their own, under any spelling", () => {
  const there = { isThere: true, reason: null };
  assert.deepEqual(presence(X86, "x86_64", "read"), there);
  assert.deepEqual(presence(X86, "x86_64", "fstat"), there);
  const arm = "0000000000000000 T __arm64_sys_read\n";
  assert.deepEqual(presence(arm, "aarch64", "read"), there);
});

Deno.test("a weak stand-in, a function of another table and a longer name are not the call", () => {
  for (const name of ["kexec_load", "uselib", "write", "query_module"]) {
    assert.deepEqual(presence(X86, "x86_64", name), {
      isThere: false,
      reason: "this kernel has no such call",
    });
  }
});

Deno.test("a function that only 32-bit programs reach is not the call", () => {
  const { isThere } = presence("0 T __x64_sys_set_thread_area\n", "x86_64", "set_thread_area");
  assert.equal(isThere, false);
});

Deno.test("a call that the architecture lacks is not there, whatever the kernel says", () => {
  const missing = { isThere: false, reason: "aarch64 has no such call" };
  assert.deepEqual(presence("0 T __arm64_sys_read\n0 T __arm64_sys_open\n", "aarch64", "open"), missing);
  assert.deepEqual(presence(null, "aarch64", "open"), missing);
});

Deno.test("without the kernel's list of symbols it cannot be told", () => {
  const unknown = { isThere: null, reason: "/proc/kallsyms does not list the kernel's calls" };
  for (const text of [null, "", "0000000000000000 T _stext\n"]) {
    assert.deepEqual(presence(text, "x86_64", "read"), unknown);
  }
});

const RINGS = "0000000000000000 T __x64_sys_io_uring_setup\n";
const OPERATIONS = "\0IORING_OP_NOP\0IORING_OP_READ\0IORING_OP_READ_FIXED\0";

Deno.test("a kernel has the requests to io_uring whose operations are in its types", () => {
  const request = (name: string) => presence(RINGS, "x86_64", name, OPERATIONS);
  assert.deepEqual(request("io_uring:READ"), { isThere: true, reason: null });
  for (const name of ["io_uring:READ_MULTISHOT", "io_uring:READV"]) {
    assert.deepEqual(request(name), { isThere: false, reason: "this kernel has no such request" });
  }
});

Deno.test("without io_uring there are no requests, and where the types do not list them it cannot be told", () => {
  const without = { isThere: false, reason: "this kernel has no io_uring" };
  for (const text of ["0 T __x64_sys_read\n", "0 W __x64_sys_io_uring_setup\n"]) {
    assert.deepEqual(presence(text, "x86_64", "io_uring:READ", OPERATIONS), without);
  }
  const unknown = { isThere: null, reason: "the kernel's types do not list its requests" };
  for (const types of [undefined, "\0bpf_loop\0"]) {
    assert.deepEqual(presence(RINGS, "x86_64", "io_uring:READ", types), unknown);
  }
});
