import assert from "node:assert/strict";
import { openFlagsText } from "../../../engine/sessions/open_flags.ts";

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
