/** What ior wants for its own process: rights, limits, and where it is. */
import type { MachineFacts } from "../../../engine/mod.ts";
import { listOf } from "../../../runtime/units.ts";
import { formatBytes } from "../../text/format.ts";
import { NEEDED_CAPABILITIES } from "./capabilities.ts";
import { type Check, met } from "./check.ts";

/** What is to be known of the process, one line each. */
export function processChecks(facts: MachineFacts): Check[] {
  return [
    capabilities(facts),
    userNamespace(facts),
    lockdown(facts),
    cost(facts),
    priority(facts),
    lockedMemory(facts),
    pidNamespace(facts),
    controlGroups(facts),
  ];
}

function capabilities({ missingCapabilities, maySudoGive }: MachineFacts): Check {
  const name = "capabilities";
  if (missingCapabilities.length === 0) return met(name, `${listOf(NEEDED_CAPABILITIES, "and")} are there`);
  return {
    name,
    status: "missing",
    found: `this process lacks ${listOf(missingCapabilities, "and")}`,
    costs: "nothing can be traced; recordings can be read",
    mend: maySudoGive
      ? "Use sudo, or give ior only these two, as shown below"
      : "Give them to the container (docker run --cap-add=BPF --cap-add=PERFMON) or the service, as shown below; " +
        "sudo cannot",
  };
}

function userNamespace({ isInUserNamespace }: MachineFacts): Check {
  const name = "user_namespace";
  if (!isInUserNamespace) return met(name, "the initial one, whose capabilities count");
  return {
    name,
    status: "missing",
    found: "one of its own, whose capabilities do not count for programs in the kernel",
    costs: "nothing can be traced; recordings can be read",
    mend: "Run ior on the host, or in a container without a user namespace (docker: --userns=host)",
  };
}

function lockdown({ lockdown }: MachineFacts): Check {
  const name = "lockdown";
  if (lockdown === null) {
    return {
      name,
      status: "unknown",
      found: "the kernel does not report it (/sys/kernel/security/lockdown)",
      costs: null,
      mend: null,
    };
  }
  if (lockdown !== "confidentiality") return met(name, `${lockdown}, which permits tracing`);
  return {
    name,
    status: "missing",
    found: "confidentiality: programs may not read kernel memory",
    costs: "nothing can be traced; recordings can be read",
    mend: "Start the machine with lockdown=integrity",
  };
}

function cost({ countsCost }: MachineFacts): Check {
  const name = "cost";
  if (countsCost === null) {
    return { name, status: "unknown", found: "only libbpf can ask for it", costs: null, mend: null };
  }
  if (countsCost) return met(name, "the kernel counts what the programs take");
  return {
    name,
    status: "degraded",
    found: "this process may not turn on the kernel's count of what programs take (CAP_SYS_ADMIN)",
    costs: "reports say that the time per run of a kernel program is unknown; nothing else",
    mend: "Let the kernel count for everybody: sudo sysctl kernel.bpf_stats_enabled=1",
  };
}

function priority({ mayRunFirst }: MachineFacts): Check {
  const name = "priority";
  if (mayRunFirst) return met(name, "ior may run before others while calls come fast");
  return {
    name,
    status: "degraded",
    found: "ior may not run before others while calls come fast (CAP_SYS_NICE)",
    costs: "while many threads keep every CPU busy, calls may be lost, which is reported",
    mend: "Run ior as root, or with LimitNICE=-20 in its systemd unit",
  };
}

function lockedMemory({ lockedMemoryBytes, features }: MachineFacts): Check {
  const name = "locked_memory";
  const limit = lockedMemoryBytes === null
    ? "an unknown limit"
    : lockedMemoryBytes === Infinity
    ? "no limit"
    : `a limit of ${formatBytes(lockedMemoryBytes)}`;
  if ("message" in features) {
    return { name, status: "unknown", found: `${limit}, which may apply`, costs: null, mend: null };
  }
  if (features.memory_by_group) return met(name, `${limit}, which does not apply: the control group's does`);
  if (lockedMemoryBytes === Infinity) return met(name, limit);
  return {
    name,
    status: "degraded",
    found: `${limit}, which applies on this kernel`,
    costs: "the ring may be refused; as root the limit is raised",
    mend: "Raise it: ulimit -l unlimited",
  };
}

function pidNamespace({ isInPidNamespace }: MachineFacts): Check {
  const name = "pid_namespace";
  if (!isInPidNamespace) return met(name, "the initial one: every process of the machine has its number");
  return {
    name,
    status: "degraded",
    found: "one of its own, as in a container",
    costs: "calls of processes outside are seen with pid 0, and cannot be selected with -p",
    mend: "To select them, run ior on the host, or share its numbers (docker: --pid=host)",
  };
}

function controlGroups({ cgroups }: MachineFacts): Check {
  const name = "control_groups";
  if (cgroups !== null) return met(name, `version 2, in ${cgroups}`);
  return {
    name,
    status: "degraded",
    found: "the unified hierarchy (cgroup v2) is not mounted",
    costs: "--cgroup and --with-cgroup cannot be used",
    mend: "Mount it: mount -t cgroup2 none /sys/fs/cgroup",
  };
}
