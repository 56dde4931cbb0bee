import assert from "node:assert/strict";
import { callsJson, callsText, listCalls } from "../../../../cli/commands/probes/list.ts";
import { schemaText } from "../../../../cli/schema/mod.ts";
import { SYSCALLS } from "../../../../runtime/syscalls/mod.ts";
import { assertGolden } from "../../../golden.ts";
import { compileSchema } from "../../../json_schema.ts";
import { parse } from "../machine.ts";

/** Calls of a kernel that has no `uselib`, and says nothing of `getcwd`. */
const NAMES = ["read", "open", "uselib", "getcwd", "prctl", "io_uring:READ"];
const calls = listCalls(NAMES, "aarch64", ({ name, arm64 }) => {
  if (arm64 === null) return { isThere: false, reason: "aarch64 has no such call" };
  if (name === "getcwd") return { isThere: null, reason: "it does not say" };
  return { isThere: true, reason: null };
});
const MACHINE = { ior: "1.2.3", kernel: "6.1.0", arch: "aarch64" } as const;

Deno.test("The list says of each call what it is, its number, and why it is not there", () => {
  assertGolden("probes/list.txt", callsText(calls, false));
  assertGolden("probes/list.json", callsJson(calls, MACHINE));
});

Deno.test("The document is valid by its schema, of every call too", async () => {
  const check = compileSchema(JSON.parse(await schemaText("probes")));
  const document = JSON.parse(callsJson(calls, MACHINE));
  assert.deepEqual(check(document), []);
  const all = listCalls(SYSCALLS.map(({ name }) => name), "x86_64", () => ({ isThere: true, reason: null }));
  assert.deepEqual(check(JSON.parse(callsJson(all, { ...MACHINE, arch: "x86_64" }))), []);
  for (const name of Object.keys(document.calls[0])) {
    const { [name]: _, ...rest } = document.calls[0];
    assert.notDeepEqual(check({ ...document, calls: [rest] }), [], name);
  }
});

Deno.test("Without options every call that ior knows is listed, and options narrow the list", () => {
  const names = SYSCALLS.map(({ name }) => name);
  assert.deepEqual(parse("probes"), { kind: "probes", syscalls: names, json: false });
  assert.deepEqual(parse("probes", "-e", "read,newfstat", "--json").syscalls, ["read", "fstat"]);
  const socket = parse("probes", "--family", "Network", "--kind", "connect", "--no-syscall", "bind").syscalls;
  assert.ok(socket.includes("connect") && !socket.includes("bind") && !socket.includes("recvfrom"));
  assert.ok(parse("probes", "--no-family", "FS").syscalls.length < names.length);
});
