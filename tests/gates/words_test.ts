import assert from "node:assert/strict";
import { matches, readTree, ROOT, type TextFile } from "./tree.ts";

/** Hosts of package registries: the tools know theirs, and users set their own. */
const REGISTRY_HOST = /\bregistry\.[a-z0-9-]+\.[a-z]{2,}\b|\b(?:jsr\.io|deno\.land|esm\.sh|unpkg\.com)\b/g;

/** First folders that every Linux machine has: a path below them says nothing about one machine. */
const COMMON = new Set(
  "bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var".split(" "),
);

/** The paths that only this machine has: the first folder of where the checkout lies. */
function machinePath(root: string): RegExp | null {
  const first = root.split("/")[1];
  return COMMON.has(first) || root.split("/").length < 3
    ? null
    : new RegExp(`(?<![\\w.~*/-])/${first.replace(/[^\w]/g, "\\$&")}/\\w+`, "g");
}

function wordFaults(files: TextFile[], root: string): string[] {
  const machine = machinePath(root);
  return files.flatMap(({ path, text }) => [
    ...matches(path, text, REGISTRY_HOST).map(({ where, found }) => `${where} names a registry: ${found}`),
    ...(machine ? matches(path, text, machine) : [])
      .map(({ where, found }) => `${where} names a path of this machine: ${found}`),
  ]);
}

Deno.test("No file names a package registry or a path of this machine", () => {
  assert.deepEqual(wordFaults(readTree(), ROOT), []);
});

for (
  const text of [
    // Put together here, so that this file does not hold what it looks for.
    ["https://registry", "example", "org/commander"].join("."),
    ["https://jsr", "io/@std"].join("."),
    "see /build7/ior/README.md",
    '"/build7/other"',
  ]
) {
  Deno.test(`The word gate finds: ${text}`, () => {
    assert.equal(wordFaults([{ path: "README.md", text }], "/build7/ior").length, 1);
  });
}

Deno.test("The word gate leaves common paths and relative ones alone", () => {
  const text = "/usr/share/doc ../build7/ior ./build7/ior https://host/build7/ior npm:commander@1";
  assert.deepEqual(wordFaults([{ path: "README.md", text }], "/build7/ior"), []);
  assert.deepEqual(wordFaults([{ path: "README.md", text: "/home/ada/ior/x" }], "/home/ada/ior"), []);
});
