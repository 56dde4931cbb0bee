import assert from "node:assert/strict";
import { errnoName, errnoNumber } from "../../runtime/errno.ts";

Deno.test("every error number up to 133 has its name, but for the two that Linux left out", () => {
  const unnamed: number[] = [];
  for (let errno = 1; errno <= 133; errno++) if (errnoName(errno) === `E${errno}`) unnamed.push(errno);
  assert.deepEqual(unnamed, [41, 58]);
  assert.equal(errnoName(1), "EPERM");
  assert.equal(errnoName(40), "ELOOP");
  assert.equal(errnoName(42), "ENOMSG");
  assert.equal(errnoName(59), "EBFONT");
  assert.equal(errnoName(110), "ETIMEDOUT");
  assert.equal(errnoName(133), "EHWPOISON");
});

Deno.test("an error number and its name lead to each other", () => {
  for (let errno = 1; errno <= 4095; errno++) assert.equal(errnoNumber(errnoName(errno)), errno);
});

Deno.test("an unknown error number is named by its digits", () => {
  assert.equal(errnoName(134), "E134");
  assert.equal(errnoName(4095), "E4095");
  assert.equal(errnoName(524), "ENOTSUPP");
});

Deno.test("second names of an error give the number of the first", () => {
  assert.equal(errnoNumber("EWOULDBLOCK"), errnoNumber("EAGAIN"));
  assert.equal(errnoNumber("EDEADLOCK"), 35);
  assert.equal(errnoNumber("ENOTSUP"), 95);
});

Deno.test("what is no error name has no number", () => {
  for (const name of ["", "E", "ENOSUCH", "enoent", "E0", "E4096", "E02", "E1 ", "E2", "2", "toString"]) {
    assert.equal(errnoNumber(name), undefined, JSON.stringify(name));
  }
});
