import assert from "node:assert/strict";
import { compilePattern } from "../../../runtime/expression/mod.ts";

Deno.test("A pattern matches by containing, by its anchors, and one level of a directory", () => {
  const cases: [pattern: string, text: string, matches: boolean][] = [
    ["log", "/var/log/syslog", true],
    ["log", "/var/lib", false],
    ["LOG", "/var/log", true],
    ["log", "/VAR/LOG", true],
    ["^/var", "/var/log", true],
    ["^/var", "/srv/var", false],
    [".log$", "/a.LOG", true],
    [".log$", "/a.logs", false],
    [".log$", "/axlog", false],
    ["^sh$", "sh", true],
    ["^sh$", "bash", false],
    ["^sh$", "shh", false],
    ["^/etc/*", "/etc/passwd", true],
    ["^/etc/*", "/etc/ssl/certs", false],
    ["^/etc/*", "/etc/", false],
    ["^/etc/*", "/etc", false],
    ["^/ETC/*", "/etc/Passwd", true],
    ["^/*", "/vmlinuz", true],
    ["^/*", "/etc/passwd", false],
    ["^/etc/*$", "/etc/passwd", true],
    ["^/etc/*$", "/etc/ssl/certs", false],
    ["a.c", "abc", false],
    ["a^b", "a^b", true],
    ["$a", "x$a", true],
    ["^", "anything", true],
    ["$", "anything", true],
    ["^$", "", true],
    ["^$", "a", false],
  ];
  for (const [pattern, text, matches] of cases) {
    assert.equal(compilePattern(pattern)(text), matches, `${pattern} on ${text}`);
  }
});

Deno.test("Only ASCII letters are folded", () => {
  assert.equal(compilePattern("Ä")("ä"), false);
  assert.equal(compilePattern("k")("\u212a"), false, "the Kelvin sign is no k");
  assert.equal(compilePattern("İ$")("İ"), true);
});

Deno.test("An empty pattern is refused", () => {
  assert.throws(() => compilePattern(""), { code: "usage", message: /empty pattern/ });
});

Deno.test("A pattern with the signs of a glob matches the whole name as a shell does", () => {
  const cases: [pattern: string, text: string, matches: boolean][] = [
    ["*.log", "/var/log/a.LOG", true],
    ["*.log", "/var/a.log/b", false],
    ["a?.log", "/var/ab.log", true],
    ["a?.log", "/var/a/.log", false],
    ["/etc/*.conf", "/etc/a.conf", true],
    ["/etc/*.conf", "/etc/x/a.conf", false],
    ["/etc/*.conf", "/srv/etc/a.conf", false],
    ["^/etc/*.conf$", "/etc/a.conf", true],
    ["/etc/**.conf", "/etc/x/y/a.conf", true],
    ["/**/a", "/x/y/a", true],
    ["**/a", "/a", true],
    ["src/*.c", "/home/u/src/x.c", true],
    ["src/*.c", "/home/u/src/sub/x.c", false],
    ["rc/*.c", "/home/u/src/x.c", false],
    ["/*", "/etc/passwd", false],
    ["/*", "/vmlinuz", true],
    ["[a-c]x", "/d/Bx", true],
    ["[!a-c]x", "/d/bx", false],
    ["[^a-c]x", "/d/dx", true],
    ["a[/]b", "a/b", false],
    ["[]x]y", "/]y", true],
    ["a[b", "/a[b", true],
    ["[[-x-\\]", "[-", true],
    ["\\[id\\].tsx", "/src/[id].tsx", true],
    ["a.*c", "/abc", false],
    ["[id].tsx", "/src/[id].tsx", true],
    ["pipe:[123]", "pipe:[123]", true],
    ["pipe:[123]", "pipe:[124]", false],
    ["*", "", true],
  ];
  for (const [pattern, text, matches] of cases) {
    assert.equal(compilePattern(pattern)(text), matches, `${pattern} on ${text}`);
  }
});

Deno.test("The slashes of a text that is no path are characters like others", () => {
  assert.equal(compilePattern("kworker*", "text")("kworker/u4:2"), true);
  assert.equal(compilePattern("kworker?*", "text")("kworker/u4:2"), true);
  assert.equal(compilePattern("u4*", "text")("kworker/u4:2"), false);
});

Deno.test("A glob takes time linear in the name", () => {
  const matches = compilePattern(`${"*a".repeat(200)}*b`);
  assert.equal(matches("a".repeat(4000)), false);
});

Deno.test("Brackets that nothing closes are read in time linear in the pattern", () => {
  // A search from each bracket would take minutes.
  for (const end of ["", "\\]"]) {
    assert.throws(() => compilePattern("[".repeat(200_000) + end), { code: "usage", message: /too long/ });
  }
});
