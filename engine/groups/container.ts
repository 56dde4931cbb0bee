/** Containers by the paths of their control groups. */

/** The container that a control group belongs to. */
export interface Container {
  /** Who runs it: `docker`, `podman`, `containerd`, `cri-o`, `nerdctl`, or `container` where the path does not say. */
  runtime: string;
  /** 64 hexadecimal digits. */
  id: string;
  /** The path below the container's own group; empty for that group. */
  below: string;
}

/** Prefixes of the groups that runtimes make under systemd, and the runtime. */
const PREFIXES: Readonly<Record<string, string>> = {
  docker: "docker",
  libpod: "podman",
  "cri-containerd": "containerd",
  crio: "cri-o",
  nerdctl: "nerdctl",
};

/** Names of the groups in which runtimes make theirs without systemd. */
const PARENTS: Readonly<Record<string, string>> = { docker: "docker", libpod_parent: "podman" };

/** One component of a path: `docker-ID.scope`, `libpod-ID`, `ID`. */
const COMPONENT = /^(?:([a-z-]+)-)?([0-9a-f]{64})(?:\.scope)?$/;

/** The innermost container of a path, `null` for none. */
export function containerOf(path: string): Container | null {
  const parts = path.split("/");
  for (let at = parts.length - 1; at > 0; at--) {
    const match = COMPONENT.exec(parts[at]);
    if (match === null) continue;
    const [, prefix, id] = match;
    if (prefix !== undefined && !Object.hasOwn(PREFIXES, prefix)) continue;
    const runtime = prefix === undefined ? PARENTS[parts[at - 1]] ?? "container" : PREFIXES[prefix];
    return { runtime, id, below: parts.slice(at + 1).map((part) => `/${part}`).join("") };
  }
  return null;
}
