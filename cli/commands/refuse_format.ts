import { IorError } from "../../runtime/errors.ts";
import type { Given } from "../options/refusals.ts";

/** Formats that are also programs. */
const PROGRAMS = ["strace"];

/** Refuses `-f FORMAT`: `-f` follows children, so that the format would be run. `formats` are those of the command. */
export function refuseFormat(
  given: Given,
  program: readonly string[] | null,
  formats: readonly string[],
  command: string,
): void {
  const name = program?.[0] ?? "";
  if (!given.has("--follow") || !formats.includes(name) || PROGRAMS.includes(name)) return;
  throw new IorError("usage", `Cannot run \`${name}\`: it is a format, and -f follows children`, {
    hint: `To choose the format: ior ${command} --format ${name}`,
  });
}
