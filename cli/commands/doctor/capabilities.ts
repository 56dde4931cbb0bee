/** The least that tracing needs: with both and no others every kernel test passes, without either none does. */
export const NEEDED_CAPABILITIES = ["CAP_BPF", "CAP_PERFMON"] as const;

/** Ways to give ior these capabilities, and no others. */
export interface Grant {
  /** For a service: lines of a systemd unit. */
  unit: readonly string[];
  /** For one run of the user who calls it. */
  command: string;
  /** For good, for everybody who may execute the file. */
  file: string;
}

/** The ways on this machine, whose launch helper is the file `helper`. */
export function grantBy(helper: string): Grant {
  return {
    unit: [
      `AmbientCapabilities=${NEEDED_CAPABILITIES.join(" ")}`,
      `CapabilityBoundingSet=${NEEDED_CAPABILITIES.join(" ")}`,
    ],
    command: "sudo setpriv --reuid=$(id -u) --regid=$(id -g) --init-groups --inh-caps=-all,+bpf,+perfmon " +
      "--ambient-caps=-all,+bpf,+perfmon ior trace -d 10s",
    file: `sudo setcap ${NEEDED_CAPABILITIES.join(",").toLowerCase()}=p ${helper}`,
  };
}
