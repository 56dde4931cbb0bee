import assert from "node:assert/strict";
import { findGroups } from "../../../engine/groups/find_groups.ts";
import { groupNamer } from "../../../engine/groups/group_name.ts";
import { IorError } from "../../../runtime/errors.ts";

const [WEB, DB] = ["3f2a1".padEnd(64, "0"), "3f2b".padEnd(64, "0")];
const nameOf = groupNamer((id) => id === WEB ? "web" : null);

/** A hierarchy of plain directories, and what a word means in it. */
function within(use: (find: (word: string) => string[], directory: string) => void): void {
  const directory = Deno.makeTempDirSync({ prefix: "ior_groups_" });
  try {
    for (
      const path of [
        "system.slice/ssh.service/x",
        `system.slice/docker-${WEB}.scope/init`,
        `system.slice/docker-${DB}.scope`,
        "user.slice/a/build/build",
        "user.slice/b/build",
      ]
    ) Deno.mkdirSync(`${directory}/${path}`, { recursive: true });
    Deno.writeTextFileSync(`${directory}/cgroup.procs`, "");
    const paths = new Map<bigint, string>();
    const walk = (path: string) => {
      paths.set(BigInt(Deno.statSync(directory + path).ino!), path || "/");
      for (const { name, isDirectory } of Deno.readDirSync(directory + path)) {
        if (isDirectory) walk(`${path}/${name}`);
      }
    };
    walk("");
    use((word) => {
      const targets = findGroups(word, { directory, level: 2 }, nameOf);
      return targets.map(({ id, level }) => `${paths.get(id)} ${level}`).sort();
    }, directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

Deno.test("A path is found in the file system and in the hierarchy, with its level", () => {
  within((find, directory) => {
    for (const word of ["/user.slice/a", "user.slice/a", "/user.slice//a/", `${directory}/user.slice/a`]) {
      assert.deepEqual(find(word), ["/user.slice/a 4"], word);
    }
    for (const word of ["/", directory]) assert.deepEqual(find(word), ["/ 2"], word);
  });
});

Deno.test("A name is that of every topmost group of this name, without its ending too", () => {
  within((find) => {
    assert.deepEqual(find("ssh"), ["/system.slice/ssh.service 4"]);
    assert.deepEqual(find("ssh.service"), ["/system.slice/ssh.service 4"]);
    assert.deepEqual(find("build"), ["/user.slice/a/build 5", "/user.slice/b/build 5"]);
    assert.deepEqual(find("system"), ["/system.slice 3"]);
  });
});

Deno.test("A container is found by its name, with its runtime too, and by the first digits of its id", () => {
  within((find) => {
    const web = [`/system.slice/docker-${WEB}.scope 4`];
    for (const word of ["web", "docker:web", "3f2a", WEB]) assert.deepEqual(find(word), web, word);
    assert.deepEqual(find("docker:3f2b00000000"), [`/system.slice/docker-${DB}.scope 4`]);
  });
});

Deno.test("A word that means nothing, or too much, is an error that says so", () => {
  const failure = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof IorError && error.code === "usage" && error.hint, String(error));
      return error.message;
    }
    assert.fail("nothing failed");
  };
  within((find) => {
    assert.equal(failure(() => find("nope")), "Cannot use --cgroup `nope`: unknown control group");
    for (const word of ["/nope", "/system.slice/../user.slice", "/cgroup.procs", "3f", "init.scope"]) {
      assert.match(failure(() => find(word)), /unknown control group/, word);
    }
  });
  within((find, directory) => {
    Deno.mkdirSync(`${directory}/docker-${"3f2a2".padEnd(64, "0")}.scope`);
    assert.match(failure(() => find("3f2a")), /2 containers have an ID that begins so/);
  });
  assert.match(failure(() => findGroups("x", null, nameOf)), /no cgroup v2 hierarchy is mounted/);
});
