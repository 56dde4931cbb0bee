import assert from "node:assert/strict";
import { formatFilter, parseFilter, resolvePathNames } from "../../../runtime/filter/mod.ts";

const LINKS: Record<string, string> = {
  "/var/run": "/run",
  "/home/u/cur": "/srv/r/7",
  "/etc/localtime": "/usr/share/UTC",
  "/odd": "/x[1]",
};

function resolve(where: string, directory: string | null = "/home/u") {
  const { filter, resolved } = resolvePathNames(parseFilter(`where ${where}`), {
    directory: () => directory,
    realPath: (path) => LINKS[path] ?? (path.startsWith("/none") ? null : path),
  });
  return [
    formatFilter(filter).slice("where ".length),
    ...resolved.map(({ name, realName }) => `${name} ${realName}`),
  ];
}

Deno.test("Names that begin at the working directory are made absolute", () => {
  assert.deepEqual(resolve("path ~ ./a,../b/./c,..,x,a/b"), ["path ~ /home/u/a,/home/b/c,/home,x,a/b"]);
  assert.deepEqual(resolve("path ~ ^./a$ or path = ./a"), ["path ~ ^/home/u/a$ or path = /home/u/a"]);
  assert.deepEqual(resolve("path ~ ./*.log"), ["path ~ /home/u/*.log"]);
  assert.deepEqual(resolve("path ~ ../../../x"), ["path ~ /x"]);
  assert.deepEqual(resolve("path ~ ./a", null), ["path ~ ./a"]);
  assert.deepEqual(resolve("path ~ ./a", "/"), ["path ~ /a"]);
});

Deno.test("Both names of a symbolic link count, and what it is is told once", () => {
  assert.deepEqual(resolve("path ~ /var/run"), ["path ~ /var/run,/run", "/var/run /run"]);
  assert.deepEqual(resolve("not path ~ ^/var/run/*"), ["not path ~ ^/var/run/*,^/run/*", "/var/run /run"]);
  assert.deepEqual(resolve("path ~ /var/run/*.pid"), ["path ~ /var/run/*.pid,/run/*.pid", "/var/run /run"]);
  assert.deepEqual(resolve("path = /etc/localtime or path ~ ^/etc/localtime$"), [
    "path = /etc/localtime,/usr/share/UTC or path ~ ^/etc/localtime$,^/usr/share/UTC$",
    "/etc/localtime /usr/share/UTC",
  ]);
  assert.deepEqual(resolve("path ~ ./cur/"), ["path ~ /home/u/cur/,/srv/r/7/", "/home/u/cur /srv/r/7"]);
});

Deno.test("What is no file, a regular expression, and other fields stay as they are", () => {
  for (
    const where of [
      "path ~ /none/a",
      "path =~ ^/var/run",
      "comm ~ /var/run",
      "path ~ log$",
      "path ~ *.log",
      "failed",
    ]
  ) {
    assert.deepEqual(resolve(where), [where]);
  }
});

Deno.test("A directory's name that has the signs of a glob keeps its meaning", () => {
  assert.deepEqual(resolve("path ~ ./a", "/w[1]"), ['path ~ "/w\\\\[1\\\\]/a**"']);
  assert.deepEqual(resolve("path ~ /odd"), ['path ~ /odd,"/x\\\\[1\\\\]**"', "/odd /x[1]"]);
});
