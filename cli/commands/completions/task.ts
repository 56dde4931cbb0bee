/** Shells that have completions. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@linkcode SHELLS}. */
export type Shell = typeof SHELLS[number];

/** What `ior completions` is asked to do. */
export interface CompletionsCommand {
  /** Tells the commands apart. */
  kind: "completions";
  shell: Shell;
}
