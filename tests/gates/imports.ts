import { posix } from "node:path";
import { blank } from "./blank.ts";
import { lineAt, type TextFile } from "./tree.ts";

/** One import, re-export, dynamic import, type import or `new URL(…, import.meta.url)`. */
export interface Import {
  /** As written. */
  specifier: string;
  /** Path from the project's root when the specifier is relative, else `null`. */
  target: string | null;
  line: number;
}

const FORMS = [
  // import … from "x", export … from "x"
  /\b(?:import|export)\b[^"'`;()]*?\bfrom\s*(["'])(?<specifier>[^"']+)\1/g,
  // import "x"
  /\bimport\s*(["'])(?<specifier>[^"']+)\1/g,
  // import("x"), also as a type; import.meta.resolve("x")
  /\bimport(?:\.meta\.resolve)?\s*\(\s*(["'`])(?<specifier>[^"'`]+)\1/g,
  // new URL("x", import.meta.url): workers and data files, which the module graph does not list
  /\bnew\s+URL\s*\(\s*(["'`])(?<specifier>[^"'`]+)\1\s*,\s*import\.meta\.url/g,
];

/** Everything `file` names for loading, type-only imports and workers included, in the order of the text. */
export function importsOf(file: TextFile): Import[] {
  const code = blank(file.text, { strings: false });
  return FORMS.flatMap((form) => [...code.matchAll(form)])
    .sort((a, b) => a.index - b.index)
    .map((match) => {
      const specifier = match.groups!.specifier;
      const relative = specifier.startsWith("./") || specifier.startsWith("../");
      return {
        specifier,
        target: relative ? posix.join(posix.dirname(file.path), specifier) : null,
        line: lineAt(code, match.index),
      };
    });
}
