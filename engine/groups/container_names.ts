/** Where runtimes keep what they know of a container, below the root of the file system. */
const DOCKER = (id: string) => `/var/lib/docker/containers/${id}/config.v2.json`;
const PODMAN = [
  "/var/lib/containers/storage/overlay-containers/containers.json",
  "/var/lib/containers/storage/vfs-containers/containers.json",
];
const SPECS = (id: string) => [
  `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
  `/run/containers/storage/overlay-containers/${id}/userdata/config.json`,
];

/** The annotations of pod and container in the OCI specification, by containerd and by CRI-O. */
const ANNOTATIONS = [
  ["io.kubernetes.cri.sandbox-name", "io.kubernetes.cri.container-name"],
  ["io.kubernetes.pod.name", "io.kubernetes.container.name"],
] as const;

/**
 * The name of a container, by the files of its runtime; `null` when none that can be read knows it. In Kubernetes it is
 * `POD/CONTAINER`. `root` is put before every path.
 */
export function containerName(id: string, root = ""): string | null {
  return dockerName(id, root) ?? podName(id, root) ?? podmanName(id, root);
}

function dockerName(id: string, root: string): string | null {
  const { Name } = objectIn(root + DOCKER(id));
  return typeof Name === "string" ? Name.replace(/^\//, "") || null : null;
}

function podmanName(id: string, root: string): string | null {
  for (const path of PODMAN) {
    const list = parsed(root + path);
    const known = Array.isArray(list) ? list.find((container) => container?.id === id) : null;
    if (typeof known?.names?.[0] === "string") return known.names[0];
  }
  return null;
}

function podName(id: string, root: string): string | null {
  for (const path of SPECS(id)) {
    const annotations = Object(objectIn(root + path).annotations);
    for (const keys of ANNOTATIONS) {
      const names = keys.map((key) => annotations[key]).filter((name) => typeof name === "string");
      if (names.length > 0) return names.join("/");
    }
  }
  return null;
}

/** The members of a JSON document; none when there is no such document. */
function objectIn(path: string): Record<string, unknown> {
  return Object(parsed(path));
}

// deno-lint-ignore no-explicit-any
function parsed(path: string): any {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch {
    return null; // it is not there, may not be read, or is being written
  }
}
