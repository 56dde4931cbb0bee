import { quoteWord } from "../../text/quote_word.ts";

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

/**
 * The ways on this machine: `program` is what users call, and `helper` the file that starts it. Programs that sudo starts may
 * have root's HOME, in which another user has no cache.
 */
export function grantBy({ program, helper }: { program: string; helper: string }): Grant {
  return {
    unit: [
      `AmbientCapabilities=${NEEDED_CAPABILITIES.join(" ")}`,
      `CapabilityBoundingSet=${NEEDED_CAPABILITIES.join(" ")}`,
    ],
    command: "sudo setpriv --reuid=$(id -u) --regid=$(id -g) --init-groups --inh-caps=-all,+bpf,+perfmon " +
      `--ambient-caps=-all,+bpf,+perfmon env HOME="$HOME" ${quoteWord(program)} trace -d 10s`,
    file: `sudo setcap ${NEEDED_CAPABILITIES.join(",").toLowerCase()}=p ${quoteWord(helper)}`,
  };
}
