import { IorError } from "../../runtime/errors.ts";
import type { ColorMode } from "./defaults.ts";
import type { LOOK_OPTIONS } from "./look_options.ts";
import type { ValuesOf } from "./option.ts";

/** How every command prints. */
export interface LookOptions {
  /** Name of the output file, `null` for standard output. */
  output: string | null;
  /** When to colour text. */
  color: ColorMode;
  /** Only ASCII in text, whatever the locale. */
  ascii: boolean;
  /** Treat any loss as a failure. */
  strict: boolean;
  /** No progress and no warnings. */
  quiet: boolean;
  /** Details, also of errors. */
  verbose: boolean;
}

/** How to print. Throws a usage error for options that contradict each other. */
export function lookOptions(
  { color, ascii, strict, quiet, verbose }: ValuesOf<typeof LOOK_OPTIONS>,
  output: string | null,
): LookOptions {
  if (!quiet || !verbose) return { output, color, ascii, strict, quiet, verbose };
  throw new IorError(
    "usage",
    "Cannot use --quiet and --verbose together: one asks for less, one for more",
    { hint: "Leave one of them out" },
  );
}
