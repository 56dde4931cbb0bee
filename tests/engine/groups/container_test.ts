import assert from "node:assert/strict";
import { containerOf } from "../../../engine/groups/container.ts";
import { containerName } from "../../../engine/groups/container_names.ts";
import { groupNamer } from "../../../engine/groups/group_name.ts";

const ID = "3f2a".padEnd(64, "0");
const OTHER = "ab12".padEnd(64, "f");

Deno.test("A container is known by the groups that runtimes make, with and without systemd", () => {
  const cases: [path: string, runtime: string, below: string][] = [
    [`/system.slice/docker-${ID}.scope`, "docker", ""],
    [`/docker/${ID}`, "docker", ""],
    [`/docker/${ID}/init/x`, "docker", "/init/x"],
    [`/machine.slice/libpod-${ID}.scope/container`, "podman", "/container"],
    [`/libpod_parent/libpod-${ID}`, "podman", ""],
    [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope`, "podman", ""],
    [
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podab.slice/cri-containerd-${ID}.scope`,
      "containerd",
      "",
    ],
    [`/kubepods/besteffort/pod12-34/${ID}`, "container", ""],
    [`/kubepods.slice/crio-${ID}.scope`, "cri-o", ""],
    [`/system.slice/nerdctl-${ID}.scope`, "nerdctl", ""],
    [`/docker/${OTHER}/docker/${ID}`, "docker", ""],
  ];
  for (const [path, runtime, below] of cases) {
    assert.deepEqual(containerOf(path), { runtime, id: ID, below }, path);
  }
});

Deno.test("What only looks like a container is none", () => {
  for (
    const path of [
      "/",
      "/docker",
      `/docker/${ID}0`,
      `/docker/${ID.slice(1)}`,
      `/libpod-conmon-${ID}.scope`,
      `/my-${ID}.scope`,
      "/system.slice/ssh.service",
    ]
  ) {
    assert.equal(containerOf(path), null, path);
  }
});

Deno.test("A name is the path, or the runtime with the container's name, else its short id; names are looked up once", () => {
  const asked: string[] = [];
  const nameOf = groupNamer((id) => (asked.push(id), id === ID ? "web" : null));
  assert.equal(nameOf("/system.slice/ssh.service"), "/system.slice/ssh.service");
  assert.equal(nameOf(`/system.slice/docker-${ID}.scope`), "docker:web");
  assert.equal(nameOf(`/docker/${ID}/init`), "docker:web/init");
  assert.equal(nameOf(`/docker/${OTHER}`), "docker:ab12ffffffff");
  assert.equal(nameOf(`/docker/${OTHER}/x`), "docker:ab12ffffffff/x");
  assert.deepEqual(asked, [ID, OTHER]);
});

/** Files of a runtime below a root of their own. */
function rootWith(files: Record<string, unknown>): string {
  const root = Deno.makeTempDirSync({ prefix: "ior_runtime_" });
  for (const [path, content] of Object.entries(files)) {
    Deno.mkdirSync(root + path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(root + path, typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

Deno.test("Names come from the files of docker, podman, containerd and CRI-O", () => {
  const annotations = (pod: string, container: string) => ({
    annotations: { [pod]: "shop-7d", [container]: "nginx" },
  });
  const cases: [files: Record<string, unknown>, name: string | null][] = [
    [{ [`/var/lib/docker/containers/${ID}/config.v2.json`]: { Name: "/web" } }, "web"],
    [{
      "/var/lib/containers/storage/overlay-containers/containers.json": [{ id: OTHER, names: ["no"] }, {
        id: ID,
        names: ["db"],
      }],
    }, "db"],
    [{
      [`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`]: annotations(
        "io.kubernetes.cri.sandbox-name",
        "io.kubernetes.cri.container-name",
      ),
    }, "shop-7d/nginx"],
    [{
      [`/run/containers/storage/overlay-containers/${ID}/userdata/config.json`]: annotations(
        "io.kubernetes.pod.name",
        "io.kubernetes.container.name",
      ),
    }, "shop-7d/nginx"],
    [{}, null],
    [{ [`/var/lib/docker/containers/${ID}/config.v2.json`]: '{"Name":"/w' }, null],
    [{ [`/var/lib/docker/containers/${ID}/config.v2.json`]: "null" }, null],
    [
      { "/var/lib/containers/storage/overlay-containers/containers.json": [null, { id: ID, names: [] }] },
      null,
    ],
  ];
  for (const [files, name] of cases) {
    const root = rootWith(files);
    try {
      assert.equal(containerName(ID, root), name);
    } finally {
      Deno.removeSync(root, { recursive: true });
    }
  }
});
