/** The formats of flamegraphs, as data. */
import { IorError } from "../../runtime/errors.ts";
import { listOf } from "../../runtime/units.ts";

/** A format of flamegraphs. */
export interface FlameFormatInfo {
  name: string;
  /** Extension of file names of this format. */
  extension: string;
  /** Whether it can show the difference of two flamegraphs. */
  diff: boolean;
  /** Whether it has a caption with the facts of the run, its loss among them. */
  tellsRun: boolean;
}

/** All formats. */
export const FLAME_FORMATS = [
  {
    name: "html",
    extension: ".html",
    diff: true,
    tellsRun: true,
  },
  {
    name: "svg",
    extension: ".svg",
    diff: true,
    tellsRun: true,
  },
  {
    name: "folded",
    extension: ".folded",
    diff: true,
    tellsRun: false,
  },
  {
    name: "speedscope",
    extension: ".speedscope.json",
    diff: false,
    tellsRun: false,
  },
  {
    name: "text",
    extension: ".txt",
    diff: true,
    tellsRun: false,
  },
] as const satisfies readonly FlameFormatInfo[];

/** Name of a format. */
export type FlameFormat = typeof FLAME_FORMATS[number]["name"];

/** The format of this name. */
export function flameFormat(name: FlameFormat): FlameFormatInfo {
  return FLAME_FORMATS.find((format) => format.name === name)!;
}

/**
 * The format of a file name, by its extension. Throws an {@linkcode IorError} of code `usage` for any other extension.
 *
 * ```ts
 * import { formatOfName } from "./formats.ts";
 * formatOfName("before.folded"); // "folded"
 * ```
 */
export function formatOfName(path: string): FlameFormat {
  const format = FLAME_FORMATS.find(({ extension }) => path.endsWith(extension));
  if (format !== undefined) return format.name;
  const extensions = FLAME_FORMATS.map(({ extension }) => extension);
  throw new IorError(
    "usage",
    `Cannot tell the format of \`${path}\`: its name must end in ${listOf(extensions, "or")}`,
    { hint: `Name the format with --format, one of ${FLAME_FORMATS.map(({ name }) => name).join(", ")}` },
  );
}
