import { kernelCalls, machineArch } from "../../../engine/mod.ts";
import { VERSION } from "../../../runtime/version.ts";
import { hasColor, isTerminal } from "../../run/terminal.ts";
import { printOwn } from "../../say.ts";
import { callsJson, callsText, listCalls } from "./list.ts";
import type { ProbesCommand } from "./task.ts";

/** `ior probes`: prints the system calls that ior knows. */
export function runProbes({ syscalls, json }: ProbesCommand): void {
  const arch = machineArch();
  const calls = listCalls(syscalls, arch, kernelCalls());
  printOwn(
    json
      ? callsJson(calls, { ior: VERSION, kernel: Deno.osRelease(), arch })
      : callsText(calls, hasColor("auto", isTerminal("stdout"), Deno.env.toObject())),
  );
}
