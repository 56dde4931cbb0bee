import assert from "node:assert/strict";
import { IorError } from "../../../runtime/errors.ts";
import { Libdw } from "../../../bpf/ffi/libdw.ts";

Deno.test("A libdw that is not there is an error with its package", () => {
  assert.throws(() => new Libdw(["libdw-of-no-system.so.1"]), (error) => {
    assert.ok(error instanceof IorError);
    assert.equal(error.code, "unsupported");
    assert.match(error.message, /^Cannot open libdw/);
    assert.match(error.hint!, /libdw1/);
    return true;
  });
});

Deno.test("A library that is no libdw is the same error", () => {
  assert.throws(() => new Libdw(["libc.so.6"]), /Cannot open libdw/);
});

Deno.test("Names of C++ and Rust are those of the source, others stay", () => {
  using libdw = new Libdw();
  assert.equal(libdw.demangle("_ZN4disk5CacheC2Ev"), "disk::Cache::Cache()");
  assert.equal(libdw.demangle("_Znonsense"), "_Znonsense");
  assert.equal(libdw.demangle("main"), "main");
  assert.match(libdw.version, /^\d/);
});
