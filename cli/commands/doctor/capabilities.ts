/** The least that tracing needs: without either of them a kernel test is refused, with both alone every one passes. */
export const NEEDED_CAPABILITIES = ["CAP_BPF", "CAP_PERFMON"] as const;

/** Runs a command as a user, with these capabilities and no others. */
export const GIVE_CAPABILITIES = "sudo setpriv --reuid=$USER --regid=$(id -g) --init-groups " +
  "--inh-caps=-all,+bpf,+perfmon --ambient-caps=-all,+bpf,+perfmon ior trace -d 10s";

/** The same as lines of a systemd unit. */
export const UNIT_LINES = [
  `AmbientCapabilities=${NEEDED_CAPABILITIES.join(" ")}`,
  `CapabilityBoundingSet=${NEEDED_CAPABILITIES.join(" ")}`,
] as const;
