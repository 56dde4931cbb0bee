import { ExitStatus } from "../../exit_status.ts";
import { HELP_OPTIONS } from "../../options/look_options.ts";
import { printOwn } from "../../say.ts";
import { command } from "../command.ts";
import { type CompletionsCommand, type Shell, SHELLS } from "./task.ts";

/** The row of `ior completions`. */
export const COMPLETIONS = command({
  name: "completions",
  summary: "print a completion script for a shell",
  about: [
    "Prints a script that completes ior's commands and options, and their values: families, kinds and names of calls, errors, " +
    "columns, formats, running processes, users and recordings. It needs neither ior nor a privilege while you type.",
    "bash: ior completions bash > ~/.local/share/bash-completion/completions/ior",
    "zsh: ior completions zsh > DIR/_ior, where DIR is one of $fpath",
    "fish: ior completions fish > ~/.config/fish/completions/ior.fish",
  ],
  options: HELP_OPTIONS,
  operands: { kind: "choice", what: "shell", choices: SHELLS },
  examples: [
    ["ior completions bash", "the script for bash"],
    ["ior completions zsh", "the script for zsh"],
    ["ior completions fish", "the script for fish"],
  ],
  build: (_values, { files: [shell] }): CompletionsCommand => ({
    kind: "completions",
    shell: shell as Shell,
  }),
  async run({ shell }: CompletionsCommand, all) {
    const { completionScript } = await import("./script.ts");
    printOwn(completionScript(shell, await all()));
    return ExitStatus.OK;
  },
});
