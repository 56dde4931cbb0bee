import assert from "node:assert/strict";
import { check, errorNumberName, FfiError } from "../../../bpf/ffi/errors.ts";
import { IorError } from "../../../runtime/errors.ts";

Deno.test("a result that is not negative passes through", () => {
  for (const result of [0, 1, 2 ** 31 - 1]) assert.equal(check(result, "Cannot fail"), result);
});

Deno.test("a negative result is an error with the number's name, its sign turned, and libbpf's log", () => {
  assert.throws(() => check(-13, "Cannot load the object", "libbpf: denied\n"), (error) => {
    assert.ok(error instanceof FfiError && error instanceof IorError);
    assert.equal(error.message, "Cannot load the object: EACCES");
    assert.equal(error.errno, 13);
    assert.equal(error.code, "runtime");
    assert.equal(error.detail, "libbpf: denied\n");
    return true;
  });
});

Deno.test("an error may have a code of its own, and no log", () => {
  const error = new FfiError("Cannot do it", 1, undefined, "privilege");
  assert.deepEqual([error.code, error.message, error.detail], [
    "privilege",
    "Cannot do it: EPERM",
    undefined,
  ]);
});

Deno.test("numbers are named in libc's and in libbpf's ranges", () => {
  const names: [number, string][] = [
    [1, "EPERM"],
    [22, "EINVAL"],
    [3999, "E3999"],
    [4000, "LIBBPF_ERRNO__LIBELF"],
    [4007, "LIBBPF_ERRNO__VERIFY"],
    [4013, "LIBBPF_ERRNO__NLPARSE"],
    [4014, "E4014"],
  ];
  for (const [number, name] of names) assert.equal(errorNumberName(number), name);
});
