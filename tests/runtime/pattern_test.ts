import assert from "node:assert/strict";
import { compilePattern, Judge } from "../../runtime/pattern.ts";

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
    ["^/etc/*$", "/etc/*", true],
    ["^/etc/*$", "/etc/passwd", false],
    ["/*", "/etc/passwd", false],
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
  assert.throws(() => new Judge([], [""]), { code: "usage" });
});

Deno.test("A judge without patterns accepts everything, also a call without a name", () => {
  const judge = new Judge([], []);
  assert.ok(judge.acceptsAll && judge.acceptsNameless);
  assert.ok(judge.accepts("x") && judge.accepts(null) && judge.accepts());
});

Deno.test("A judge wants one selecting pattern and no excluding one", () => {
  const judge = new Judge(["^/etc", "^/usr"], [".so$"]);
  assert.ok(!judge.acceptsAll);
  assert.ok(judge.accepts("/etc/passwd"));
  assert.ok(judge.accepts("/usr/bin/ls"));
  assert.ok(!judge.accepts("/usr/lib/libc.so"));
  assert.ok(!judge.accepts("/home"));
  assert.ok(!judge.accepts(null), "no name matches no pattern");
});

Deno.test("Excluding patterns alone accept what they do not match, also a call without a name", () => {
  const judge = new Judge([], ["^/proc"]);
  assert.ok(judge.accepts("/etc") && judge.accepts(null));
  assert.ok(!judge.accepts("/proc/self"));
});

Deno.test("Either name of a rename selects it, and either refuses it", () => {
  const judge = new Judge(["^/data"], ["secret"]);
  assert.ok(judge.accepts("/tmp/a", "/data/a"));
  assert.ok(judge.accepts("/data/a", "/tmp/a"));
  assert.ok(judge.accepts("/data/a", null));
  assert.ok(!judge.accepts("/tmp/a", "/tmp/b"));
  assert.ok(!judge.accepts("/data/a", "/data/secret"));
});
