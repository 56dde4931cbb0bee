import { LOSS_KINDS, type LossKind } from "../../../runtime/loss.ts";
import type { Topic } from "./topic.ts";

/** What each kind means, and what to do. */
const MEANINGS: Readonly<Record<LossKind, string>> = {
  ring_full:
    "the buffer between kernel and ior was full: a larger --ring-size, a narrower selection, --auto-sample, or --no-rows",
  storage_full:
    "the kernel had no memory for a thread's state: fewer threads, or more memory for ior's group",
  skipped: "the kernel did not run a program: it was interrupted by another one of the same kind",
  compat_32bit: "calls of 32-bit programs on arm64, which are not decoded",
};

/** `ior help loss`. */
export const LOSS: Topic = {
  name: "loss",
  summary: "calls that were made and are not shown",
  about: [
    "Every output says whether calls were lost: none, a number, or unknown. Unknown is never shown as none. The calls of a " +
    "trace are those that are shown and those that are counted as lost, and no others.",
    "--strict ends with status 4 when calls were lost, or may have been, and when what counts the rows of a recording lacks " +
    "calls that were sampled away.",
  ],
  sections: () => [
    {
      title: "Kinds",
      terms: [
        ...LOSS_KINDS.map((kind) => [kind, MEANINGS[kind]] as const),
        ["not_shown", "ior was told to stop before these rows could be written"],
      ],
    },
    {
      title: "What is no loss",
      notes: [
        "Calls on [unknown]: the buffer had no room for the names of their files, or of their process, so they were added " +
        "up without these. They are in all totals, and outputs say how many they are: try a larger --ring-size.",
        "Calls that the kernel has added up, by itself or under --sample, --auto-sample and --no-rows: they are in all totals of the " +
        "trace. A recording has only the rows; what is made of it says how many calls have none.",
        "Segments that --keep has removed: outputs say which part of the run the rest covers.",
        "What was never a system call, see `ior help rows`.",
      ],
    },
  ],
};
