import { ExitStatus } from "../../exit_status.ts";
import { HELP_OPTIONS } from "../../options/look_options.ts";
import { printOwn } from "../../say.ts";
import { command } from "../command.ts";
import { COMMAND_NAMES } from "../command_names.ts";
import { TOPICS } from "../topics/topics.ts";
import type { ManCommand } from "./task.ts";

/** Names of all pages; a topic with the name of a command is part of its page. */
const PAGES = ["ior", ...new Set([...COMMAND_NAMES, ...TOPICS.map(({ name }) => name)])];

/** The row of `ior man`. */
export const MAN = command({
  name: "man",
  summary: "print a manual page",
  about: [
    "Prints a manual page in the language of man(7). PAGE is ior, a command or a topic of `ior help`. To install " +
    "the pages of commands: ior man trace > /usr/local/share/man/man1/ior-trace.1",
  ],
  options: HELP_OPTIONS,
  operands: { kind: "choice", what: "page", choices: PAGES },
  examples: [
    ["ior man trace | man -l -", "read the page of a command"],
    ["ior man filter | man -l -", "read the page of a topic"],
  ],
  build: (_values, { files: [page] }): ManCommand => ({ kind: "man", page }),
  async run({ page }: ManCommand, all) {
    const { manualPage } = await import("./page.ts");
    printOwn(manualPage(page, await all(), TOPICS));
    return ExitStatus.OK;
  },
});
