import { ExitStatus } from "../../exit_status.ts";
import { HELP_OPTIONS } from "../../options/look_options.ts";
import { toggle } from "../../options/option.ts";
import { selectCalls } from "../../options/select.ts";
import { CALL_OPTIONS } from "../../options/selection_options.ts";
import { command } from "../command.ts";
import type { ProbesCommand } from "./task.ts";

/** The row of `ior probes`. */
export const PROBES = command({
  name: "probes",
  summary: "list the system calls that ior knows",
  about: [
    "Lists every system call that ior knows, and every request to io_uring: its family and kinds, its number on this machine, " +
    "and whether this kernel has it, according to its symbols and types. Needs no root. A call that the kernel does not " +
    "have can be traced as well: its rows show that it failed.",
  ],
  options: [
    ...CALL_OPTIONS,
    toggle({
      key: "json",
      long: "--json",
      group: "Output",
      summary: "one JSON document: `ior schema probes`",
    }),
    ...HELP_OPTIONS,
  ],
  operands: { kind: "none" },
  examples: [
    ["ior probes --family Network", "the calls of a family"],
    ["ior probes -e /xattr/", "calls by a part of their name"],
    ["ior probes --json | jq -r .calls[].syscall", "names alone, for scripts"],
  ],
  build: (values): ProbesCommand => ({ kind: "probes", syscalls: selectCalls(values), json: values.json }),
  async run(task: ProbesCommand) {
    const { runProbes } = await import("./run.ts");
    runProbes(task);
    return ExitStatus.OK;
  },
});
