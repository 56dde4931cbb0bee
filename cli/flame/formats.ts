/** The forms in which a flamegraph is written, as data. */
import { IorError } from "../../runtime/errors.ts";
import { listOf } from "../../runtime/units.ts";

/** A form of a flamegraph. */
export interface FlameFormatInfo {
  name: string;
  /** What a file name of this form ends in. */
  extension: string;
  /** Whether it can show the difference of two flamegraphs. */
  diff: boolean;
}

/** Every form. */
export const FLAME_FORMATS = [
  {
    name: "html",
    extension: ".html",
    diff: true,
  },
  {
    name: "svg",
    extension: ".svg",
    diff: true,
  },
  {
    name: "folded",
    extension: ".folded",
    diff: true,
  },
  {
    name: "speedscope",
    extension: ".speedscope.json",
    diff: false,
  },
  {
    name: "text",
    extension: ".txt",
    diff: true,
  },
] as const satisfies readonly FlameFormatInfo[];

/** Name of a form. */
export type FlameFormat = typeof FLAME_FORMATS[number]["name"];

/** The form called `name`. */
export function flameFormat(name: FlameFormat): FlameFormatInfo {
  return FLAME_FORMATS.find((format) => format.name === name)!;
}

/**
 * The form that a file name asks for by its end. Throws an {@linkcode IorError} of code `usage` when it asks for none.
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
