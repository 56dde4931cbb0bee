/** How a flag is spelled in a table. */
const SHORT_FLAGS: Readonly<Record<string, string>> = { O_RDONLY: "r", O_WRONLY: "w", O_RDWR: "rw" };

/** Flags that say nothing of the access. */
const QUIET_FLAGS = ["O_CLOEXEC", "O_LARGEFILE"];

/** Flags of an open in short: `w,creat,trunc`; `-` when they are not known. */
export function flagsText(flags: string | null): string {
  if (flags === null) return "-";
  return flags.split("|").filter((flag) => !QUIET_FLAGS.includes(flag))
    .map((flag) => SHORT_FLAGS[flag] ?? flag.replace(/^O_/, "").toLowerCase()).join(",");
}
