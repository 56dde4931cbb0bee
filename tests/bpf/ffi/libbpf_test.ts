import assert from "node:assert/strict";
import { Libbpf } from "../../../bpf/ffi/libbpf.ts";
import { Libc } from "../../../bpf/ffi/libc.ts";
import { IorError } from "../../../runtime/errors.ts";

function refusal(names: readonly string[]): IorError {
  const libc = Libc.open();
  try {
    new Libbpf(libc, names)[Symbol.dispose]();
  } catch (error) {
    assert.ok(error instanceof IorError, String(error));
    return error;
  }
  assert.fail(`${names} was taken for libbpf`);
}

Deno.test("without libbpf the error names what was looked for and how to install it", () => {
  const error = refusal(["libbpf-none.so.1", "libbpf-none.so"]);
  assert.equal(error.code, "unsupported");
  assert.equal(
    error.message,
    "Cannot open libbpf: neither libbpf-none.so.1 nor libbpf-none.so can be loaded",
  );
  assert.equal(error.hint, "Install it: apt-get install libbpf1");
});

Deno.test("a library that lacks the functions is too old", () => {
  // libc stands for a libbpf without them.
  const error = refusal(["libc.so.6"]);
  assert.equal(error.code, "unsupported");
  assert.equal(error.message, "libbpf is too old: ior needs 1.1 or newer");
  assert.equal(error.hint, "Install the libbpf1 package of a newer release");
});
