import assert from "node:assert/strict";
import project from "../../deno.json" with { type: "json" };
import { VERSION } from "../../runtime/version.ts";

Deno.test("the version ior tells is that of deno.json", () => {
  assert.equal(VERSION, project.version);
  assert.match(VERSION, /^\d+\.\d+\.\d+$/);
});
