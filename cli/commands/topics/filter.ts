import { conditionNotes, selectionNotes } from "../notes.ts";
import type { Topic } from "./topic.ts";

/** `ior help filter`. */
export const FILTER: Topic = {
  name: "filter",
  summary: "which calls are traced: options, patterns and conditions",
  about: [
    "By default the calls of family FS are traced: of the command and its children, or of every process of the machine when " +
    "no command is given. Options narrow that, in the same way for a trace, a live view and a recording.",
    "The kernel decides as much of a selection as it can, before any work where possible: what it rejects costs little. " +
    "`ior trace --explain` with the options prints which part is decided where.",
  ],
  sections: (commands) => [selectionNotes(commands.find(({ name }) => name === "trace")!), conditionNotes()],
};
