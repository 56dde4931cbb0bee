import { type CostRange, RECORDED_NS, REJECTED_NS } from "../../explain/costs.ts";
import type { Topic } from "./topic.ts";

const range = ([low, high]: CostRange) => `${low} to ${high} ns`;

/** `ior help overhead`. */
export const OVERHEAD: Topic = {
  name: "overhead",
  summary: "what tracing costs, and how to make it cost less",
  about: [
    "Each traced call takes a little longer, and ior itself uses part of a core, more with more rows. The line `cost` of a " +
    "report says what it was: CPU time and peak memory of ior, and the time per run of a kernel program.",
    "The figures below were measured in tight loops on a virtual machine with Linux 6.18; they compare better than they predict.",
  ],
  sections: () => [
    {
      title: "Added to a call",
      terms: [
        ["with a row", range(RECORDED_NS)],
        ["rejected at once", `${range(REJECTED_NS.enter)}: another process or call`],
        ["rejected by name", `${range(REJECTED_NS.thread)}: --comm`],
        ["rejected at the exit", `${range(REJECTED_NS.exit)}: --failed, --slower`],
        ["rejected by file", `${range(REJECTED_NS.file)}: --path`],
      ],
    },
    {
      title: "To make it cost less",
      notes: [
        "Name the process, the calls or the family: what is rejected early costs least. `ior trace --explain` says what is " +
        "decided where.",
        "--sample FS=100 sends one of a hundred calls as a row and adds up the others in the kernel; totals stay exact.",
        "A report costs less than rows in text, a recording or a flamegraph.",
        "While nothing is traced ior costs nothing: when it ends, nothing of it is left in the kernel.",
      ],
    },
  ],
};
