import { isInStartDirectory } from "../../engine/files/named.ts";
import { resolvePathNames } from "../../runtime/filter/mod.ts";
import type { RunOptions } from "../options/mod.ts";
import { escapeText } from "../text/escape.ts";
import { say } from "../say.ts";

/**
 * Resolves the names of files in the selection, once, at the start: relative ones, and those that lead through a symbolic
 * link, which is reported on standard error.
 */
export function resolvePaths(run: Pick<RunOptions, "selection" | "quiet" | "ascii">): void {
  if (run.selection.where === null) return;
  const { filter, resolved } = resolvePathNames(run.selection, { directory: currentDirectory, realPath });
  run.selection = filter;
  if (run.quiet) return;
  for (const { name, realName } of resolved) {
    const [given, found] = [name, realName].map((path) => escapeText(path, { ascii: run.ascii }));
    say(`${given} is ${found}: both names are selected`);
  }
}

/** The working directory; `null` when it was removed or its name is not UTF-8. */
function currentDirectory(): string | null {
  if (!isInStartDirectory()) return null;
  try {
    return Deno.cwd();
  } catch {
    return null;
  }
}

function realPath(path: string): string | null {
  try {
    return Deno.realPathSync(path);
  } catch {
    return null;
  }
}
