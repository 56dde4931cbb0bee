import { HELP_OPTIONS } from "../../options/look_options.ts";
import { toggle } from "../../options/option.ts";
import { command } from "../command.ts";
import type { DoctorCommand } from "./task.ts";

/** The row of `ior doctor`. */
export const DOCTOR = command({
  name: "doctor",
  summary: "check whether this machine can trace",
  about: [
    "Checks what tracing needs, one line each: the kernel and its features, libbpf, privileges, limits and namespaces. " +
    "`ok` is met; `degraded` costs something, as the line says; without what is `missing` nothing can be traced; `unknown` " +
    "cannot be told here. Last, it traces: it loads and attaches the programs, makes one call and looks for its row.",
    "Exits with 0 when ior can trace here, with 1 when it cannot. Needs no root to say what is missing.",
  ],
  options: [
    toggle({
      key: "json",
      long: "--json",
      group: "Output",
      summary: "one JSON document: `ior schema doctor`",
    }),
    ...HELP_OPTIONS,
  ],
  operands: { kind: "none" },
  examples: [
    ["ior doctor", "can this machine trace?"],
    ["ior doctor --json | jq .can_trace", "the same for scripts"],
  ],
  build: ({ json }): DoctorCommand => ({ kind: "doctor", json }),
  async run(task: DoctorCommand) {
    const { runDoctor } = await import("./run.ts");
    return await runDoctor(task);
  },
});
