import { machineArch } from "../../bpf/mod.ts";

/** Path of the launch helper for this machine, see launch/README.md. */
export function launchHelper(): string {
  return decodeURIComponent(new URL(`../../launch/ior-launch.${machineArch()}`, import.meta.url).pathname);
}
