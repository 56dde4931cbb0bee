import assert from "node:assert/strict";
import { notReadable } from "../../../engine/recording/read_errors.ts";

Deno.test("What the runtime may not open is standard input under another name, which has its own", () => {
  const { message, hint } = notReadable("/dev/stdin", new Deno.errors.NotCapable("Requires all access"));
  assert.equal(message, "Cannot read /dev/stdin: ior is not allowed to open it");
  assert.equal(hint, "To read rows from standard input, use -");
  const other = notReadable("/rows", new Deno.errors.PermissionDenied("Permission denied (os error 13)"));
  assert.equal(other.hint, "Check the name, and whether you may read it");
});
