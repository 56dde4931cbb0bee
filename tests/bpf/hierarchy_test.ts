import assert from "node:assert/strict";
import { groupId, groupsIn, hierarchyIn } from "../../bpf/hierarchy.ts";

const INITIAL = "cgroup:[4026531835]";
const LINES = [
  "21 1 0:20 / /proc rw - proc proc rw",
  "30 24 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
];

const hierarchy = (mount: string | null, namespace: string | null) =>
  hierarchyIn({
    readSpecialText: () => (mount === null ? LINES : [...LINES, mount]).join("\n"),
    readSpecialLink: () => namespace,
  });

Deno.test("The unified hierarchy is where cgroup2 is mounted, however deep the mount is", () => {
  const mount = "31 24 0:27 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw";
  assert.deepEqual(hierarchy(mount, INITIAL), { directory: "/sys/fs/cgroup", level: 0 });
  const part = "31 24 0:27 /a/b /mnt/my\\040groups rw - cgroup2 none rw";
  assert.deepEqual(hierarchy(part, INITIAL), { directory: "/mnt/my groups", level: 2 });
});

Deno.test("In a cgroup namespace the level is not known, and on a machine with cgroup v1 alone there is none", () => {
  const mount = "31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw";
  assert.equal(hierarchy(mount, "cgroup:[4026532999]")?.level, null);
  assert.equal(hierarchy(mount, null)?.level, null);
  assert.equal(hierarchy(null, INITIAL), null);
});

Deno.test("A group's id is the inode of its directory, and only directories are groups", () => {
  const directory = Deno.makeTempDirSync({ prefix: "ior_groups_" });
  try {
    Deno.mkdirSync(`${directory}/a`);
    Deno.writeTextFileSync(`${directory}/file`, "");
    assert.equal(groupId(`${directory}/a`), BigInt(Deno.statSync(`${directory}/a`).ino!));
    assert.deepEqual(groupsIn(directory), ["a"]);
    for (const name of ["file", "none"]) {
      assert.equal(groupId(`${directory}/${name}`), null);
      assert.deepEqual(groupsIn(`${directory}/${name}`), []);
    }
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
